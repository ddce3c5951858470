"""What the public saw of the texts of an agency, and when: periods, and the same in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext as _

from recommendations.models import ACTIVE, AcceptanceAnswer, Framework, Submission
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.moments import written
from recommendations.reporting.timeline import Track, tracks


class Ending(Enum):
    """Why a text was no longer the one that the public saw."""

    REPLACED = "replaced"
    RETRACTED = "retracted"
    NOT_ACTIVE = "not active"


@dataclass(frozen=True, kw_only=True)
class Period:
    """A time in which a text was the public one; `next_id` is the text that took its place."""

    submission_id: int
    begins: datetime
    ends: datetime | None = None
    ending: Ending | None = None
    next_id: int | None = None
    again: bool = False


Answers = Sequence[tuple[datetime, str]]
"""The answers of an assignment, oldest first: when, and whether it was taken on."""


def periods(track: Track, answers: Answers) -> list[Period]:
    """Return when which text of an assignment was the public one, oldest first.

    A text is public while its assignment is active, nobody retracted it, and no text that
    was approved later is public.
    """
    gone = {text.in_force.submission_id: text.retracted_at for text in track.texts.values()}
    moments = {text.in_force.at for text in track.texts.values()} | {at for at, _said in answers}
    moments |= {at for at in gone.values() if at}
    found: list[Period] = []
    current: Period | None = None
    for moment in sorted(moments):
        said = [acceptance for at, acceptance in answers if at <= moment]
        active = bool(said) and said[-1] in ACTIVE
        text = track.at(moment)[0] if active else None
        shown = text.submission_id if text else None
        if shown == (current.submission_id if current else None):
            continue
        if current is not None:
            retracted_at = gone[current.submission_id]
            found[-1] = ended(current, moment, shown, retracted_at, active=active)
        current = None
        if shown is not None:
            again = any(period.submission_id == shown for period in found)
            current = Period(submission_id=shown, begins=moment, again=again)
            found.append(current)
    return found


def ended(
    period: Period, at: datetime, shown: int | None, retracted_at: datetime | None, *, active: bool
) -> Period:
    """Return a period with its end and why it ended."""
    if retracted_at is not None and retracted_at <= at:
        ending = Ending.RETRACTED
    else:
        ending = Ending.REPLACED if active else Ending.NOT_ACTIVE
    return Period(
        submission_id=period.submission_id,
        begins=period.begins,
        again=period.again,
        ends=at,
        ending=ending,
        next_id=shown if ending is Ending.REPLACED else None,
    )


@dataclass(frozen=True)
class Place:
    """The round and the duty for which a text was sent."""

    round_code: str
    duty_id: int


def exposure(
    framework: Framework, *, action_id: int, agency_id: int, as_of: datetime
) -> dict[int, list[str]]:
    """Return when the public saw each text of an agency on an action, in words; 3 queries.

    Submission -> sentences, oldest first. A text that never was the public one has none.
    """
    basis = Basis(framework, as_of, Scope.PUBLIC, action_id=action_id, agency_id=agency_id)
    seen = tracks(basis)
    texts = {
        text.in_force.submission_id for track in seen.values() for text in track.texts.values()
    }
    return in_words(seen, answers_of(basis), places_of(texts))


def in_words(
    tracks: Mapping[int, Track], answers: Mapping[int, Answers], places: Mapping[int, Place]
) -> dict[int, list[str]]:
    """Return the sentences about each text of these assignments, oldest first.

    The tracks are those of the public. A text without a place is one that the reader does not
    see any more.
    """
    said: dict[int, list[str]] = defaultdict(list)
    for assignment, track in tracks.items():
        for period in periods(track, answers.get(assignment, ())):
            said[period.submission_id].append(sentence(period, places))
    return dict(said)


def answers_of(basis: Basis) -> dict[int, list[tuple[datetime, str]]]:
    """Return the answers of each assignment up to the moment, oldest first."""
    rows = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    ).order_by("recorded_at", "id")
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for assignment, at, acceptance in rows.values_list(
        "assignment_id", "recorded_at", "acceptance"
    ):
        found[assignment].append((at, acceptance))
    return found


def places_of(submission_ids: set[int]) -> dict[int, Place]:
    """Return where each of these texts was sent."""
    rows = Submission.objects.filter(pk__in=submission_ids).values_list(
        "pk", "update__duty__round__code", "update__duty_id"
    )
    return {pk: Place(code, duty) for pk, code, duty in rows}


def sentence(period: Period, places: Mapping[int, Place]) -> str:
    """Return "Public from 4 May 2026, 10:02 until 9 May 2026, 09:00 UTC (corrected)."."""
    begins = written(period.begins)
    if period.ends is None:
        words = (
            _("Public again since %(begins)s UTC.")
            if period.again
            else _("Public since %(begins)s UTC.")
        )
        return words % {"begins": begins}
    if period.again:
        words = _("Public again from %(begins)s until %(ends)s UTC (%(why)s).")
    else:
        words = _("Public from %(begins)s until %(ends)s UTC (%(why)s).")
    return words % {"begins": begins, "ends": written(period.ends), "why": why(period, places)}


def why(period: Period, places: Mapping[int, Place]) -> str:
    """Return why a period ended, in words."""
    if period.ending is Ending.RETRACTED:
        return _("retracted")
    if period.next_id is None:
        return _("the agency no longer had the action")
    then, now = places.get(period.submission_id), places.get(period.next_id)
    if then is None or now is None or then.duty_id == now.duty_id:
        return _("replaced by a corrected text")
    return _("replaced by the update of round %(round)s") % {"round": now.round_code}
