"""What the public saw of each text, put beside the texts of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.models import OPEN_REVIEW_STATES, Decision, ReviewState, SubmissionKind, Update
from recommendations.reporting.exposure import Place, exposure, in_words
from recommendations.reporting.facts import InForce
from recommendations.reporting.moments import written
from recommendations.reporting.threads import Thread
from recommendations.reporting.timeline import Text, Track
from recommendations.web.submissions import Sent
from recommendations.web.threads import Passed
from recommendations.web.visitor import Visitor


def exposed(
    texts: Iterable[Sent], said: Mapping[int, list[str]], *, as_of: datetime, inside: bool
) -> list[Sent]:
    """Return texts with the sentences that say when the public saw them.

    Those inside also read why an approved text is not public.
    """
    return [
        replace(text, exposure=said.get(text.submission.pk) or others(text, as_of, inside=inside))
        for text in texts
    ]


def others(text: Sent, as_of: datetime, *, inside: bool) -> list[str]:
    """Return what to say of a text that never was the one that the public saw."""
    publication = getattr(text.submission, "publication", None)
    if publication is not None and publication.recorded_at <= as_of:
        since = {"begins": written(publication.recorded_at)}
        if text.submission.kind == SubmissionKind.NOTHING_TO_REPORT:
            return [_("Public since %(begins)s UTC.") % since]
        return [_("Published on %(begins)s UTC, with another text in its place.") % since]
    verbs = {decision.verb for decision in text.decisions}
    if not inside or Decision.Verb.APPROVE not in verbs:
        return []
    if Decision.Verb.RETRACT in verbs:
        return [_("Never public: retracted before it was published.")]
    return [_("Approved, and not public: publication is held.")]


def seen_in_public(update: Update, texts: list[Sent], who: Visitor) -> list[Sent]:
    """Return what was sent of an update with when the public saw it.

    Three queries once something was approved. A questionnaire has no public page.
    """
    assignment = update.duty.assignment
    if assignment is None or not any(approval_of(text) for text in texts):
        return texts
    framework, place = update.duty.round.framework, assignment
    said = exposure(framework, action_id=place.action_id, agency_id=place.agency_id, as_of=who.at)
    return exposed(texts, said, as_of=who.at, inside=True)


def with_exposure(
    passed: Mapping[int, list[Passed]], figures: Thread, *, inside: bool
) -> dict[int, list[Passed]]:
    """Return the updates of a thread with when the public saw their texts; no query."""
    as_of = figures.as_of
    tracks: Mapping[int, Track] = figures.tracks
    if inside:
        tracks = {pk: public_track(rows, as_of) for pk, rows in passed.items()}
    places = {
        text.submission.pk: Place(row.duty.round.code, row.duty.pk)
        for rows in passed.values()
        for row in rows
        for text in row.sent
    }
    said = in_words(tracks, figures.answers, places)
    return {
        pk: [replace(row, sent=exposed(row.sent, said, as_of=as_of, inside=inside)) for row in rows]
        for pk, rows in passed.items()
    }


def public_track(rows: Iterable[Passed], as_of: datetime) -> Track:
    """Return what the public saw of an assignment, from all that was sent and decided of it."""
    track = Track()
    for text in (text for row in rows for text in row.sent):
        submission, approved_at = text.submission, approval_of(text)
        publication = getattr(submission, "publication", None)
        nothing = submission.kind == SubmissionKind.NOTHING_TO_REPORT
        if publication is None or approved_at is None or publication.recorded_at > as_of or nothing:
            continue
        in_force = InForce(
            submission.pk,
            submission.status,
            submission.kind,
            submission.submitted_at,
            publication.recorded_at,
        )
        gone = decided_at(text, Decision.Verb.RETRACT)
        track.texts[publication.pk] = Text(publication.pk, in_force, approved_at, gone)
    return track


def approval_of(text: Sent) -> datetime | None:
    """Return when a text was approved, if it was."""
    return decided_at(text, Decision.Verb.APPROVE)


def decided_at(text: Sent, verb: str) -> datetime | None:
    """Return when a text was decided on so, if it was."""
    return next((one.decided_at for one in text.decisions if one.verb == verb), None)


def corrections_of(update: Update) -> list[Update]:
    """Return the corrections of an update: only of one that was approved there are any."""
    if update.review_state not in (ReviewState.APPROVED, ReviewState.RETRACTED):
        return []
    return list(update.corrections.order_by("id"))


def correctable(rows: Iterable[Passed]) -> set[int]:
    """Return the updates that their agency can correct, of all updates of an assignment.

    As `corrections.answer_guard` says it, of rows that are loaded already: the newest
    approved one of each duty, while no other text of the duty is open.
    """
    found: dict[int, int] = {}
    busy = set()
    for row in rows:
        update, duty = row.update, row.duty
        assignment = duty.assignment
        ended = duty.state == duty.State.WAIVED or not (assignment and assignment.is_active)
        if update.review_state in OPEN_REVIEW_STATES or ended:
            busy.add(duty.pk)
        elif update.review_state == ReviewState.APPROVED:
            found[duty.pk] = max(update.pk, found.get(duty.pk, 0))
    return {pk for duty, pk in found.items() if duty not in busy}
