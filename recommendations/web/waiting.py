"""The updates that wait for a coordinator's decision, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recommendations.domain import access, clearing, reading
from recommendations.domain.updates import CAME_BACK
from recommendations.filters import by_sending
from recommendations.models import (
    Decision,
    Duty,
    ReviewClaim,
    Submission,
    SubmissionKind,
    Update,
)
from recommendations.models.update import UpdateQuerySet
from recommendations.web.visitor import Visitor

PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """An update in the queue: what changes, since when it waits, what it answers."""

    update: Update
    submission: Submission
    answers: Decision | None
    days: int
    reader: ReviewClaim | None = None
    why_not: str = ""

    @property
    def before(self) -> str:
        """Return the status in force."""
        assignment = self.update.duty.assignment
        return assignment.in_force.status if assignment and assignment.in_force else ""

    @property
    def says_nothing(self) -> bool:
        """Say whether it claims no status."""
        return self.submission.kind == SubmissionKind.NOTHING_TO_REPORT

    @property
    def is_questionnaire(self) -> bool:
        """Say whether it answers the questions of a round."""
        return self.update.duty.kind == Duty.Kind.QUESTIONNAIRE

    @property
    def no_change(self) -> bool:
        """Say whether the status stays as it was."""
        return self.before == self.submission.status


def decidable(who: Visitor, chosen: Mapping[str, Any]) -> UpdateQuerySet:
    """Return the updates that a person may decide on, narrowed, oldest first."""
    return in_order(access.decidable_updates(who.roles, at=who.at), chosen)


def beyond(who: Visitor) -> UpdateQuerySet:
    """Return the updates that wait and that this person may see, but not decide on."""
    mine = access.decidable_updates(who.roles, at=who.at)
    seen = access.visible_updates(who.roles).awaiting_review()
    seen = seen.filter(access.oversees_or_none(who.roles, "duty__round__framework"))
    return in_order(seen.exclude(pk__in=mine.values("pk")), {})


def in_order(updates: UpdateQuerySet, chosen: Mapping[str, Any]) -> UpdateQuerySet:
    """Narrow updates by what was chosen, and sort them by when they were sent."""
    placed = updates.with_place()
    found: Any = by_sending(
        placed.select_related("duty__assignment__in_force", "review_claim__user"),
        sent=chosen.get("sent") or "",
        kind=chosen.get("kind") or "",
    )
    if chosen.get("area"):
        found = found.filter(duty__assignment__action__area=chosen["area"])
    if chosen.get("agency"):
        found = found.filter(access.agency_in(frozenset({chosen["agency"].pk})))
    narrowed: UpdateQuerySet = found.order_by("sent_at", "id")
    return narrowed


AGENCY = Coalesce("duty__assignment__agency__sort_key", "duty__agency__sort_key")
ACTION = ("duty__assignment__action__area__order", "duty__assignment__action__order")
ORDERS: dict[str, tuple[Any, ...]] = {
    "sent": (F("sent_at"),),
    "agency": (AGENCY, F("sent_at")),
    "action": (*map(F, ACTION), F("sent_at")),
}
"""By what the queue sorts; usually what was sent first comes first."""


def sorted_by(updates: UpdateQuerySet, asked: str) -> UpdateQuerySet:
    """Sort updates by one of the orders, backwards with a "-"; questionnaires have no action."""
    if not asked:
        return updates
    columns = ORDERS[asked.removeprefix("-")]
    back = asked.startswith("-")
    places = [one.desc(nulls_last=True) if back else one.asc(nulls_last=True) for one in columns]
    return updates.order_by(*places, "id")


def following(updates: UpdateQuerySet, skipped: Update) -> Update | None:
    """Return the update that follows another in the order of the list, if one does."""
    pks = list(updates.values_list("pk", flat=True))
    place = pks.index(skipped.pk) + 1 if skipped.pk in pks else 0
    return updates.filter(pk=pks[place]).first() if place < len(pks) else None


def rows(updates: list[Update], who: Visitor, *, may: bool = True) -> list[Waiting]:
    """Return updates as the queue shows them; two queries."""
    pks = [update.pk for update in updates]
    newest = {
        one.update_id: one
        for one in Submission.objects.filter(update__in=pks).defer("body").order_by("number")
    }
    returned = Decision.objects.filter(
        submission__update__in=pks, verb__in=CAME_BACK
    ).select_related("submission", "decided_by")
    answered = {one.submission.update_id: one for one in returned.order_by("decided_at", "id")}
    return [
        Waiting(
            update,
            newest[update.pk],
            answered.get(update.pk),
            days_since(newest[update.pk].submitted_at, who),
            reading.reader_of(update, at=who.at),
            "" if may else why_not(update, who),
        )
        for update in updates
        if update.pk in newest
    ]


def days_since(moment: datetime, who: Visitor) -> int:
    """Return how many days ago something was."""
    return (who.today - moment.date()).days


def why_not(update: Update, who: Visitor) -> str:
    """Return why a person who sees an update may not decide on it."""
    if not who.roles.is_coordinator(update.framework_id):
        return _("Only a coordinator decides.")
    agency = clearing.agency_of(update)
    if who.roles.is_in(update.agency_id):
        return _("You belong to %(agency)s, so another coordinator decides.") % {"agency": agency}
    return _(
        "You wrote some of this text, or belonged to %(agency)s when it was sent, "
        "so another coordinator decides."
    ) % {"agency": agency}
