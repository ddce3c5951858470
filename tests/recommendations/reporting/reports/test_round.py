"""The round report for principals: where it stands, what moved, gaps, who is silent."""

from __future__ import annotations

from datetime import date

import pytest

from agencies import revisions
from recommendations.models import Assignment, Round
from recommendations.reporting.facts import Scope
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import report, row, rows, section


@pytest.fixture
def round(cast: make.Cast) -> Round:
    """Return a round that opened on day 2."""
    return builders.a_round(cast.framework, "2026-H1", at=later(days=2))


@pytest.fixture
def lead(cast: make.Cast) -> Assignment:
    """Return what the ILO leads since day 1."""
    return builders.held(cast.action, cast.ilo, at=later(days=1))


def test_the_two_pages_come_first_and_the_annex_after(cast: make.Cast, round: Round) -> None:
    found = report("round", cast.framework, round=round)

    assert [(one.key, one.annex) for one in found.sections] == [
        ("areas", False),
        ("movements", False),
        ("moved", False),
        ("gaps", False),
        ("not_reported", False),
        ("actions", True),
        ("agency_movements", True),
        ("timeliness", True),
    ]


def test_the_public_learns_nothing_of_what_is_owed_or_late(cast: make.Cast, round: Round) -> None:
    found = report("round", cast.framework, round=round, scope=Scope.PUBLIC)

    assert [one.key for one in found.sections] == [
        "areas",
        "movements",
        "moved",
        "gaps",
        "silent",
        "actions",
        "agency_movements",
    ]
    assert "not_answered" not in [gap for (gap,) in rows(found, "gaps", "gap")]


