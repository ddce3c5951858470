"""What everybody may read: the frameworks and their parts, the agencies and their groups."""

from __future__ import annotations

from agencies import succession
from agencies.models import Agency, GroupMembership, WorkingGroup
from recommendations.api.columns import Audience, Filter, Kind
from recommendations.api.resources import Order, Resource, code, day, number, text, word, yes
from recommendations.api.tables.shared import OF_ACTIONS, narrow_actions
from recommendations.models import Action, Framework, Passage, PriorityArea, Question

VERSION = number("version", "rises with every change of it")
ITS_FRAMEWORK = code("framework", "address of its framework", "framework__slug")


def in_framework(path: str) -> Filter:
    """Return the filter by the address of a framework, which stands at this path."""
    return Filter("framework", "of the framework with this address", Kind.CODE, f"{path}__slug")


FRAMEWORKS = Resource(
    name="frameworks",
    title="Frameworks",
    meaning="A set of recommendations that agencies follow up together.",
    rows=lambda roles: Framework.objects.all(),
    key="slug",
    public=True,
    tag=("version",),
    columns=(
        number("id", "number, as events and histories name it"),
        code("slug", "its address, which every other resource calls framework"),
        text("title", "full title"),
        text("short_title", "short title"),
        text("source", "document in which it stands"),
        text("mandate", "mandate on which it rests"),
        text("endorsement", "who endorsed it"),
        day("endorsed_on", "day of the endorsement", empty=True),
        yes("is_default", "shown where no framework is named"),
        VERSION,
    ),
)

AREAS = Resource(
    name="areas",
    title="Priority areas",
    meaning="An area under which actions of a framework stand.",
    rows=lambda roles: PriorityArea.objects.all(),
    public=True,
    tag=("version",),
    order="place",
    orders={"place": Order(("framework_id", "order"), "as the source sorts them")},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        code("code", "code, unique in its framework"),
        text("title", "title"),
        text("statement", "statement of the source"),
        number("order", "place in the source"),
        number("passage", "number of the passage of the source", "passage__number", empty=True),
        VERSION,
    ),
    filters=(in_framework("framework"), Filter("code", "with this code", Kind.CODE)),
)

ACTIONS = Resource(
    name="actions",
    title="Actions",
    meaning="A select action or select issue. Where it stands is told by the figures.",
    rows=lambda roles: Action.objects.all(),
    noun="action",
    framework="framework_id",
    public=True,
    tag=("version",),
    order="place",
    orders={
        "place": Order(("framework_id", "area__order", "order"), "as the source sorts them"),
        "code": Order(("code",), "by code"),
    },
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        code("area", "code of its priority area", "area__code"),
        code("code", "code, unique in its framework"),
        word("kind", "action or issue", Action.Kind),
        text("official_text", "text of the source, to the letter"),
        text("short_title", "short title"),
        number("order", "place in its area"),
        number("passage", "number of the passage of the source", "passage__number", empty=True),
        VERSION,
    ),
    filters=(
        in_framework("framework"),
        Filter("area", "of the area with this code", Kind.CODE, "area__code"),
        Filter("code", "with this code", Kind.CODE),
        Filter("kind", "of this kind", Kind.WORD, choices=Action.Kind),
        *OF_ACTIONS,
    ),
    narrow=narrow_actions,
)

PASSAGES = Resource(
    name="passages",
    title="Passages",
    meaning="A paragraph or list entry of the source, numbered from 1 in its order.",
    rows=lambda roles: Passage.objects.all(),
    public=True,
    order="place",
    orders={"place": Order(("framework_id", "number"), "as they stand in the source")},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        number("number", "number in the source, from 1"),
        text("section", "heading under which it stands"),
        word("kind", "paragraph or list entry", Passage.Kind),
        text("marker", "mark of a list entry, such as (a)"),
        text("text", "text, to the letter"),
    ),
    filters=(
        in_framework("framework"),
        Filter("number", "with this number", Kind.INTEGER),
        Filter("kind", "of this kind", Kind.WORD, choices=Passage.Kind),
        Filter("q", "that hold these words", Kind.TEXT, "text", "icontains"),
    ),
)

