"""What happened to a row, in words: the events that its history page lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import history
from agencies.models import Event, Versioned

VERBS = {
    "created": lazy("Entered"),
    "revised": lazy("Changed"),
    "deactivated": lazy("Deactivated"),
    "activated": lazy("Activated"),
    "password_set": lazy("Password set"),
    "mail_sent_again": lazy("Mail sent again"),
    "notice_sent_again": lazy("Notice sent again"),
    "renamed": lazy("Renamed"),
    "merged": lazy("Merged into another agency"),
    "took_over": lazy("Took over another agency"),
    "taken_over": lazy("Taken over from a merged agency"),
    "proposed": lazy("Proposed"),
    "accepted": lazy("Accepted"),
    "partially_accepted": lazy("Partially accepted"),
    "under_consideration": lazy("Under consideration"),
    "declined": lazy("Declined"),
    "withdrawn": lazy("Withdrawn"),
    "ended": lazy("Ended"),
    "target_date_changed": lazy("Target date changed"),
    "assessed": lazy("Assessed"),
    "opened": lazy("Opened"),
    "closed": lazy("Closed"),
    "owed": lazy("Became due"),
    "begun": lazy("Made"),
    "due_date_changed": lazy("Due date changed"),
    "waived": lazy("Waived"),
    "met": lazy("Met"),
    "cleared": lazy("Cleared for sending"),
    "handed_over": lazy("Handed over"),
    "taken_back": lazy("Taken back"),
    "left": lazy("Left"),
    "submitted": lazy("Submitted"),
    "returned": lazy("Returned"),
    "approved": lazy("Approved"),
    "reopened": lazy("Reopened"),
    "retracted": lazy("Retracted"),
    "correction_begun": lazy("Correction begun"),
    "held": lazy("Publication held"),
    "released": lazy("Released for publication"),
    "extended": lazy("Extended"),
    "commented": lazy("Commented"),
    "comment_answered": lazy("Comment answered"),
    "comment_closed": lazy("Comment closed"),
    "suggestion_taken": lazy("Suggested text used"),
    "offered": lazy("Voluntary report begun"),
}
"""The verbs of events, as people say them of whatever it was done to."""

OF_KIND = {
    ("assignment", "proposed"): lazy("Proposed to the agency"),
    ("assignment", "partially_accepted"): lazy("Accepted in part"),
    ("assignment", "under_consideration"): lazy("Taken under consideration"),
    ("assignment", "assessed"): lazy("Status assessed"),
    ("duty", "owed"): lazy("Update asked for"),
    ("duty", "time_asked"): lazy("More time asked for"),
    ("duty", "time_granted"): lazy("More time granted"),
    ("duty", "time_refused"): lazy("More time refused"),
    ("duty", "met"): lazy("Update no longer owed: approved"),
    ("duty", "reopened"): lazy("Update owed again"),
    ("duty", "waived"): lazy("Update no longer owed: waived"),
    ("update", "begun"): lazy("Update begun"),
    ("update", "submitted"): lazy("Update sent"),
    ("update", "withdrawn"): lazy("Update taken back by the agency"),
    ("update", "returned"): lazy("Update returned"),
    ("update", "approved"): lazy("Update approved"),
    ("update", "reopened"): lazy("Update reopened"),
    ("update", "retracted"): lazy("Update retracted"),
}
"""Those that are said otherwise of one kind of object, by its name and the verb."""


@dataclass(frozen=True)
class Step:
    """One line of a history: its number, what was done, when, by whom, why, to which fields."""

    number: int
    verb: str
    at: datetime
    actor: str
    note: str
    fields: list[str]


def in_words(verb: str, kind: str = "") -> str:
    """Return the verb of an event as people say it, of one kind of object."""
    return str(OF_KIND.get((kind, verb)) or VERBS.get(verb) or capfirst(verb.replace("_", " ")))


def actor_of(event: Event) -> str:
    """Return who did it; without an actor it was the reference data, or a command."""
    if event.actor is None:
        return _("The system")
    if event.on_behalf_of is None:
        return str(event.actor)
    return _("%(actor)s on behalf of %(other)s") % {
        "actor": event.actor,
        "other": event.on_behalf_of,
    }


def events_of(obj: Versioned) -> QuerySet[Event]:
    """Return the events of a row, newest first, with the people in them."""
    return history.of(obj).select_related("actor", "on_behalf_of").order_by("-number")


def step(event: Event, obj: Versioned) -> Step:
    """Return an event of a row as a line of its history."""
    names = json.loads(event.content)["set"]
    return Step(
        number=event.number,
        verb=in_words(event.verb, event.object_type),
        at=event.at,
        actor=actor_of(event),
        note=event.note,
        fields=sorted(label_of(obj, name) for name in names),
    )


def label_of(obj: Versioned, name: str) -> str:
    """Return what a field is called."""
    try:
        return str(getattr(obj._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:  # it had one when this happened
        return name
