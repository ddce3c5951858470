"""The public changes of an object as entries, in words that name no person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from agencies.history import kind_of
from agencies.models import Versioned
from recommendations.reporting.history.entries import Entry
from recommendations.reporting.history.places import Place
from recommendations.reporting.history.words import FieldChange
from recommendations.reporting.moments import precisely
from recommendations.reporting.public_history import Did, PublicChange, Target
from recommendations.reporting.tally import Shown


def entry_of(change: PublicChange, subject: Versioned) -> Entry:
    """Return a public change as an entry; beside the subject, it names agency and action."""
    obj = change.assignment or subject
    about, leads_to = "", None
    if change.assignment is not None and obj != subject:
        about = f"{change.assignment.action.code} · {change.assignment.agency.acronym}"
        leads_to = change.assignment if change.assignment.is_active else None
    kind, pk = change.place
    return Entry(
        key=Place(change.at, kind, pk).key,
        at=change.at,
        words=did_in_words(change),
        verb=change.did.value,
        kind=kind_of(obj),
        number=obj.pk,
        about=about,
        leads_to=leads_to,
        changes=tuple(field_change(*field) for field in change.fields),
    )


def did_in_words(change: PublicChange) -> str:
    """Return what happened, in words."""
    if change.did is Did.PUBLISHED:
        return _("Update of round %(round)s published") % {"round": change.round}
    if change.did is Did.TAKEN_OUT:
        return _("Update of round %(round)s taken out") % {"round": change.round}
    return {
        Did.ENTERED: _("Entered"),
        Did.REWORDED: _("Reworded"),
        Did.TOOK_ON: _("Taken on by the agency"),
        Did.TOOK_ON_IN_PART: _("Taken on in part by the agency"),
        Did.LEFT: _("The agency is no longer on this action"),
        Did.DATED: _("Target date changed"),
        Did.STANDS: _("Status changed"),
    }[change.did]


def verbs() -> list[tuple[str, str]]:
    """Return what the public can narrow a history by."""
    return [
        (Did.ENTERED.value, _("Entered")),
        (Did.REWORDED.value, _("Reworded")),
        (Did.TOOK_ON.value, _("Taken on")),
        (Did.TOOK_ON_IN_PART.value, _("Taken on in part")),
        (Did.LEFT.value, _("Left")),
        (Did.DATED.value, _("Target date changed")),
        (Did.PUBLISHED.value, _("Update published")),
        (Did.TAKEN_OUT.value, _("Update taken out")),
        (Did.STANDS.value, _("Status changed")),
    ]


def field_change(name: str, before: Any, after: Any) -> FieldChange:
    """Return a field before and after, in words."""
    labels = {
        "title": _("Title"),
        "statement": _("Statement"),
        "short_title": _("Short title"),
        "official_text": _("Official text"),
        "acronym": _("Acronym"),
        "name": _("Full name"),
        "target": _("Target date"),
        "status": _("Status"),
    }
    said = name in ("statement", "official_text")
    return FieldChange(name, labels[name], in_words(before), in_words(after), said)


def in_words(value: Any) -> str:
    """Return a value that the public sees, in words."""
    if isinstance(value, Target):
        day = precisely(value.on, value.precision) if value.on else ""
        return " · ".join(part for part in (day, value.text) if part) or _("no date")
    if isinstance(value, Shown):
        return str(value.label)
    return str(value or "")
