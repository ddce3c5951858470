"""Links to the fields of the form of an update, from what it says in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.reporting.shown import TEXT_OF, Line


@dataclass(frozen=True)
class Linked(Line):
    """A line of an update, and where it is changed: "" for what is repeated."""

    change_url: str = ""


def linked(lines: Iterable[Line], form: str) -> list[Linked]:
    """Return lines with links to the fields of the form at an address."""
    found = []
    for line in lines:
        form = "" if line.name == TEXT_OF else form
        url = anchor(form, at_field(line.name)) if form else ""
        found.append(Linked(line.name, line.value, line.status, line.question, url))
    return found


def at_field(name: str) -> str:
    """Return the control of a field to which a link leads: of radios, the first."""
    if name == "no_change":
        return "done"
    return f"{name}_0" if name in ("kind", "status") else name


def anchor(form: str, field: str) -> str:
    """Return the address of a field in the form."""
    return f"{form}#id_{field}"