def test_an_area_has_a_bar_with_the_numbers_of_its_row(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.verified(builders.owed(round, lead), "implemented", at=later(days=3))
    other = make.action(cast.area, "A2", order=2)
    builders.held(other, cast.iom, at=later(days=1))

    found = report("round", cast.framework, round=round)

    (bar,) = section(found, "areas").bars
    assert bar.label == "A Area A"
    assert {part.code: part.count for part in bar.parts if part.count} == {
        "implemented": 1,
        "no_information": 1,
    }
    names = ("actions", "implemented", "no_information", "leads", "reporting", "verified")
    assert rows(found, "areas", *names) == [(2, 1, 1, 2, 1, 1)]
    assert section(found, "areas").sentences == (
        "2 actions: 1 implemented, 1 without a report.",
        "1 of 2 leads have reported, 1 verified; oldest information: 7 May 2026.",
    )


def test_it_says_what_moved_since_the_round_opened(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.said(lead, "not_started", at=later(days=1))
    builders.said(lead, "in_progress", at=later(days=3))
    second, third = (make.action(cast.area, f"A{n}", order=n) for n in (2, 3))
    down = builders.held(second, cast.ilo, at=later(days=1))
    builders.said(down, "in_progress", at=later(days=1))
    builders.said(down, "on_hold", at=later(days=3))
    builders.said(builders.held(third, cast.iom, at=later(days=1)), at=later(days=3))

    found = report("round", cast.framework, round=round)

    assert rows(found, "moved", "direction", "action", "before", "after") == [
        ("up", "A1", "not_started", "in_progress"),
        ("down", "A2", "in_progress", "on_hold"),
        ("first", "A3", "no_information", "in_progress"),
    ]
    assert section(found, "moved").sentences == (
        "1 action moved up, 1 down, 1 reported for the first time.",
    )


def test_the_books_balance_and_say_since_when(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.said(lead, "discontinued", at=later(days=3))
    builders.held(make.action(cast.area, "A2", order=2), cast.iom, at=later(days=3))

    found = report("round", cast.framework, round=round)

    numbers = ("of", "code", "opening", "new", "reopened", "closed", "closing")
    assert rows(found, "movements", *numbers) == [
        ("total", "", 1, 1, 0, 1, 1),
        ("area", "A", 1, 1, 0, 1, 1),
    ]
    assert rows(found, "agency_movements", *numbers) == [
        ("agency", "ILO", 1, 0, 0, 1, 0),
        ("agency", "IOM", 0, 1, 0, 0, 1),
    ]
    assert section(found, "movements").sentences == (
        "Since round 2026-H1 opened on 6 May 2026, 09:30 UTC.",
        "opening 1 + new 1 + reopened 0 − closed 1 = closing 1.",
    )
    assert section(found, "agency_movements").sentences == (
        "Since round 2026-H1 opened on 6 May 2026, 09:30 UTC.",
        "Agencies overlap: an action that two share is an assignment of each.",
    )


def test_a_gap_has_its_number_and_what_it_is_a_share_of(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.targeted(lead, date(2026, 5, 10), at=later(days=1))
    other = make.action(cast.area, "A2", order=2)
    builders.held(other, cast.iom, at=later(days=1))
    make.action(cast.area, "A3", order=3)
    builders.held(make.action(cast.area, "A4", order=4), cast.iom, acceptance="proposed")

    found = report("round", cast.framework, round=round)

    assert rows(found, "gaps", "gap", "count", "of") == [
        ("no_lead", 2, 4),
        ("never_reported", 2, 2),
        ("stale", 0, 2),
        ("past_target", 1, 2),
        ("no_target_date", 1, 2),
        ("not_answered", 1, 3),
    ]
    assert section(found, "gaps").sentences[1] == (
        "1 of 2 open leads are past their target date; 1 has no target date."
    )


def test_who_has_not_reported_comes_by_agency_what_is_missing_most_first(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.sent(builders.owed(round, lead, at=later(days=2)), at=later(days=3))
    for number in (2, 3):
        more = make.action(cast.area, f"A{number}", order=number)
        builders.owed(round, builders.held(more, cast.iom), at=later(days=2))
    last = builders.held(make.action(cast.area, "A4", order=4), cast.ilo)
    builders.owed(round, last, at=later(days=2))

    found = report("round", cast.framework, round=round)

    assert rows(found, "not_reported", "agency", "expected", "sent", "missing") == [
        ("IOM", 2, 0, 2),
        ("ILO", 2, 1, 1),
    ]
    assert section(found, "not_reported").sentences == (
        "4 updates expected: 1 sent (0 approved, 1 in review, 0 returned), 3 missing.",
    )


def test_the_public_reads_which_leads_have_nothing_published(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    text = builders.sent(lead, at=later(days=3))
    builders.approved(text, at=later(days=3), published_at=None)

    found = report("round", cast.framework, round=round, scope=Scope.PUBLIC)

    assert rows(found, "silent", "agency", "without", "leads") == [("ILO", 1, 1)]
    assert section(found, "silent").sentences == ("Nothing is published yet on 1 of 1 lead.",)


def test_the_annex_has_every_action_with_its_newest_text_in_short(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.said(lead, "implemented", at=later(days=3), text="Old.")
    helper = builders.held(cast.action, cast.iom, "supporting", at=later(days=1))
    builders.said(helper, at=later(days=4), text="word " * 60)

    found = row(report("round", cast.framework, round=round), "actions")

    assert (found["standing"], found["lead_agencies"]) == ("reported_implemented", "ILO")
    assert (found["leads"], found["reporting"], found["verified"]) == (1, 1, 0)
    assert found["oldest"] == later(days=3)
    assert (found["newest_by"], found["newest_at"]) == ("IOM", later(days=4))
    assert found["newest_text"] == ("word " * 24).strip() + "…"


def test_names_are_those_of_the_moment(cast: make.Cast, round: Round, lead: Assignment) -> None:
    renamed = {"acronym": "BIT", "name": "Bureau international du Travail"}
    revisions.revise(
        cast.ilo, values=renamed, by=cast.administrator, at=later(days=5), note="x", version=1
    )
    builders.owed(round, lead, at=later(days=2))

    before = report("round", cast.framework, round=round, as_of=later(days=4))
    after = report("round", cast.framework, round=round, as_of=later(days=5))

    assert row(before, "actions")["lead_agencies"] == "ILO"
    assert row(after, "actions")["lead_agencies"] == "BIT"
    assert rows(before, "not_reported", "agency", "agency_name") == [("ILO", "Full name of ILO")]
    assert rows(after, "not_reported", "agency", "agency_name") == [("ILO", renamed["name"])]


def test_before_a_round_opened_it_tells_what_moved_since_the_beginning(cast: make.Cast) -> None:
    planned = make.planned_round(cast.framework)

    found = report("round", cast.framework, round=planned)

    assert section(found, "movements").sentences[0] == (
        "Since the beginning, 4 May 2026, 09:30 UTC."
    )


def test_the_public_does_not_learn_who_was_asked_and_has_not_taken_on_anything(
    cast: make.Cast, round: Round, lead: Assignment
) -> None:
    builders.held(make.action(cast.area, "A2", order=2), cast.iom, acceptance="proposed")
    declined = builders.held(make.action(cast.area, "A3", order=3), make.agency("WHO"))
    declined.answers.update(acceptance="declined")

    for scope in Scope:
        found = report("round", cast.framework, round=round, scope=scope)
        assert rows(found, "agency_movements", "code") == [("ILO",)]
        assert "IOM" not in str(rows(found, "actions", "lead_agencies"))
