"""What agencies owed at a moment, and what had become of it: each duty, from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeAlias

from django.db.models import Count, F, Min, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.models import Decision, Duty, Submission
from recommendations.reporting.facts import Basis


class DutyStanding(TextChoices):
    """What had become of a duty. *Missing*: nothing of it was sent, or it was taken back."""

    APPROVED = "approved", _("Approved")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    MISSING = "missing", _("Missing")
    WAIVED = "waived", _("Waived")


Condition: TypeAlias = Callable[[str], Q]
"""Which duties are asked about, as a condition of a row that has its duty at a path."""
SENT = (DutyStanding.APPROVED, DutyStanding.IN_REVIEW, DutyStanding.RETURNED)
WITH_THE_AGENCY = (DutyStanding.RETURNED, DutyStanding.MISSING)


SHORT = (
    *("kind", "voluntary", "waived_at", "agency_id"),
    *("round__code", "assignment__agency_id", "assignment__action__code"),
)
"""What a line needs of a duty and of what it belongs to: no text of any of them."""


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One duty at a moment.

    `update_id` is the update to open: the one sent last, or the first where none was.
    `sent_at` is when the first text that was not taken back was sent. `is_overdue`: it is
    with the agency and its due date, as it was then, has passed. `is_late`: it was sent
    after the date that was due when it was sent, or is overdue; late stays visible. `days_late`
    counts from that date, or where it is overdue from the present one. A voluntary or waived
    duty is neither.
    """

    duty_id: int
    update_id: int | None
    round_id: int
    round_code: str
    agency_id: int
    action_id: int | None
    action_code: str
    kind: str
    voluntary: bool
    standing: DutyStanding
    due_on: date | None
    sent_at: datetime | None
    is_overdue: bool
    is_late: bool
    days_late: int = 0

    @property
    def is_expected(self) -> bool:
        """Say whether it counts as expected: neither waived nor voluntary."""
        return self.standing != DutyStanding.WAIVED and not self.voluntary


@dataclass(frozen=True, kw_only=True)
class Timeliness:
    """How an agency kept to the dates of its updates in one round; the rounds come oldest first."""

    round_code: str
    expected: int
    on_time: int
    late: int
    missing: int

    @property
    def dots(self) -> str:
        """Return a dot for each update: full in time, a diamond late, hollow not sent."""
        return "●" * self.on_time + "◆" * self.late + "○" * self.missing


@dataclass(frozen=True)
class Sent:
    """A text that was sent, and what became of it by the moment: the state of its update."""

    update_id: int
    number: int
    sent_at: datetime
    was_taken_back: bool
    verbs: frozenset[str]

    @property
    def standing(self) -> DutyStanding:
        """Return where the update stands if this is its newest text."""
        if self.was_taken_back:
            return DutyStanding.MISSING
        if self.verbs == {Decision.Verb.APPROVE}:
            return DutyStanding.APPROVED
        return DutyStanding.RETURNED if self.verbs else DutyStanding.IN_REVIEW


def duty_lines(basis: Basis) -> list[DutyLine]:
    """Return the duties that existed, in the order of their rounds; 2 queries.

    Narrowed by the round and the agency of the basis.
    """
    return lines_where(partial(owed, basis), basis.as_of)


def lines_among(duties: QuerySet[Any], as_of: datetime) -> list[DutyLine]:
    """Return those of these duties that existed, of whatever framework; 2 queries."""
    return lines_where(lambda path: Q(**{f"{path}pk__in": duties.values("pk")}), as_of)


def lines_where(condition: Condition, as_of: datetime) -> list[DutyLine]:
    """Return the duties of a condition that existed, in the order of their rounds; 2 queries."""
    sent, duties = texts(condition("update__duty__"), as_of), {}
    due: dict[int, list[tuple[datetime, date | None]]] = defaultdict(list)
    for duty in with_due_dates(condition(""), as_of):
        duties[duty.pk] = duty
        if duty.dated_at is not None and duty.dated_at <= as_of:
            due[duty.pk].append((duty.dated_at, duty.due_then))
    return [line(duty, due[pk], sent.get(pk, []), as_of) for pk, duty in duties.items()]


def with_due_dates(condition: Q, as_of: datetime) -> QuerySet[Any]:
    """Return the duties, each once for each due date that it ever had, the oldest first."""
    found: QuerySet[Any] = (
        Duty.objects.filter(condition, recorded_at__lte=as_of)
        .annotate(
            first_update=Min("updates"),
            dated_at=F("due_dates__recorded_at"),
            due_then=F("due_dates__due_on"),
        )
        .select_related("round", "assignment__action")
        .only(*SHORT)
        .order_by(
            "round__opens_on",
            "round_id",
            F("assignment__action__area__order").asc(nulls_last=True),
            F("assignment__action__order").asc(nulls_last=True),
            "id",
            "due_dates__recorded_at",
            "due_dates__id",
        )
    )
    return found


def expected(basis: Basis) -> dict[int, int]:
    """Return how many duties are expected in each round, waived and voluntary ones apart.

    One query.
    """
    duties = Duty.objects.filter(owed(basis), recorded_at__lte=basis.as_of, voluntary=False)
    counted = duties.exclude(waived_at__lte=basis.as_of).values("round").annotate(n=Count("id"))
    return dict(counted.values_list("round", "n"))


