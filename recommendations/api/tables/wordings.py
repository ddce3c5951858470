"""How everything public was worded or called, and since when: what pages of earlier days show."""

from __future__ import annotations

from agencies.models import AgencyName, GroupName, WorkingGroup
from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import Order, Resource, code, moment, number, text, word, yes
from recommendations.api.tables.reference import ITS_FRAMEWORK, in_framework
from recommendations.models import ActionWording, AreaWording, FrameworkWording

RECORDED = {"recorded_at": Order(("recorded_at",), "by the moment from which it holds")}
HOLDS_FROM = moment("recorded_at", "from when it holds, until the next one of the same")

FRAMEWORK_WORDINGS = Resource(
    name="framework-wordings",
    title="Wordings of frameworks",
    meaning="How a framework was titled from a moment on. The first says since when there is one.",
    rows=lambda roles: FrameworkWording.objects.all(),
    public=True,
    orders=RECORDED,
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        text("title", "full title"),
        text("short_title", "short title"),
        HOLDS_FROM,
    ),
    filters=(in_framework("framework"),),
)

AREA_WORDINGS = Resource(
    name="area-wordings",
    title="Wordings of areas",
    meaning="How a priority area was worded from a moment on.",
    rows=lambda roles: AreaWording.objects.all(),
    public=True,
    orders=RECORDED,
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of its framework", "area__framework__slug"),
        code("area", "code of the area", "area__code"),
        text("title", "title"),
        text("statement", "statement of the source"),
        HOLDS_FROM,
    ),
    filters=(
        in_framework("area__framework"),
        Filter("area", "of the area with this code", Kind.CODE, "area__code"),
    ),
)

ACTION_WORDINGS = Resource(
    name="action-wordings",
    title="Wordings of actions",
    meaning="How an action was worded from a moment on.",
    rows=lambda roles: ActionWording.objects.all(),
    public=True,
    orders=RECORDED,
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of its framework", "action__framework__slug"),
        code("action", "code of the action", "action__code"),
        text("official_text", "text of the source, to the letter"),
        text("short_title", "short title"),
        HOLDS_FROM,
    ),
    filters=(
        in_framework("action__framework"),
        Filter("action", "of the action with this code", Kind.CODE, "action__code"),
    ),
)

AGENCY_NAMES = Resource(
    name="agency-names",
    title="Names of agencies",
    meaning="What an agency was called from a moment on, under which code, and whether active.",
    rows=lambda roles: AgencyName.objects.all(),
    public=True,
    orders=RECORDED,
    columns=(
        number("id", "number in addresses"),
        code("agency", "code of the agency today", "agency__code"),
        code("code", "code that it had"),
        text("acronym", "acronym"),
        text("name", "full name"),
        yes("active", "could be asked to do something"),
        HOLDS_FROM,
    ),
    filters=(Filter("agency", "of the agency with this code", Kind.CODE, "agency__code"),),
)

GROUP_NAMES = Resource(
    name="group-names",
    title="Names of groups",
    meaning="What a group was called from a moment on, of which kind it was, and of what a part.",
    rows=lambda roles: GroupName.objects.all(),
    public=True,
    orders=RECORDED,
    columns=(
        number("id", "number in addresses"),
        code("group", "code of the group", "group__code"),
        text("name", "name"),
        word("kind", "kind", WorkingGroup.Kind),
        code("parent", "code of the group to which it belonged", "parent__code", empty=True),
        HOLDS_FROM,
    ),
    filters=(Filter("group", "of the group with this code", Kind.CODE, "group__code"),),
)
