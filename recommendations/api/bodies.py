"""The bodies of requests: JSON that says what it is, or a refusal that names the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from recommendations.api.asked import nearest_to, shortened, unknown, wrong
from recommendations.api.columns import LARGEST, Kind, Unreadable, refuse_unstorable, value_of
from recommendations.api.facts import Fact
from recommendations.api.problems import Refused
from recommendations.domain.transition import RequirementMissing

SAME = ("note", "reason", "comment")
"""What people call the words that they say with a change; a body takes one of them."""
KINDS: dict[Kind, str] = {
    Kind.INTEGER: "a whole number",
    Kind.BOOLEAN: "true or false",
    Kind.OBJECT: "an object",
}


def body_of(request: Request) -> Mapping[str, Any]:
    """Return the JSON object that a request carries; an empty body is an empty object."""
    _whole = request._request.body  # read here, so that its size is limited
    try:
        given = request.data
        refuse_deep(given)
    except RecursionError:
        raise unreadable(_("This is nested too deeply.")) from None
    if not isinstance(given, Mapping):
        raise unreadable(_("Send one JSON object."))
    return dict(given)


def unreadable(message: str) -> Refused:
    """Return the refusal of a body that cannot be used as a whole."""
    return Refused("unreadable-body", message)


def refuse_deep(value: Any, depth: int = 0) -> None:
    """Refuse texts that no database keeps, wherever they stand, and what is nested too deeply."""
    if depth > 6:
        raise unreadable(_("This is nested too deeply."))
    if isinstance(value, str):
        try:
            refuse_unstorable(value)
        except Unreadable as problem:
            raise unreadable(str(problem)) from problem
    elif isinstance(value, Mapping):
        for name, one in value.items():
            refuse_deep(name, depth)
            refuse_deep(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            refuse_deep(one, depth + 1)


def refuse_unknown(given: Collection[str], known: Collection[str]) -> None:
    """Raise Refused for a name that the body does not take, with the nearest that it does."""
    for name in given:
        if name not in known:
            nearest = same_as(name, known) or nearest_to(name, known)
            words = {"name": shortened(name), "nearest": nearest, "known": ", ".join(known)}
            message = _("There is no field “%(name)s”. There are: %(known)s.") % words
            if nearest:
                message = _("There is no field “%(name)s”. Did you mean “%(nearest)s”?") % words
            raise Refused("unknown-parameter", message, nearest=nearest, known=sorted(known))


def missing_in(given: Mapping[str, Any], needed: Collection[Fact]) -> dict[str, str]:
    """Return what to say of each field that is needed and says nothing."""
    words = _("Give “%(name)s”.")
    missing = [one.name for one in needed if given.get(one.name) in (None, "")]
    return {name: words % {"name": name} for name in missing}


def refuse_missing(given: Mapping[str, Any], needed: Collection[Fact]) -> None:
    """Raise RequirementMissing with every field that is needed and says nothing."""
    missing = missing_in(given, needed)
    if missing:
        raise RequirementMissing(missing)


def same_as(name: str, known: Collection[str]) -> str:
    """Return the field that a body has for what is said with a change, by another name of it."""
    return next((one for one in SAME if name in SAME and one in known), "")


def read(fact: Fact, value: Any) -> Any:
    """Return what a field says; raises Refused where it is not of its kind. Null is nothing."""
    if value is None:
        return None
    if fact.kind in (Kind.INTEGER, Kind.BOOLEAN, Kind.OBJECT):
        return as_it_is(fact, value)
    if not isinstance(value, str):
        raise wrong(fact.name, _("Write a text, in quotation marks."))
    if fact.kind is Kind.TEXT:
        return value
    if fact.choices is not None and value not in fact.choices.values:
        raise unknown(fact.name, value, [str(one) for one in fact.choices.values])
    try:
        return value_of(value, fact.kind, fact.choices)
    except Unreadable as problem:
        raise wrong(fact.name, str(problem)) from problem


def as_it_is(fact: Fact, value: Any) -> Any:
    """Return a number, a yes or no, or an object that is one already."""
    sound = {
        Kind.INTEGER: isinstance(value, int) and not isinstance(value, bool),
        Kind.BOOLEAN: isinstance(value, bool),
        Kind.OBJECT: isinstance(value, dict),
    }[fact.kind]
    if not sound or fact.kind is Kind.INTEGER and not 0 <= value <= LARGEST:
        raise wrong(fact.name, _("Write %(what)s.") % {"what": KINDS[fact.kind]})
    return value


def texts(name: str, value: Any) -> dict[str, str]:
    """Return an object of texts by field; raises Refused where one of them is no text."""
    if not all(isinstance(text, str) for text in value.values()):
        raise wrong(name, _("Write a text for each field."))
    return dict(value)
