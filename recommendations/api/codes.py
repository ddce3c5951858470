"""Codes by which lists are narrowed: one that there is not is refused, and not an empty list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _

from recommendations.api.asked import Asked, wrong
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader
from recommendations.api.resources import Resource
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


def refuse_unknown(resource: Resource, reader: Reader, asked: Asked) -> None:
    """Raise Refused for a code that none has whom the reader is shown; one query.

    One that is not for the reader is refused as one that there is not.
    """
    named = {name: one for name in asked.codes if (one := resource_of(name, resource))}
    if not named:
        return
    first, *others = (those_with(name, one, reader, asked) for name, one in named.items())
    known = {name for (name,) in first.union(*others)}
    for name, one in named.items():
        if name not in known:
            raise none_with(name, one.name)


def resource_of(name: str, listed: Resource) -> Resource | None:
    """Return the resource whose code a parameter of a list names: `code` is that of its rows."""
    return listed if name == "code" else BY_NAME.get(NAMED.get(name, ""))


def none_with(name: str, resource: str) -> Refused:
    """Return the refusal of a code that none has, with where those that there are stand."""
    where = f"{settings.BASE_URL}/api/v1/{resource}/"
    words = _("There is none with this code. Take one of %(where)s")
    return wrong(name, words % {"where": where})


def those_with(name: str, of: Resource, reader: Reader, asked: Asked) -> QuerySet[Any, Any]:
    """Return the parameter itself for each row that the reader is shown with its code."""
    rows, code = of.rows(reader.roles).order_by(), asked.codes[name]
    if name in asked.shared and name == "area":
        rows = rows.filter(in_area(code))
    else:
        key = "slug__lower" if name == "framework" else "code__lower"
        rows = rows.filter(**{key: code.lower()})
    return rows.values_list(Value(name))
