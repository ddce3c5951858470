"""Late and missing: never a number of what is late without its date, and what has none beside."""

from __future__ import annotations

from datetime import date

from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import report, rows, section

DUE = date(2026, 5, 8)


def test_what_is_overdue_comes_the_latest_first_with_its_date(cast: make.Cast) -> None:
    round = builders.a_round(cast.framework)
    first = builders.held(cast.action, cast.ilo)
    second = builders.held(make.action(cast.area, "A2", order=2), cast.iom)
    builders.owed(round, first, due_on=date(2026, 5, 11))
    builders.owed(round, second, due_on=DUE)

    found = report("late", cast.framework)

    assert rows(found, "overdue", "agency", "action", "days_late", "due_on", "state") == [
        ("IOM", "A2", 5, DUE, "missing"),
        ("ILO", "A1", 2, date(2026, 5, 11), "missing"),
    ]
    assert section(found, "overdue").sentences == (
        "2 are overdue.",
        "0 have no due date.",
    )


def test_days_late_count_from_the_date_that_was_due_then(cast: make.Cast) -> None:
    duty = builders.owed(
        builders.a_round(cast.framework), builders.held(cast.action, cast.ilo), due_on=DUE
    )
    builders.sent(duty, at=later(days=7))
    builders.postponed(duty, date(2026, 5, 30), at=later(days=8))

    found = report("late", cast.framework)

    assert rows(found, "overdue", "agency") == []
    assert rows(found, "sent_late", "agency", "days_late", "state") == [("ILO", 3, "in_review")]
    assert section(found, "sent_late").annex is True


def test_who_has_not_reported_comes_by_what_is_missing(cast: make.Cast) -> None:
    round = builders.a_round(cast.framework)
    builders.sent(builders.owed(round, builders.held(cast.action, cast.ilo)), at=later(days=1))
    builders.owed(round, builders.held(make.action(cast.area, "A2", order=2), cast.iom))

    found = report("late", cast.framework, round=round)

    assert rows(found, "missing", "agency", "expected", "missing") == [("IOM", 1, 1)]
    assert section(found, "missing").sentences == (
        "2 updates expected: 1 sent (0 approved, 1 in review, 0 returned), 1 missing.",
    )


def test_a_target_is_past_only_after_the_last_day_it_can_mean(cast: make.Cast) -> None:
    leads = [builders.held(make.action(cast.area, f"B{n}", order=n), cast.ilo) for n in range(1, 5)]
    for lead, on in zip(leads, [DUE, date(2026, 1, 1), date(2026, 4, 2), None], strict=True):
        builders.targeted(lead, on, at=later(days=1))
    leads[1].targets.filter(on__isnull=False).update(precision="year")
    leads[2].targets.filter(on__isnull=False).update(precision="month")

    found = report("late", cast.framework)

    assert rows(found, "targets", "action", "days_past", "target_on", "target_precision") == [
        ("B3", 13, date(2026, 4, 2), "month"),
        ("B1", 5, DUE, "day"),
    ]
    assert section(found, "targets").sentences == (
        "2 of 4 open leads are past their target date; 1 has no target date.",
    )


def test_what_is_closed_or_continuing_is_never_past_its_target_date(cast: make.Cast) -> None:
    for number, status in enumerate(("implemented", "discontinued", "continuing"), start=1):
        action = make.action(cast.area, f"B{number}", order=number)
        lead = builders.held(action, cast.ilo, target_on=DUE)
        builders.verified(lead, status, at=later(days=1))

    found = report("late", cast.framework)

    assert rows(found, "targets", "action") == []
    assert section(found, "targets").nothing == "No target date has passed."


def test_a_claim_of_implemented_that_nobody_verified_can_be_past_its_date(
    cast: make.Cast,
) -> None:
    lead = builders.held(cast.action, cast.ilo, target_on=DUE)
    builders.said(lead, "implemented", at=later(days=1))

    found = report("late", cast.framework)

    assert rows(found, "targets", "action", "status") == [("A1", "reported_implemented")]


def test_who_was_asked_to_lead_and_has_not_answered_is_named_with_its_day(
    cast: make.Cast,
) -> None:
    second = make.action(cast.area, "A2", order=2)
    builders.held(cast.action, cast.ilo, acceptance="proposed")
    builders.held(second, cast.iom, acceptance="under_consideration", respond_by=DUE)

    found = report("late", cast.framework)

    assert rows(found, "unanswered", "agency", "respond_by", "late") == [
        ("IOM", DUE, "yes"),
        ("ILO", None, "no"),
    ]


def test_it_is_narrowed_to_an_agency_or_an_area(cast: make.Cast) -> None:
    round = builders.a_round(cast.framework)
    second = make.action(make.area(cast.framework, "B"), "B1")
    for action, agency in ((cast.action, cast.ilo), (second, cast.iom)):
        builders.owed(round, builders.held(action, agency, target_on=DUE), due_on=DUE)
    builders.owed(round, None, agency=cast.ilo, due_on=DUE)

    of_agency = report("late", cast.framework, agency=cast.iom)
    of_area = report("late", cast.framework, area=cast.area)

    assert rows(of_agency, "overdue", "agency", "duty") == [("IOM", "progress")]
    assert rows(of_agency, "targets", "action") == [("B1",)]
    assert rows(of_area, "overdue", "agency", "duty") == [("ILO", "progress")]
    assert rows(of_area, "targets", "action") == [("A1",)]
