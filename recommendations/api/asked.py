"""What the address of a list asks for: filters, order, page, fields; nothing unknown passes."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.api.columns import Column, Kind, Unreadable, refuse_unstorable, value_of
from recommendations.api.cursors import Sorting, sorting_of
from recommendations.api.problems import Refused
from recommendations.api.resources import Resource

PAGE, LARGEST_PAGE = 50, 200
"""Rows on a page, unless `limit` says otherwise, and at most."""
PAGING = ("ordering", "after", "limit", "fields")
EVERYWHERE = ("lang",)


@dataclass(frozen=True)
class Asked:
    """A list as it was asked for; `counted` where the counters tell whether it changed.

    `codes` are those by which it is narrowed, by parameter.
    """

    conditions: Mapping[str, Any]
    shared: Mapping[str, Any]
    sorting: Sorting
    after: str
    limit: int
    columns: tuple[Column, ...]
    counted: bool = True
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_pattern(self) -> bool:
        """Say whether words are sought inside a text: the database gets them as a pattern."""
        return any(name.endswith("__icontains") for name in self.conditions)


def asked_of(resource: Resource, query: QueryDict) -> Asked:
    """Return what the parameters of a list say. Raises Refused (HTTP 400)."""
    known = [*(one.name for one in resource.filters), *PAGING]
    given = single(query, known)
    wanted = given.get("ordering") or resource.order
    name = wanted.removeprefix("-")
    if name not in resource.orderings:
        raise unknown("ordering", name, resource.orderings)
    values = {
        one: read(one.name, given[one.name], one.kind, one.choices)
        for one in resource.filters
        if given.get(one.name)
    }
    return Asked(
        conditions={
            one.condition: one.compared(value) for one, value in values.items() if not one.shared
        },
        shared={one.name: value for one, value in values.items() if one.shared},
        sorting=sorting_of(wanted, resource.orderings[name]),
        after=given.get("after", ""),
        limit=limit_in(given),
        columns=chosen(resource.columns, given.get("fields", "")),
        counted=all(one.counted for one in values),
        codes={one.name: value for one, value in values.items() if one.kind is Kind.CODE},
    )


def single(query: QueryDict, known: Sequence[str]) -> dict[str, str]:
    """Return the parameters, each given once and known. Raises Refused (HTTP 400)."""
    known = (*known, *EVERYWHERE)
    given = {}
    for name, values in query.lists():
        if name not in known:
            raise unknown_parameter(name, known)
        if len(values) != 1:
            message = _("“%(name)s” stands in the address more than once. Give it once.")
            raise wrong(name, message % {"name": name})
        given[name] = str(values[0])
        try:
            refuse_unstorable(given[name])
        except Unreadable as problem:
            raise wrong(name, str(problem)) from problem
    refuse_language(given.get("lang", ""))
    return given


def refuse_language(code: str) -> None:
    """Raise Refused for a language in which nothing is told."""
    if not code:
        return
    try:
        translation.get_supported_language_variant(code.lower())
    except LookupError:
        raise unknown("lang", code, dict(settings.LANGUAGES)) from None


def read(name: str, text: str, kind: Kind, choices: Any = None) -> Any:
    """Return the value of a parameter. Raises Refused (HTTP 400)."""
    try:
        return value_of(text, kind, choices)
    except Unreadable as problem:
        raise wrong(name, str(problem)) from problem


def limit_in(given: Mapping[str, str]) -> int:
    """Return how many rows the page is to have."""
    if not given.get("limit"):
        return PAGE
    limit = read("limit", given["limit"], Kind.INTEGER)
    if not 1 <= limit <= LARGEST_PAGE:
        raise wrong("limit", _("Write a number from 1 to %(most)d.") % {"most": LARGEST_PAGE})
    return int(limit)


def chosen(columns: tuple[Column, ...], text: str) -> tuple[Column, ...]:
    """Return the columns that `fields` names, all without it."""
    if not text:
        return columns
    names = {one.name for one in columns}
    wanted = text.split(",")
    for name in wanted:
        if name not in names:
            raise unknown("fields", name, names)
    return tuple(one for one in columns if one.name in wanted)


def unknown_parameter(name: str, known: Collection[str]) -> Refused:
    """Return the refusal of a parameter that there is not, with the nearest that there is."""
    words = {"name": shortened(name), "known": ", ".join(sorted(known))}
    nearest = nearest_to(name, known)
    message = _("There is no parameter “%(name)s”. There are: %(known)s.") % words
    if nearest:
        message = _("There is no parameter “%(name)s”. Did you mean “%(nearest)s”?") % {
            **words,
            "nearest": nearest,
        }
    return Refused("unknown-parameter", message, nearest=nearest, known=sorted(known))


def unknown(parameter: str, name: str, known: Collection[str]) -> Refused:
    """Return the refusal of a name that a parameter does not take."""
    nearest = nearest_to(name, known)
    words = {"name": shortened(name), "known": ", ".join(sorted(known)), "nearest": nearest}
    message = _("“%(name)s” is none of: %(known)s.") % words
    if nearest:
        message = _("There is no “%(name)s”. Did you mean “%(nearest)s”?") % words
    return wrong(parameter, message)


def nearest_to(name: str, known: Collection[str]) -> str:
    """Return the name that was probably meant, or nothing."""
    written = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(shortened(name).casefold(), written, n=1)
    return written[found[0]] if found else ""


def shortened(name: str) -> str:
    """Return the beginning of what somebody sent, to be shown to them."""
    return name[:40]


def wrong(name: str, message: str) -> Refused:
    """Return the refusal of the value of a parameter or field."""
    return Refused("unusable-value", message, fields={name: message})