def owed(basis: Basis, path: str = "") -> Q:
    """Return the condition that a duty, at this path, is asked about."""
    condition = Q(**{f"{path}round__framework": basis.framework})
    if basis.round is not None:
        condition &= Q(**{f"{path}round": basis.round})
    if basis.agency_id is not None:
        condition &= Q(**{f"{path}assignment__agency": basis.agency_id}) | Q(
            **{f"{path}agency": basis.agency_id}
        )
    return condition


def texts(condition: Q, as_of: datetime) -> dict[int, list[Sent]]:
    """Return what was sent for each duty, in the order in which it was sent.

    One query: each text comes once for each decision on it, or once alone.
    """
    rows = Submission.objects.filter(condition, submitted_at__lte=as_of)
    rows = rows.order_by("submitted_at", "id", "decisions__id")
    fields = ("id", "update_id", "number", "submitted_at", "withdrawal__recorded_at")
    sent: dict[int, dict[int, Sent]] = defaultdict(dict)
    for duty, pk, update, number, at, taken_back_at, verb, decided_at in rows.values_list(
        "update__duty_id", *fields, "decisions__verb", "decisions__decided_at"
    ):
        taken_back = taken_back_at is not None and taken_back_at <= as_of
        verbs = sent[duty][pk].verbs if pk in sent[duty] else frozenset()
        if decided_at is not None and decided_at <= as_of:
            verbs |= {verb}
        sent[duty][pk] = Sent(update, number, at, taken_back, verbs)
    return {duty: list(of_duty.values()) for duty, of_duty in sent.items()}


def line(
    duty: Duty,
    due: Sequence[tuple[datetime, date | None]],
    sent: Sequence[Sent],
    as_of: datetime,
) -> DutyLine:
    """Return what had become of one duty."""
    standing = standing_of(duty, sent, as_of)
    sent_at = min((text.sent_at for text in sent if not text.was_taken_back), default=None)
    owes = standing != DutyStanding.WAIVED and not duty.voluntary
    overdue = owes and standing in WITH_THE_AGENCY and has_passed(due_at(as_of, due), as_of)
    sent_late = owes and sent_at is not None and has_passed(due_at(sent_at, due), sent_at)
    counted_at = as_of if overdue else sent_at if sent_late else None
    assignment = duty.assignment
    return DutyLine(
        duty_id=duty.pk,
        update_id=sent[-1].update_id if sent else getattr(duty, "first_update", None),
        round_id=duty.round_id,
        round_code=duty.round.code,
        agency_id=duty.answerable_id,
        action_id=assignment.action_id if assignment else None,
        action_code=assignment.action.code if assignment else "",
        kind=duty.kind,
        voluntary=duty.voluntary,
        standing=standing,
        due_on=due_at(as_of, due),
        sent_at=sent_at,
        is_overdue=overdue,
        is_late=overdue or sent_late,
        days_late=days_between(due_at(counted_at, due), counted_at) if counted_at else 0,
    )


def standing_of(duty: Duty, sent: Iterable[Sent], as_of: datetime) -> DutyStanding:
    """Return what had become of a duty by the moment.

    Waived by then is waived. Else one approved update meets it: a correction under way does
    not reopen it. Else its newest update decides.
    """
    if duty.waived_at is not None and duty.waived_at <= as_of:
        return DutyStanding.WAIVED
    newest: dict[int, Sent] = {}
    for text in sorted(sent, key=lambda text: (text.update_id, text.number)):
        newest[text.update_id] = text
    standings = [text.standing for text in newest.values()]
    if DutyStanding.APPROVED in standings:
        return DutyStanding.APPROVED
    return standings[-1] if standings else DutyStanding.MISSING


def due_at(moment: datetime, due: Sequence[tuple[datetime, date | None]]) -> date | None:
    """Return the due date that held at a moment."""
    return next((on for at, on in reversed(due) if at <= moment), None)


def has_passed(due_on: date | None, moment: datetime) -> bool:
    """Say whether a due date lies before the day of a moment; the day itself is in time."""
    return due_on is not None and due_on < moment.astimezone(UTC).date()


def days_between(due_on: date | None, moment: datetime) -> int:
    """Return by how many days a moment lies after a due date; 0 where there is none."""
    return (moment.astimezone(UTC).date() - due_on).days if due_on else 0


def timeliness(lines: Iterable[DutyLine]) -> tuple[Timeliness, ...]:
    """Return how the expected updates among these duties kept to their dates, by round.

    Questionnaires are another matter, and counted beside.
    """
    rounds: dict[int, list[DutyLine]] = defaultdict(list)
    for one in lines:
        if one.is_expected and one.kind == Duty.Kind.PROGRESS:
            rounds[one.round_id].append(one)
    return tuple(
        Timeliness(
            round_code=duties[0].round_code,
            expected=len(duties),
            on_time=sum(one.sent_at is not None and not one.is_late for one in duties),
            late=sum(one.sent_at is not None and one.is_late for one in duties),
            missing=sum(one.sent_at is None for one in duties),
        )
        for duties in rounds.values()
    )
