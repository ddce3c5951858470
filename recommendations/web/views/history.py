"""The history of an object: who did what, when and why, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Agency, Versioned
from recommendations.domain import logs
from recommendations.models import Assignment
from recommendations.reporting.history import pages, table
from recommendations.reporting.history.entries import kind_in_words
from recommendations.reporting.history.places import Place, UnusablePlace, place_of
from recommendations.reporting.history.told import (
    FILTERS,
    Told,
    has_public_side,
    not_narrowed_by,
    readable,
)
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.forms.history import HistoryForm
from recommendations.web.history.export import streamed
from recommendations.web.history.links import address_of, linked
from recommendations.web.position import moment_in
from recommendations.web.visitor import signed_in, visitor


@dataclass(frozen=True)
class Asked:
    """A history as an address asks for it; `chosen` is the moment that it names, if it does."""

    request: HttpRequest
    told: Told
    chosen: str

    @cached_property
    def form(self) -> HistoryForm:
        """Return the filters, with the people and verbs that occur."""
        given, told = self.request.GET, self.told
        for name in FILTERS:
            if name in given and name not in told.filters:
                raise UnusableAddress(not_narrowed_by(name), name=name)
        people = told.people if told.inside else None
        parts = "parts" in told.filters
        return HistoryForm(given, people=people, verbs=told.verbs, parts=parts)


def asked(request: HttpRequest, kind: str, pk: int) -> Asked:
    """Return the history that a person asks for; 404 where for them there is none."""
    if kind not in logs.kinds():
        raise Http404
    who = visitor(request) if has_public_side(kind) else signed_in(request)
    found = readable(who.roles, kind, pk)
    if found is None:
        raise Http404
    as_of, chosen = moment_in(request)
    parts = request.GET.get("parts") == "yes"
    return Asked(request, found.at(as_of, parts=parts), chosen)


def place_in(request: HttpRequest, name: str) -> Place | None:
    """Return the place that a parameter names, if it does; 400 where it is none."""
    given = request.GET.get(name, "")
    try:
        return place_of(given) if given else None
    except UnusablePlace as problem:
        raise UnusableAddress(str(problem), name=name) from None


@takes("as_of", "before", "after", *FILTERS)
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show what happened to an object, newest first, as far as the reader may know it."""
    found = asked(request, kind, pk)
    form, told, given = found.form, found.told, request.GET
    sound = form.is_valid()
    page = pages.Page([])
    if sound:
        where = {"older": place_in(request, "before"), "newer": place_in(request, "after")}
        page = told.page(form.narrowed, limit=pages.PAGE, **where)
    filtered = [(name, given[name]) for name in FILTERS if given.get(name)]
    moment = [("as_of", f"{told.as_of:%Y-%m-%dT%H:%M}")] if found.chosen else []
    export_url = reverse("history-export", kwargs={"kind": kind, "pk": pk})
    context = {
        "subject": told.subject,
        "kind": kind_in_words(kind),
        "inside": told.inside,
        "as_of": told.as_of,
        "chosen": found.chosen,
        "typed": f"{told.as_of:%Y-%m-%dT%H:%M}",
        "form": form,
        "kept": moment,
        "filtered": filtered,
        "clear_url": with_query(request.path, moment) if filtered else "",
        "present_url": with_query(request.path, filtered),
        "entries": [linked(entry) for entry in page.entries],
        "next_url": at_place(request, "before", page.older),
        "previous_url": at_place(request, "after", page.newer),
        "export_url": with_query(export_url, [*filtered, *moment]),
        "crumbs": crumbs(told.subject, inside=told.inside),
    }
    status = 200 if sound else 400
    return render(request, "recommendations/history.html", context, status=status)


def at_place(request: HttpRequest, name: str, key: str) -> str:
    """Return the address of the page at a place, "" where there is none."""
    if not key:
        return ""
    kept = [(n, str(v)) for n, v in request.GET.items() if n not in ("before", "after")]
    return with_query(request.path, [*kept, (name, key)])


def crumbs(subject: Versioned, *, inside: bool) -> list[tuple[str, str]]:
    """Return the way to the history: by the page of its object, of which a reader may have none.

    What an agency has left has its action.
    """
    if isinstance(subject, Assignment) and not inside and not subject.is_active:
        subject = subject.action
    url = address_of(subject)
    if isinstance(subject, Agency):
        url = reverse("short", kwargs={"rest": f"agencies/{subject.code}/"})
    return [*([(str(subject), url)] if url else []), (_("History"), "")]


@takes("as_of", *FILTERS)
def history_export(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Send the entries that the filters show as CSV; 400 for a filter that is none."""
    found = asked(request, kind, pk)
    if not found.form.is_valid():
        name, problems = next(iter(found.form.errors.items()))
        raise UnusableAddress(str(problems[0]), name=name)
    lines = table.lines(found.told, found.form.narrowed)
    return streamed(table.header(found.told), lines, name=f"history-{kind}-{pk}")