QUESTIONS = Resource(
    name="questions",
    title="Questionnaire",
    meaning="A question that each agency answers. A round keeps the wording it opened with.",
    rows=lambda roles: Question.objects.all(),
    public=True,
    tag=("version",),
    order="place",
    orders={"place": Order(("framework_id", "number"), "as they are asked")},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        number("number", "number; the answer is kept as q and this number"),
        text("heading", "heading"),
        text("text", "the question"),
        yes("asked", "asked in coming rounds"),
        number("passage", "number of the passage of the source", "passage__number", empty=True),
        VERSION,
    ),
    filters=(in_framework("framework"), Filter("asked", "asked in coming rounds", Kind.BOOLEAN)),
)

AGENCIES = Resource(
    name="agencies",
    renamed=succession.code_today,
    title="Agencies",
    meaning="An agency, or another contributor, that can be answerable for an action.",
    rows=lambda roles: Agency.objects.all(),
    key="code",
    agency="id",
    public=True,
    tag=("version",),
    order="acronym",
    orders={"acronym": Order(("sort_key",), "by acronym, capitals or not")},
    columns=(
        number("id", "number, as events name it"),
        code("code", "its address, never given to another"),
        text("acronym", "acronym"),
        text("name", "full name"),
        text("aliases", "other names"),
        word("category", "what it is to the group", Agency.Category),
        yes("counted", "stands in the denominators; a contributor does not"),
        yes("active", "can be asked to do something"),
        code(
            "merged_into", "code of the agency of which it is part", "merged_into__code", empty=True
        ),
        yes(
            "clears_before_sending",
            "a clearing officer reads each text before it is sent",
            empty=True,
            audience=Audience.INSIDE,
        ),
        VERSION,
    ),
    filters=(
        Filter("category", "of this category", Kind.WORD, choices=Agency.Category),
        Filter("counted", "that stand in the denominators", Kind.BOOLEAN),
        Filter("active", "that can be asked to do something", Kind.BOOLEAN),
    ),
)

GROUPS = Resource(
    name="groups",
    title="Groups",
    meaning="A group of agencies: the inter-agency group, its working groups, its task forces.",
    rows=lambda roles: WorkingGroup.objects.all(),
    key="code",
    public=True,
    tag=("version",),
    columns=(
        number("id", "number, as events and histories name it"),
        code("code", "its address"),
        text("name", "name"),
        word("kind", "kind", WorkingGroup.Kind),
        code("parent", "code of the group to which it belongs", "parent__code", empty=True),
        code("predecessor", "code of the group that it follows", "predecessor__code", empty=True),
        text("since", "since when, as the source says"),
        text("until", "until when, as the source says"),
        text("note", "note"),
        text("source", "where the source says so"),
        VERSION,
    ),
    filters=(
        Filter("kind", "of this kind", Kind.WORD, choices=WorkingGroup.Kind),
        Filter("parent", "that belong to this group", Kind.CODE, "parent__code"),
    ),
)

GROUP_MEMBERSHIPS = Resource(
    name="group-memberships",
    title="Group memberships",
    meaning="The place of an agency in a group.",
    rows=lambda roles: GroupMembership.objects.all(),
    public=True,
    tag=("version",),
    columns=(
        number("id", "number in addresses"),
        code("group", "code of the group", "group__code"),
        code(
            "agency",
            "code of the agency; null where the source lists nobody",
            "agency__code",
            empty=True,
        ),
        word("role", "role", GroupMembership.Role),
        day("from_on", "first day", empty=True),
        day("until_on", "last day", empty=True),
        VERSION,
    ),
    filters=(
        Filter("group", "of this group", Kind.CODE, "group__code"),
        Filter("agency", "of this agency", Kind.CODE, "agency__code"),
        Filter("role", "in this role", Kind.WORD, choices=GroupMembership.Role),
    ),
)
