"""What the public sees: held back for a round, released, and which changes show at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.counters import renew
from recommendations.domain.transition import Change, Transition, reason_needed
from recommendations.models import (
    ACTIVE,
    Assignment,
    Decision,
    Publication,
    Round,
    Submission,
    Update,
)


def publish(change: Change[Any], submissions: Iterable[Submission]) -> None:
    """Let the public see these submissions from now on, in this order."""
    for submission in submissions:
        Publication.objects.create(
            submission=submission, recorded_at=change.at, recorded_by=change.by
        )
        change.published += 1


def publish_unless_held(change: Change[Update], submission: Submission) -> None:
    """Publish a text that was just approved, unless its round or what it repeats is held.

    A "nothing new" shows the text that it repeats: published alone it would show what is held.
    """
    repeated = submission.repeats
    shows_held = repeated is not None and not is_published(repeated)
    if not change.obj.duty.round.held and not shows_held:
        publish(change, [submission])


def is_published(submission: Submission) -> bool:
    """Say whether the public has seen a submission at some time."""
    return Publication.objects.filter(submission=submission).exists()


def unpublished(round: Round) -> QuerySet[Submission]:
    """Return what a release of a round publishes, in the order of approval.

    Texts that were retracted meanwhile stay unseen. A "nothing new" of another round that
    waits for a text of this one comes with it; one of this round that repeats a text which
    another round holds goes on waiting.
    """
    decisions = Decision.objects.filter(submission=OuterRef("pk"))
    here = Q(update__duty__round=round)
    waits_for_this = Q(update__duty__round__held=False, repeats__update__duty__round=round)
    shows_nothing_held = (
        Q(repeats__isnull=True)
        | Q(repeats__publication__isnull=False)
        | Q(repeats__update__duty__round=round)
    )
    return (
        Submission.objects.filter(here | waits_for_this, shows_nothing_held)
        .filter(decisions__verb=Decision.Verb.APPROVE, publication__isnull=True)
        .exclude(Exists(decisions.filter(verb=Decision.Verb.RETRACT)))
        .order_by("decisions__decided_at", "decisions__id")
    )


def hold(change: Change[Round]) -> None:
    """Hold back what is approved in a round from now on; what is public already stays so.

    Two machines' clocks differ: a hold is not recorded before a text that was public first.
    """
    change.need(reason=reason_needed(change))
    texts = Publication.objects.filter(submission__update__duty__round=change.obj)
    newest = texts.aggregate(at=Max("recorded_at"))["at"]
    change.at = max(change.at, newest or change.at)
    change.write(change.obj, change.transition.event, held=True)
    change.obj.restate(at=change.at, by=change.by)


def release(change: Change[Round]) -> None:
    """Publish at one moment all that was held in a round, and hold no more."""
    change.write(change.obj, change.transition.event, held=False)
    change.obj.restate(at=change.at, by=change.by)
    publish(change, list(unpublished(change.obj)))


def held_already(round: Round) -> str | None:
    """Return why a round cannot be held: it is."""
    return _("Publication of this round is held already.") if round.held else None


def not_held(round: Round) -> str | None:
    """Return why a round cannot be released: nothing is held."""
    return None if round.held else _("Publication of this round is not held.")


def shows_retraction(change: Change[Update]) -> bool:
    """Say whether the text that was just retracted had been public."""
    retracted = Decision.objects.filter(
        submission__update=change.obj, verb=Decision.Verb.RETRACT
    ).latest("decided_at", "id")
    return is_published(retracted.submission)


def shows_assessment(change: Change[Assignment]) -> bool:
    """Say whether the claim that was just assessed is public."""
    return change.obj.in_force is not None and is_published(change.obj.in_force)


SEEN: dict[tuple[str, str], Callable[[Change[Any]], bool]] = {
    ("action", "take_over"): lambda change: True,
    ("assignment", "accept"): lambda change: True,
    ("assignment", "accept_partly"): lambda change: True,
    ("assignment", "end"): lambda change: True,
    ("assignment", "set_target"): lambda change: change.obj.acceptance in ACTIVE,
    ("assignment", "assess"): shows_assessment,
    ("round", "open"): lambda change: True,
    ("round", "release"): lambda change: change.published > 0,
    ("update", "approve"): lambda change: change.published > 0,
    ("update", "retract"): shows_retraction,
}
"""The verbs after which the public may see something else, and when. No other verb shows.

The trend has a column for each round from its first opening on, held or not, and `/data/`
offers it: that is no secret. When it closes, opens again or gets other dates the public sees
no difference.
"""


def count(change: Change[Any]) -> None:
    """Raise the counters of the framework: one with every change, one with what is public.

    Asked after the change. The public counter must not move with what is held, or its tag
    on a public page would tell of it; nor stay where something shows.
    """
    row = change.transition
    seen = SEEN.get((row.noun, row.verb))
    renew(change.obj.framework_id, public=seen is not None and seen(change))


EVERY_STATE = (Round.State.PLANNED, Round.State.OPEN, Round.State.CLOSED)

TRANSITIONS: tuple[Transition[Round], ...] = (
    Transition(
        noun="round",
        verb="hold",
        sources=EVERY_STATE,
        target="",
        event="held",
        effect=hold,
        requires=("reason",),
        state_field="state",
        guard=held_already,
    ),
    Transition(
        noun="round",
        verb="release",
        sources=EVERY_STATE,
        target="",
        event="released",
        effect=release,
        state_field="state",
        guard=not_held,
    ),
)
