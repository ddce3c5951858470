"""What people are reminded of: found anew at each pass, told once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from agencies.handovers import coordinating
from agencies.models import Agency, Membership, User
from recommendations.models import Assignment, Delivery, Duty, Framework, ReviewClaim, Round
from recommendations.notify import (
    deliveries,
    failures,
    owing,
    rungs,
    timetable,
    vacancies,
    weekly,
)
from recommendations.notify.acting import acting_for_each
from recommendations.notify.deliveries import Cause

CLOSES_SOON = timedelta(days=7)
READ_FOR_LONG = timedelta(days=3)
LADDERS = ("due", "answer_owed")
"""The kinds that are reminded of by rungs."""

Pair = tuple[Cause, Sequence[User]]
Pairs = Iterator[Pair]
People = dict[int, list[User]]
One = TypeVar("One", bound=failures.Row)
Result = TypeVar("Result")
log = logging.getLogger(__name__)


@dataclass
class Found:
    """Something to tell, to whom, and its number in this pass."""

    pk: int
    cause: Cause
    users: Sequence[User]


def remind_hourly(*, at: datetime) -> None:
    """Remind, where no other timetable has begun to do so this hour."""
    with transaction.atomic():
        if timetable.once("remind", at.replace(minute=0, second=0, microsecond=0), at=at):
            remind(at=at)


def remind(*, at: datetime) -> None:
    """Tell everybody what they are reminded of now, and were not told yet.

    Nothing is done on a day only: what fell due while nothing ran is told at the next pass,
    the newest rung alone. The number of queries does not grow with the duties. What cannot be
    told stands in nobody's way: it is logged, and tried again at the next pass.
    """
    with transaction.atomic():
        found = [Found(number, *pair) for number, pair in enumerate(untold(all_found(at)))]
        _done, errors = failures.apart(lambda some: tell(some, at), found)
        for number, because in errors.items():
            log.error("not reminded of %s: %s", found[number].cause.key, because)
        settle_older([one.cause for one in found if one.pk not in errors], at)


def all_found(at: datetime) -> Iterator[Pair]:
    """Yield everything that somebody is to hear of today, told already or not."""
    day = at.date()
    updates = each(owing.updates_owed(), owing.placed)
    answers = each(owing.answers_owed(), owing.placed)
    owed: list[tuple[Duty | Assignment, Agency]] = [*updates, *answers]
    acting = acting_for_each({agency.pk for _one, agency in owed}, day)
    office = cache(lambda framework: list(coordinating(framework, day)))
    yield from each((one for one, _by in updates), lambda some: of_updates(some, acting, day))
    yield from each((one for one, _by in answers), lambda some: of_answers(some, acting, day))
    for framework, vacant in vacancies.counted(owed, acting).items():
        yield from each(vacant, partial(vacancies.told, vacant, framework, office, day))
    yield from each(claims_left(at), lambda some: of_long_reading(some, office, at))
    yield from each(rounds_closing(day), lambda some: of_rounds(some, office))
    frameworks = Framework.objects.order_by("id")
    yield from each(frameworks, lambda some: weekly.summaries(some, office, at))


def each(rows: Iterable[One], find: Callable[[Sequence[One]], Iterable[Result]]) -> list[Result]:
    """Return what is found of rows; of one that cannot be read nothing, and that is logged."""

    def read(some: Sequence[One]) -> list[Result]:
        # A savepoint: an error of the database would else spoil the whole pass.
        with transaction.atomic():
            return list(find(some))

    found, errors = failures.apart(read, list(rows))
    for pk, because in errors.items():
        log.error("not reminded of what waits with id %d: %s", pk, because)
    return found or []


def tell(found: Sequence[Found], at: datetime) -> None:
    """Tell what was found, all of it or nothing."""
    with transaction.atomic():
        deliveries.tell(((one.cause, one.users) for one in found), at=at)


def settle_older(told: Sequence[Cause], at: datetime) -> None:
    """Take out of the inboxes the older reminders of what is told now: one line for each.

    Two changes, however many there are.
    """
    for kind in LADDERS:
        causes = [cause for cause in told if cause.kind == kind]
        older = Delivery.objects.filter(
            kind=kind,
            channel=Delivery.Channel.INBOX,
            settled_at=None,
            subject_id__in={cause.subject.pk for cause in causes if cause.subject},
        )
        older.exclude(cause__in={cause.key for cause in causes}).update(settled_at=at)


def untold(pairs: Iterable[Pair]) -> Pairs:
    """Leave out who was told of a cause already, or of a later rung of the same date; two queries.

    A later rung was told where the days of a round were changed since.
    """
    pairs = list(pairs)
    told = set(
        Delivery.objects.filter(cause__in={cause.key for cause, _users in pairs}).values_list(
            "cause", "user_id"
        )
    )
    fresh = []
    for cause, users in pairs:
        left = [user for user in users if (cause.key, user.pk) not in told]
        if left:
            fresh.append((cause, left))
    newest = newest_rungs([cause for cause, _users in fresh])
    for cause, users in fresh:
        if cause.kind in LADDERS:
            ladder, rung = rung_in(cause.key)
            users = [user for user in users if newest.get((ladder, user.pk), rung) <= rung]
        if users:
            yield cause, users


def newest_rungs(causes: Iterable[Cause]) -> dict[tuple[str, int], int]:
    """Return the newest rung that each person was told about what these are about, by date."""
    ids = {cause.subject.pk for cause in causes if cause.kind in LADDERS and cause.subject}
    if not ids:
        return {}
    found: dict[tuple[str, int], int] = {}
    rows = Delivery.objects.filter(
        kind__in=LADDERS,
        channel=Delivery.Channel.INBOX,
        subject_id__in=ids,
        cause__startswith="rung:",
    )
    for key, user in rows.values_list("cause", "user_id"):
        ladder, rung = rung_in(key)
        found[ladder, user] = max(rung, found.get((ladder, user), rung))
    return found


def rung_in(key: str) -> tuple[str, int]:
    """Return what a cause is about with its date, and its rung."""
    ladder, _colon, rung = key.rpartition(":")
    return ladder, int(rung)


def of_updates(updates: Iterable[Duty], acting: People, day: date) -> Pairs:
    """Yield the newest rung of each update that is owed; a new due date begins new rungs."""
    for duty in updates:
        if duty.due_on is None:
            continue
        rung = rungs.ladder_of(duty.round).newest(duty.due_on, today=day)
        if rung is not None:
            due_on = duty.due_on.isoformat()
            yield (
                Cause(
                    key=f"rung:{duty.pk}:{due_on}:{rung}",
                    kind="due",
                    framework_id=duty.round.framework_id,
                    subject=duty,
                    facts={"rung": rung, "due_on": due_on},
                ),
                acting[owing.answerable(duty).pk],
            )


def of_answers(answers: Iterable[Assignment], acting: People, day: date) -> Pairs:
    """Yield the newest rung of each answer to a proposal that is owed."""
    for assignment in answers:
        if assignment.respond_by is None:
            continue
        rung = rungs.ANSWERS.newest(assignment.respond_by, today=day)
        if rung is not None:
            respond_by = assignment.respond_by.isoformat()
            yield (
                Cause(
                    key=f"rung:a{assignment.pk}:{respond_by}:{rung}",
                    kind="answer_owed",
                    framework_id=assignment.action.framework_id,
                    subject=assignment,
                    facts={"rung": rung, "respond_by": respond_by},
                ),
                acting[assignment.agency_id],
            )


def claims_left(at: datetime) -> QuerySet[ReviewClaim]:
    """Return the marks of those who began to read days ago; nobody decided since."""
    claims = owing.read_and_left().filter(claimed_at__lte=at - READ_FOR_LONG)
    return claims.select_related(
        "user",
        "update__duty__round",
        "update__duty__agency",
        "update__duty__assignment__agency",
        "update__duty__assignment__action",
    ).order_by("id")


def of_long_reading(found: Sequence[ReviewClaim], office: weekly.Office, at: datetime) -> Pairs:
    """Yield each update that somebody began to read and left.

    The mark on the page lasts half an hour; that it was left behind is what is told. The reader
    hears of it, and the coordinators who may decide: not those of the agency.
    """
    agencies = {claim.update.agency_id for claim in found}
    held = Membership.objects.on(at.date()).filter(agency__in=agencies) if found else ()
    own = {(row.user_id, row.agency_id) for row in held}
    for claim in found:
        update = claim.update
        people = {user.pk: user for user in (claim.user, *office(update.framework_id))}
        yield (
            Cause(
                key=f"claim:{update.pk}:{claim.claimed_at.date().isoformat()}",
                kind="claimed_long",
                framework_id=update.framework_id,
                subject=update,
                facts={"since": claim.claimed_at.date().isoformat()},
            ),
            [user for user in people.values() if (user.pk, update.agency_id) not in own],
        )


def rounds_closing(day: date) -> QuerySet[Round]:
    """Return the open rounds that close within a week, or should have closed."""
    rounds = Round.objects.filter(state=Round.State.OPEN, closes_on__lte=day + CLOSES_SOON)
    return rounds.order_by("closes_on", "id")


def of_rounds(rounds: Iterable[Round], office: weekly.Office) -> Pairs:
    """Yield each round that closes soon, for its coordinators."""
    for round in rounds:
        closes_on = round.closes_on.isoformat()
        yield (
            Cause(
                key=f"rung:r{round.pk}:{closes_on}:closing",
                kind="closing",
                framework_id=round.framework_id,
                subject=round,
                facts={"closes_on": closes_on},
            ),
            office(round.framework_id),
        )
