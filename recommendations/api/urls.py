"""The addresses of the API: made from the tables of resources and transitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter

from recommendations.api.resources import Resource
from recommendations.api.tables import BY_NOUN, RESOURCES
from recommendations.api.tables.written import WRITTEN
from recommendations.api.views import schema
from recommendations.api.views.events import Events
from recommendations.api.views.evidence import Content, EvidenceAdd, EvidenceDetail
from recommendations.api.views.figures import FIGURES, Figures
from recommendations.api.views.history import History, Kinds
from recommendations.api.views.index import Index
from recommendations.api.views.jobs import JobContent
from recommendations.api.views.lists import Detail, Listing
from recommendations.api.views.nothing import Nothing
from recommendations.api.views.plain import Changing, Entering
from recommendations.api.views.reminding import Remind
from recommendations.api.views.reports import Checks, ReportNow, Reports
from recommendations.api.views.transitions import Transitions
from recommendations.api.views.writing import Draft, Verb
from recommendations.domain import workflow
from recommendations.domain.transition import Transition

V1 = "api/v1/"


class KeyConverter(StringConverter):
    """The codes in addresses: no database has to refuse the rest."""

    regex = r"[A-Za-z0-9._-]+"


register_converter(KeyConverter, "key")


DETAILS: dict[str, type[Detail]] = {"evidence": EvidenceDetail}
"""The resources of which one row takes more than reading."""


def key_of(resource: Resource) -> str:
    """Return how the address of one row carries its key."""
    return "<key:key>" if resource.by_code else "<int:key>"


def reading(resource: Resource) -> Iterator[URLPattern]:
    """Yield the addresses at which a resource is read."""
    given: dict[str, Any] = {"resource": resource, "public": resource.public}
    name, key = resource.name, key_of(resource)
    listing: type[Listing] = Listing
    detail = DETAILS.get(name, Detail)
    if name in WRITTEN:
        listing, detail = Entering, Changing
        given["written"] = WRITTEN[name]
    yield path(f"{V1}{name}/", listing.as_view(**given), name=f"api-{name}")
    yield path(f"{V1}{name}/{key}/", detail.as_view(**given), name=f"api-{name}-detail")


def doing(row: Transition[Any]) -> URLPattern:
    """Return the address at which a verb of the table is done."""
    name = BY_NOUN[row.noun].name
    view = Verb.as_view(noun=row.noun, verb=row.verb)
    return path(f"{V1}{name}/<int:key>/{row.verb}/", view, name=f"api-{name}-{row.verb}")


routes: list[URLPattern] = [
    path(V1, Index.as_view(), name="api-index"),
    *(route for one in RESOURCES for route in reading(one)),
    *(doing(row) for row in workflow.TABLE),
    path(f"{V1}updates/<int:key>/draft/", Draft.as_view(), name="api-updates-draft"),
    path(f"{V1}updates/<int:key>/evidence/", EvidenceAdd.as_view(), name="api-updates-evidence"),
    path(f"{V1}rounds/<int:key>/remind/", Remind.as_view(), name="api-rounds-remind"),
    path(f"{V1}evidence/<int:key>/content/", Content.as_view(), name="api-evidence-content"),
    path(f"{V1}reports/", Reports.as_view(), name="api-reports"),
    path(f"{V1}reports/check/", Checks.as_view(), name="api-reports-check"),
    path(f"{V1}reports/<key:key>/", ReportNow.as_view(), name="api-reports-detail"),
    path(f"{V1}jobs/<int:key>/content/", JobContent.as_view(), name="api-jobs-content"),
    path(f"{V1}transitions/", Transitions.as_view(), name="api-transitions"),
    path(f"{V1}schema/", schema.Schema.as_view(), name="api-schema"),
    path("api/docs/", schema.reference, name="api-docs"),
    path("api/docs/errors/", schema.refusals, name="api-errors"),
    path(f"{V1}events/", Events.as_view(), name="api-events"),
    path(f"{V1}history/", Kinds.as_view(), name="api-history"),
    path(f"{V1}history/<key:kind>/<int:key>/", History.as_view(), name="api-history-detail"),
    *(
        path(
            f"{V1}figures/{name}/",
            Figures.as_view(name=name, public=made.public),
            name=f"api-figures-{name}",
        )
        for name, made in FIGURES.items()
    ),
]
"""Every address that answers with something."""


def nested(patterns: list[URLPattern]) -> list[URLResolver]:
    """Return the same addresses behind what each begins with: a request is compared with few."""
    behind: dict[str, list[URLPattern]] = {}
    for one in patterns:
        route = str(one.pattern)
        word, slash, _rest = route.removeprefix(V1).partition("/")
        first = f"{V1}{word}{slash}" if route.startswith(V1) else route
        rest = path(route.removeprefix(first), one.callback, one.default_args, one.name)
        behind.setdefault(first, []).append(rest)
    return [path(first, include(found)) for first, found in behind.items()]


urlpatterns = [*nested(routes), re_path(r"^api/v1(?:/(?P<rest>.*))?$", Nothing.as_view())]
