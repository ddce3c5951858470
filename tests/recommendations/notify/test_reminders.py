"""Reminders: the newest rung, told once, to whoever acts, while it is owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from agencies import handovers
from agencies.models import Agency, Membership, User
from recommendations.domain import planning, reading
from recommendations.models import Delivery, Duty, MailSettings, NoticeChoice, Round
from recommendations.notify import rungs, timetable
from recommendations.notify.acting import acting_for_each
from recommendations.notify.reminders import remind, remind_hourly
from recommendations.notify.rungs import Ladder
from tests import make

INBOX = Delivery.Channel.INBOX
DUE_ON = date(2026, 5, 31)


def on(day: date) -> datetime:
    """Return a moment of a day."""
    return datetime.combine(day, time(0, 5), tzinfo=UTC)


def from_due(days: int) -> datetime:
    """Return a moment of the day that lies so many days from the due date."""
    return on(DUE_ON + timedelta(days=days))


def told(kind: str = "due") -> list[tuple[str, dict[str, Any]]]:
    """Return who found which facts in their inbox, in the order in which they were told."""
    rows = Delivery.objects.filter(kind=kind, channel=INBOX).order_by("id")
    return [(row.user.name, row.facts) for row in rows.select_related("user")]


def rungs_told() -> list[int]:
    """Return the rungs that the focal point of the ILO was told."""
    return [facts["rung"] for name, facts in told() if name == "ILO focal point"]


# --- the ladder --------------------------------------------------------------------------------

USUAL = Ladder((-14, -3, 0, 3, 10), every=14, last=66)


@pytest.mark.parametrize(
    ("days", "newest"),
    [
        (-15, None),
        (-14, -14),
        (-4, -14),
        (-3, -3),
        (2, 0),
        (3, 3),
        (23, 10),
        (24, 24),
        (37, 24),
        (52, 52),
        (66, 66),
        (400, 66),
    ],
)
def test_the_newest_rung_that_has_come(days: int, newest: int | None) -> None:
    assert USUAL.newest(DUE_ON, today=DUE_ON + timedelta(days=days)) == newest


def test_a_ladder_without_repeats_ends_with_its_last_rung() -> None:
    assert Ladder((0, 3)).newest(DUE_ON, today=date(2027, 1, 1)) == 3


def test_a_ladder_without_an_end_goes_on() -> None:
    assert rungs.ANSWERS.newest(DUE_ON, today=DUE_ON + timedelta(days=7 + 140)) == 147


def test_no_rung_lies_behind_the_last_day() -> None:
    assert Ladder((0, 10), every=14, last=5).newest(DUE_ON, today=date(2027, 1, 1)) == 0


def test_the_first_reminder_is_the_first_rung_or_today_where_that_has_come() -> None:
    assert USUAL.first_on(DUE_ON, today=date(2026, 5, 4)) == date(2026, 5, 17)
    assert USUAL.first_on(DUE_ON, today=date(2026, 5, 20)) == date(2026, 5, 20)
    assert Ladder((), every=14, last=66).first_on(DUE_ON, today=date(2026, 5, 20)) == (
        date(2026, 6, 14)
    )
    assert Ladder((5,), last=3).first_on(DUE_ON, today=date(2026, 5, 20)) is None


# --- updates -----------------------------------------------------------------------------------


def test_whoever_acts_for_the_agency_is_reminded_on_each_rung_and_told_once(
    cast: make.Cast,
) -> None:
    update = make.owed(cast)
    for days in range(-20, 70):
        remind(at=from_due(days))
        remind(at=from_due(days))

    assert rungs_told() == [-14, -3, 0, 3, 10, 24, 38, 52, 66]
    assert {name for name, _facts in told()} == {
        "Coordinator of the ILO",
        "ILO alternate",
        "ILO focal point",
    }
    assert set(Delivery.objects.filter(kind="due").values_list("subject_type", "subject_id")) == {
        ("duty", update.duty_id)
    }
    assert Delivery.objects.filter(kind="due", channel="mail").count() == 3 * 9


def test_what_came_due_while_nothing_ran_is_told_afterwards_the_newest_alone(
    cast: make.Cast,
) -> None:
    make.owed(cast)
    remind(at=from_due(-14))
    remind(at=from_due(5))

    assert rungs_told() == [-14, 3]


def test_a_sent_update_is_not_reminded_and_a_returned_one_is_by_its_new_date(
    cast: make.Cast,
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    remind(at=from_due(0))
    assert told() == []

    make.do(
        "return",
        update,
        by=cast.coordinator,
        at=from_due(1),
        note="Say where.",
        due_on=date(2026, 6, 20),
    )
    remind(at=from_due(1))
    assert told() == []
    remind(at=on(date(2026, 6, 6)))

    assert [facts for name, facts in told() if name == "ILO focal point"] == [
        {"rung": -14, "due_on": "2026-06-20"}
    ]


def test_the_inbox_holds_one_line_for_each_update_and_answer(cast: make.Cast) -> None:
    make.owed(cast)
    make.proposed(cast, agency=cast.iom, role="supporting", respond_by=DUE_ON)
    make.open_round(cast, "2026-H2")
    for days in (-14, -3, 0, 3):
        remind(at=from_due(days))
        make.person(f"New focal point {days}", of=cast.ilo)
        remind(at=from_due(days) + timedelta(hours=1))
    left = Delivery.objects.filter(channel=INBOX, kind__in=("due", "answer_owed"), settled_at=None)
    found = sorted((row.user.name, row.cause.split(":", 2)[1], row.facts["rung"]) for row in left)

    assert len({(name, owed) for name, owed, _rung in found}) == len(found) == 2 * 7 + 1
    assert {rung for _name, owed, rung in found if not owed.startswith("a")} == {3}
    assert {rung for _name, owed, rung in found if owed.startswith("a")} == {0}
    assert Delivery.objects.filter(channel="mail", settled_at__isnull=False).count() == 0


def test_a_new_due_date_begins_new_rungs(cast: make.Cast) -> None:
    update = make.owed(cast)
    remind(at=from_due(-3))
    make.do(
        "set_due",
        update.duty,
        by=cast.coordinator,
        at=from_due(-2),
        note="A holiday.",
        due_on=date(2026, 6, 3),
    )
    remind(at=from_due(0))

    assert [(facts["due_on"], facts["rung"]) for name, facts in told() if "focal" in name] == [
        ("2026-05-31", -3),
        ("2026-06-03", -3),
    ]


@pytest.mark.parametrize("verb", ["waive", "close"])
def test_nobody_is_reminded_of_what_is_waived_or_of_a_closed_round(
    cast: make.Cast, verb: str
) -> None:
    update = make.owed(cast)
    duty = update.duty
    obj = duty if verb == "waive" else duty.round
    make.do(verb, obj, by=cast.coordinator, note="Not needed.")
    remind(at=from_due(0))

    assert told() == []


def test_nobody_is_reminded_of_what_is_approved_or_voluntary(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    remind(at=from_due(0))
    assert told() == []

    Duty.objects.update(state="open", voluntary=True)
    remind(at=from_due(0))
    assert told() == []


def test_a_duty_without_a_date_is_no_reason_to_remind(cast: make.Cast) -> None:
    make.owed(cast)
    Duty.objects.update(due_on=None)
    remind(at=from_due(0))

    assert told() == []


def test_each_round_has_its_own_rungs(cast: make.Cast) -> None:
    make.owed(cast)
    Round.objects.update(reminder_days=[-7, 1], reminder_every=0)
    for days in range(-20, 70):
        remind(at=from_due(days))

    assert rungs_told() == [-7, 1]


def test_the_deputy_is_reminded_in_place_of_who_handed_over(cast: make.Cast) -> None:
    make.owed(cast)
    make.handed_over(
        cast.ilo,
        by=cast.ilo_focal_point,
        to=cast.ilo_alternate,
        from_on=date(2026, 5, 10),
        until_on=date(2026, 5, 31),
    )
    remind(at=from_due(-14))

    assert [name for name, _facts in told()] == ["Coordinator of the ILO", "ILO alternate"]


def test_an_agency_without_anybody_is_told_to_the_coordinators_once_a_week(
    cast: make.Cast,
) -> None:
    make.owed(cast)
    Membership.objects.filter(agency=cast.ilo).update(until_on=date(2026, 5, 5))
    for day in range(11, 18):
        remind(at=on(date(2026, 5, day)))
    assert told() == []
    assert told("vacant") == [
        ("Coordinator", {"duties": 1}),
        ("Coordinator of the ILO", {"duties": 1}),
    ]

    remind(at=on(date(2026, 5, 18)))
    assert len(told("vacant")) == 4
    assert Delivery.objects.filter(kind="vacant").values_list(
        "subject_type", "subject_id"
    ).distinct().get() == ("agency", cast.ilo.pk)


# --- answers, reading, rounds ------------------------------------------------------------------


def test_an_answer_is_asked_for_until_it_is_given(cast: make.Cast) -> None:
    answer_by = date(2026, 5, 18)
    proposal = make.proposed(cast, respond_by=answer_by)
    for days in range(-10, 25):
        remind(at=on(answer_by + timedelta(days=days)))
    found = [facts for name, facts in told("answer_owed") if name == "ILO focal point"]
    assert found == [{"rung": rung, "respond_by": "2026-05-18"} for rung in (-3, 0, 7, 21)]

    make.do("consider", proposal, by=cast.ilo_focal_point, at=on(date(2026, 6, 15)))
    remind(at=on(date(2026, 6, 22)))
    assert len(told("answer_owed")) == 5 * 3
    make.do("accept", proposal, by=cast.ilo_focal_point, at=on(date(2026, 6, 23)))
    remind(at=on(date(2026, 7, 30)))

    assert len(told("answer_owed")) == 5 * 3


def test_what_was_read_and_left_is_said_once_to_the_reader_and_to_who_may_decide(
    cast: make.Cast,
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    reading.claim_reading(update, by=cast.coordinator, at=make.NOW)
    make.person("Second coordinator", office="coordinator")
    remind(at=make.later(days=2))
    assert told("claimed_long") == []
    remind(at=make.later(days=3))
    remind(at=make.later(days=4))

    assert told("claimed_long") == [
        ("Coordinator", {"since": "2026-05-04"}),
        ("Second coordinator", {"since": "2026-05-04"}),
    ]


def test_coordinators_hear_a_week_before_a_round_closes_and_again_for_another_day(
    cast: make.Cast,
) -> None:
    round = make.open_round(cast)
    remind(at=on(date(2026, 6, 22)))
    assert told("closing") == []
    for day in (23, 24, 30):
        remind(at=on(date(2026, 6, day)))
    assert [facts for _name, facts in told("closing")] == [{"closes_on": "2026-06-30"}] * 2

    make.do(
        "extend",
        round,
        by=cast.coordinator,
        at=on(date(2026, 6, 30)),
        note="A holiday.",
        due_on=date(2026, 7, 5),
        closes_on=date(2026, 7, 31),
    )
    remind(at=on(date(2026, 7, 1)))
    assert len(told("closing")) == 2
    remind(at=on(date(2026, 7, 24)))
    assert told("closing")[2][1] == {"closes_on": "2026-07-31"}


# --- the week in numbers -----------------------------------------------------------------------


def test_the_week_in_numbers_comes_once_a_week_to_the_coordinators(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.action(cast.area, "A2", order=2)
    for day in range(25, 31):
        remind(at=on(date(2026, 5, day)))
    counts = {"due": 1, "overdue": 0, "in_review": 0, "without_lead": 1}
    first = {"as_of": "2026-05-25T00:05:00+00:00", **counts}
    assert told("summary") == [("Coordinator", first), ("Coordinator of the ILO", first)]

    make.sent(update, by=cast.ilo_focal_point, at=on(date(2026, 5, 30)))
    remind(at=on(DUE_ON))  # a Sunday: the numbers of the week that begins tomorrow
    counts = {"due": 0, "overdue": 0, "in_review": 1, "without_lead": 1}
    second = {"as_of": "2026-05-31T00:05:00+00:00", **counts}
    assert told("summary")[2:] == [("Coordinator", second), ("Coordinator of the ILO", second)]


def test_a_coordinator_appointed_during_the_week_gets_the_numbers_once(cast: make.Cast) -> None:
    make.owed(cast)
    remind(at=on(date(2026, 5, 26)))
    make.person("Second coordinator", office="coordinator")
    remind(at=on(date(2026, 5, 27)))
    remind(at=on(date(2026, 5, 28)))

    assert [name for name, _facts in told("summary")] == [
        "Coordinator",
        "Coordinator of the ILO",
        "Second coordinator",
    ]


def test_there_are_no_numbers_of_a_framework_in_which_nothing_runs(cast: make.Cast) -> None:
    remind(at=make.NOW)

    assert told("summary") == []


# --- the pass ----------------------------------------------------------------------------------


def many(cast: make.Cast, agencies: int) -> None:
    """Let so many agencies owe an update and an answer."""
    for number in range(agencies):
        agency = make.agency(f"AG{number}")
        by = make.person(f"Focal point {number}", of=agency)
        action = make.action(cast.area, f"B{number}", order=100 + number)
        make.accepted(cast, agency=agency, action=action, by=by)
        make.proposed(cast, agency=agency, role="supporting", respond_by=date(2026, 5, 18))


def questions(at: datetime) -> int:
    """Return how many questions a pass asks the database; what it writes goes in batches."""
    with CaptureQueriesContext(connection) as captured:
        remind(at=at)
    return sum(query["sql"].startswith("SELECT") for query in captured)


@pytest.mark.parametrize("agencies", [3, 20])
def test_the_number_of_queries_does_not_grow_with_the_duties(
    cast: make.Cast, agencies: int
) -> None:
    many(cast, agencies)
    make.open_round(cast)

    assert questions(from_due(0)) == 23
    assert len(told()) == agencies
    assert questions(from_due(1)) == 10


def test_a_round_whose_days_cannot_be_read_stops_nobody_elses_reminders(
    cast: make.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    make.owed(cast)
    broken = make.open_round(cast, "2026-H2")
    Round.objects.filter(pk=broken.pk).update(reminder_days=["soon"])
    remind(at=from_due(0))

    assert rungs_told() == [0]
    waiting = Duty.objects.filter(round=broken).order_by("id").values_list("pk", flat=True)
    logged = [text for text in caplog.messages if text.startswith("not reminded")]
    assert logged == [
        f"not reminded of what waits with id {pk}: "
        "ValueError: invalid literal for int() with base 10: 'soon'"
        for pk in waiting
    ]


def without_its_object(duty: Duty) -> None:
    """Take from a duty what it is about, past the rule of the database that forbids it."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE recommendations_duty DROP CONSTRAINT duty_kind_has_its_object"
            )
        Duty.objects.filter(pk=duty.pk).update(assignment=None)
        if sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_a_duty_that_nobody_can_owe_hides_neither_a_reminder_nor_a_vacant_agency(
    cast: make.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    vacant = make.agency("AG1")
    by = make.person("Focal point 1", of=vacant)
    second = make.action(cast.area, "B1", order=50)
    make.accepted(cast, agency=vacant, by=by, action=second)
    make.accepted(cast, action=make.action(cast.area, "B2", order=51))
    broken = make.owed(cast).duty
    Membership.objects.filter(agency=vacant).update(until_on=date(2026, 5, 5))
    without_its_object(broken)
    remind(at=from_due(0))

    assert rungs_told() == [0]
    assert told("vacant") == [
        ("Coordinator", {"duties": 1}),
        ("Coordinator of the ILO", {"duties": 1}),
    ]
    logged = [text for text in caplog.messages if "AssertionError" in text]
    why = "AssertionError: a duty has an assignment or an agency"
    assert logged == [f"not reminded of what waits with id {broken.pk}: {why}"]


def test_what_cannot_be_told_leaves_its_older_line_and_is_told_once_it_was_put_right(
    cast: make.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """The weekly digest of one person has a day that no week has."""
    second = make.action(cast.area, "B1", order=50)
    make.accepted(cast, agency=cast.iom, by=cast.iom_focal_point, action=second)
    duty = make.owed(cast).duty
    remind(at=from_due(-3))
    wanted = MailSettings.objects.create(user=cast.ilo_focal_point, digest_weekday=9)
    NoticeChoice.objects.create(user=cast.ilo_focal_point, kind="due", how="weekly")
    remind(at=from_due(0))

    assert rungs_waiting(cast.ilo_focal_point) == [-3]
    assert rungs_waiting(cast.iom_focal_point) == [0]
    logged = [text for text in caplog.messages if text.startswith("not reminded")]
    why = "AssertionError: no digest within two weeks"
    assert logged == [f"not reminded of rung:{duty.pk}:2026-05-31:0: {why}"]

    MailSettings.objects.filter(pk=wanted.pk).update(digest_weekday=0)
    remind(at=from_due(0))
    assert rungs_waiting(cast.ilo_focal_point) == [0]


def rungs_waiting(user: User) -> list[int]:
    """Return the rungs that stand in a person's inbox."""
    rows = Delivery.objects.filter(user=user, kind="due", channel=INBOX, settled_at=None)
    return [row.facts["rung"] for row in rows.order_by("id")]


def test_two_timetables_remind_once_an_hour_and_a_failed_run_is_free_again(
    cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.owed(cast)
    with monkeypatch.context() as broken:
        broken.setattr("recommendations.notify.deliveries.tell", fail)
        with pytest.raises(OperationalError):
            remind_hourly(at=from_due(0))
    assert told() == []

    remind_hourly(at=from_due(0))
    Delivery.objects.all().delete()
    remind_hourly(at=from_due(0) + timedelta(minutes=50))
    assert told() == []
    remind_hourly(at=from_due(0) + timedelta(hours=1))
    assert len(told()) == 3


def fail(*_args: object, **_more: object) -> None:
    """Stand for a database that went away."""
    raise OperationalError


def test_runs_of_a_month_ago_are_forgotten(db: None) -> None:
    first = make.NOW
    assert timetable.once("remind", first, at=first)
    assert not timetable.once("remind", first, at=first)
    assert timetable.once("remind", make.later(days=31), at=make.later(days=31))
    assert timetable.once("remind", first, at=make.later(days=31))


# --- who acts ----------------------------------------------------------------------------------


def test_who_acts_for_each_is_who_acts_for_one(cast: make.Cast) -> None:
    """In every arrangement of people that occurs: none, alternates, hand-overs, gone receivers."""
    empty, alternates, handed, lapsed = (make.agency(code) for code in ("E", "ALT", "H", "L"))
    for number in (1, 2):
        make.member(make.person(f"Alternate {number}"), alternates, capacity="alternate")
        make.member(make.person(f"Clears {number}"), empty, capacity="clearing_officer")
        make.person(f"Given {number}", of=handed)
        make.person(f"Lapsed {number}", of=lapsed)
    gone = make.person("Gone", of=alternates)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for agency, word in ((handed, "Given"), (lapsed, "Lapsed")):
        giver, receiver = (User.objects.get(name=f"{word} {number}") for number in (1, 2))
        make.handed_over(agency, by=giver, to=receiver)
    Membership.objects.filter(user__name="Lapsed 2").update(until_on=date(2026, 5, 9))
    agencies = list(Agency.objects.all())
    for day in (date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 13)):
        with CaptureQueriesContext(connection) as captured:
            found = acting_for_each([one.pk for one in agencies], day)

        assert len(captured) == 2
        assert found == {one.pk: list(handovers.acting_for(one, day)) for one in agencies}


# --- other days while the round is open --------------------------------------------------------


def rearrange(cast: make.Cast, round: Round, *, at: datetime, days: list[int]) -> None:
    """Let the coordinator give an open round other days, without repeats."""
    round.refresh_from_db()
    planning.change_reminders(
        round,
        values={"reminder_days": days, "reminder_every": 0, "reminder_last": 66},
        by=cast.coordinator,
        at=at,
        note="A holiday.",
        version=round.version,
    )


def test_a_new_day_that_has_passed_is_told_with_the_next_digest_the_newest_alone(
    cast: make.Cast,
) -> None:
    round = make.owed(cast).duty.round
    remind(at=from_due(-14))
    rearrange(cast, round, at=from_due(-5), days=[-14, -10, -7, 0])
    remind(at=from_due(-5))
    remind(at=from_due(-4))

    assert rungs_told() == [-14, -7]
    assert rungs_waiting(cast.ilo_focal_point) == [-7]


def test_days_that_were_told_and_taken_away_bring_no_older_reminder_back(cast: make.Cast) -> None:
    round = make.owed(cast).duty.round
    remind(at=from_due(-14))
    remind(at=from_due(-3))
    rearrange(cast, round, at=from_due(-2), days=[-14, -5, 0])
    remind(at=from_due(-2))

    assert rungs_told() == [-14, -3]
    assert rungs_waiting(cast.ilo_focal_point) == [-3]
    remind(at=from_due(0))
    assert rungs_told() == [-14, -3, 0]
