"""The history of an object: who did what, when and why, as its page tells it to the same reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agencies.access import NOBODY
from recommendations.api.accepted import CSV, JSON
from recommendations.api.asked import limit_in, single, unknown, wrong
from recommendations.api.columns import Column, Kind
from recommendations.api.lines import LONGEST_FILE, sheet
from recommendations.api.narrowing import narrowed_by
from recommendations.api.reader import SignInNeeded
from recommendations.api.tables import RESOURCES
from recommendations.api.views.base import View
from recommendations.domain import logs
from recommendations.reporting.facts import Scope
from recommendations.reporting.history import table
from recommendations.reporting.history.entries import Entry, kind_in_words, name_of
from recommendations.reporting.history.narrowing import Narrowed
from recommendations.reporting.history.places import Place, UnusablePlace, place_of
from recommendations.reporting.history.told import (
    FILTERS,
    Told,
    has_public_side,
    not_narrowed_by,
    readable,
)
from recommendations.reporting.moments import moment_of

KIND: tuple[Column, ...] = (
    Column("kind", "its name in addresses of histories, and in events"),
    Column("title", "what people call it"),
    Column("resource", "the list that has its numbers; null where there is none", empty=True),
    Column("public", "everybody reads what was public of it", Kind.BOOLEAN),
    Column("parts", "parts=yes tells of what belongs to it as well", Kind.BOOLEAN),
)
ENTRY: tuple[Column, ...] = (
    Column("key", "its place in the history"),
    Column("at", "when", Kind.MOMENT),
    Column("what", "what was done, in words"),
    Column("verb", "the same as the filter takes it"),
    Column("kind", "kind of the object to which it was done"),
    Column("object", "number of that object", Kind.INTEGER),
    Column("about", "what that object is called"),
    Column("who", "name of the person; null in what was public", empty=True),
    Column("on_behalf_of", "for whom it was entered; null in what was public", empty=True),
    Column("why", "the reason that was given; null in what was public", empty=True),
)
"""What is told of an entry beside the fields that changed."""
CHANGE: tuple[Column, ...] = (
    Column("field", "its name, the same in every language"),
    Column("label", "what people call it"),
    Column("before", "what it held, in words; empty where it began"),
    Column("after", "what it held then, in words; empty for nothing"),
)
WHOLE = "yes"
"""What `parts` says for an object with what belongs to it."""
PARAMETERS = ("as_of", *FILTERS, "after", "limit")


class Kinds(View):
    """The kinds of objects that have a history."""

    forms = (JSON, CSV)
    public = True

    def get(self, request: Request) -> HttpResponseBase:
        """Return each, with the list that has the numbers of its objects."""
        single(request.query_params, ())
        rows = [kind_told(*one) for one in logs.kinds().items()]
        if self.form == CSV:
            return sheet("history", [one.name for one in KIND], rows)
        return self.answered({"results": rows})


@cache
def lists() -> dict[type[Any], str]:
    """Return the list that has the objects of a model."""
    return {one.rows(NOBODY).model: one.name for one in RESOURCES}


def kind_told(kind: str, model: type[Any]) -> dict[str, Any]:
    """Return what is told of a kind."""
    return {
        "kind": kind,
        "title": kind_in_words(kind),
        "resource": lists().get(model),
        "public": has_public_side(kind),
        "parts": issubclass(model, logs.WITH_PARTS),
    }


class History(View):
    """The history of one object, newest first."""

    forms = (JSON, CSV)
    public = True
    cost = 5

    def get(self, request: Request, kind: str, key: int) -> HttpResponseBase:
        """Return a page of what happened; all of it as CSV where that is asked for."""
        if self.reader.roles.user_id is None and kind in logs.kinds() and not has_public_side(kind):
            raise SignInNeeded
        given = single(request.query_params, PARAMETERS)
        told = self.told(kind, key, given)
        by, after, limit = narrowed_in(given, told), place_in(given), limit_in(given)
        if self.form == CSV:
            names = table.header(told)
            lines = islice(table.lines(told, by), LONGEST_FILE)
            rows = (dict(zip(names, line, strict=True)) for line in lines)
            return sheet(f"history-{kind}-{key}", names, rows)
        page = told.page(by, limit=limit, older=after)
        subject = name_of(told.subject)
        body = {
            "kind": kind,
            "object": key,
            "about": subject,
            "scope": Scope.INSIDE if told.inside else Scope.PUBLIC,
            "as_of": told.as_of if given.get("as_of") else None,
            "next": self.address_after(request, page.older),
            "results": [entry_told(one, subject, inside=told.inside) for one in page.entries],
        }
        return self.answered(body)

    def told(self, kind: str, key: int, given: Mapping[str, str]) -> Told:
        """Return the history as of the moment that is asked for; 404 where there is none."""
        roles = self.reader.roles
        found = readable(roles, kind, key) if kind in logs.kinds() else None
        if found is None:
            raise Http404
        as_of = moment_of(given.get("as_of"), self.reader.at)
        return found.at(as_of, parts=given.get("parts") == WHOLE)


def narrowed_in(given: Mapping[str, str], told: Told) -> Narrowed:
    """Return what the filters leave; those of the page, and no other values. Raises Refused."""
    for name in FILTERS:
        if name in given and name not in told.filters:
            raise wrong(name, not_narrowed_by(name))
    if given.get("parts") and given["parts"] != WHOLE:
        raise unknown("parts", given["parts"], [WHOLE])
    by = narrowed_by(given)
    if by.person is not None and by.person not in dict(told.people):
        raise wrong("person", _("Nobody with this number did anything here."))
    if by.verb and by.verb not in dict(told.verbs):
        raise unknown("verb", by.verb, [*dict(told.verbs)])
    return by


def place_in(given: Mapping[str, str]) -> Place | None:
    """Return the place below which the page begins, None for the newest entry. Raises Refused."""
    try:
        return place_of(given["after"]) if given.get("after") else None
    except UnusablePlace as problem:
        raise wrong("after", str(problem)) from problem


def entry_told(entry: Entry, subject: str, *, inside: bool) -> dict[str, Any]:
    """Return what is told of an entry; the public is told of no person and no reason."""
    return {
        "key": entry.key,
        "at": entry.at,
        "what": entry.words,
        "verb": entry.verb,
        "kind": entry.kind,
        "object": entry.number,
        "about": entry.about or subject,
        "who": entry.who if inside else None,
        "on_behalf_of": entry.on_behalf_of if inside else None,
        "why": entry.why if inside else None,
        "changes": [
            {"field": one.name, "label": one.label, "before": one.before, "after": one.after}
            for one in entry.changes
        ],
    }
