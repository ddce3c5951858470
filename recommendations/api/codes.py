"""Codes by which lists are narrowed: one that there is not is refused, and not an empty list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _

from recommendations.api.asked import wrong
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader
from recommendations.api.tables import BY_NAME
from recommendations.filters import in_area

NAMED = {
    "framework": "frameworks",
    "area": "areas",
    "action": "actions",
    "agency": "agencies",
    "group": "groups",
    "parent": "groups",
    "round": "rounds",
}
"""The resource whose code a parameter names."""


def refuse_unknown(reader: Reader, given: Mapping[str, str]) -> None:
    """Raise Refused for a code that none has whom the reader is shown; one query.

    One that is not for the reader is refused as one that there is not.
    """
    named = {name: code for name, code in given.items() if name in NAMED}
    if not named:
        return
    first, *others = (those_with(reader, name, code) for name, code in named.items())
    known = {name for (name,) in first.union(*others)}
    for name in named:
        if name not in known:
            raise none_with(name)


def none_with(name: str) -> Refused:
    """Return the refusal of a code that none has, with where those that there are stand."""
    where = f"{settings.BASE_URL}/api/v1/{NAMED[name]}/"
    words = _("There is none with this code. Take one of %(where)s")
    return wrong(name, words % {"where": where})


def those_with(reader: Reader, name: str, code: str) -> QuerySet[Any, Any]:
    """Return the parameter itself for each row that the reader is shown with a code."""
    rows = BY_NAME[NAMED[name]].rows(reader.roles).order_by()
    if name == "area":
        rows = rows.filter(in_area(code))
    else:
        rows = rows.filter(
            **{"slug__lower" if name == "framework" else "code__lower": code.lower()}
        )
    return rows.values_list(Value(name))
