"""Where an assignment stands: what is in force, what was assessed, and who may know."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from agencies import revisions
from agencies.models import Agency
from recommendations.models import Assignment, Submission, Update
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.standings import DatedStanding, read, standings
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

PUBLIC, INSIDE = Scope.PUBLIC, Scope.INSIDE


@pytest.fixture
def lead() -> Assignment:
    _, (action,), (agency,) = builders.world()
    return builders.held(action, agency)


def rows_of(assignment: Assignment, *, days: float, scope: Scope) -> tuple[DatedStanding, ...]:
    """Return the standings at a moment, read by the tracks and, the same, by the newest rows."""
    framework, as_of = assignment.action.framework, later(days=days)
    rows = standings(framework, as_of=as_of, scope=scope).rows
    by_newest = read(Basis(framework, as_of, scope)).every_standing
    assert [
        {**asdict(one), "since": row.since} for one, row in zip(by_newest, rows, strict=True)
    ] == [asdict(row) for row in rows]
    return rows


def stands(assignment: Assignment, *, days: float, scope: Scope = INSIDE) -> tuple[str, bool]:
    (row,) = rows_of(assignment, days=days, scope=scope)
    return row.status, row.verified


def test_an_assignment_without_a_report_has_no_status(lead: Assignment) -> None:
    (row,) = rows_of(lead, days=1, scope=PUBLIC)
    assert (row.status, row.verified, row.shown) == ("", False, "no_report")
    assert (row.submission_id, row.reported_at, row.in_force_at, row.since) == (None,) * 4


def test_a_sent_text_counts_only_once_it_is_approved(lead: Assignment) -> None:
    submission = builders.sent(lead, at=later(days=1))
    builders.approved(submission, at=later(days=2), published_at=later(days=2))
    assert stands(lead, days=1.5) == ("", False)
    assert stands(lead, days=2) == ("in_progress", False)


def test_what_happened_at_the_very_moment_counts(lead: Assignment) -> None:
    builders.said(lead, at=later(days=1))
    framework = lead.action.framework
    before = standings(framework, as_of=later(days=1, microseconds=-1), scope=PUBLIC).rows
    assert (before[0].status, stands(lead, days=1, scope=PUBLIC)[0]) == ("", "in_progress")


def test_a_held_text_counts_inside_and_for_the_public_when_it_is_published(
    lead: Assignment,
) -> None:
    builders.said(lead, "not_started", at=later(days=1))
    held = builders.sent(lead, "implemented", at=later(days=2))
    builders.approved(held, at=later(days=3), published_at=later(days=5))
    assert stands(lead, days=4, scope=INSIDE) == ("implemented", False)
    assert stands(lead, days=4, scope=PUBLIC) == ("not_started", False)
    assert stands(lead, days=5, scope=PUBLIC) == ("implemented", False)


def test_the_assessment_of_a_held_text_does_not_unsettle_the_public_figure(
    lead: Assignment,
) -> None:
    builders.verified(lead, "in_progress", at=later(days=1))
    held = builders.sent(lead, "implemented", at=later(days=2))
    builders.approved(held, at=later(days=3), published_at=later(days=5))
    builders.assessed(held, "implemented", at=later(days=3))
    assert stands(lead, days=4, scope=PUBLIC) == ("in_progress", True)
    assert stands(lead, days=4, scope=INSIDE) == ("implemented", True)
    assert stands(lead, days=5, scope=PUBLIC) == ("implemented", True)


def test_the_newest_approved_text_is_in_force_over_all_rounds(lead: Assignment) -> None:
    builders.said(lead, "in_progress", at=later(days=1))
    second = builders.owed(builders.a_round(lead.action.framework, "R2"), lead)
    builders.said(second, "implemented", at=later(days=2))
    assert stands(lead, days=1) == ("in_progress", False)
    assert stands(lead, days=2) == ("implemented", False)


def test_the_moment_of_approval_decides_not_the_moment_of_sending(lead: Assignment) -> None:
    duty = builders.duty_of(lead)
    other = Update.objects.create(duty=duty, review_state="approved")
    early = builders.sent(duty, "on_hold", at=later(days=1))
    late = builders.sent(duty, "in_progress", at=later(days=2), update=other)
    builders.approved(late, at=later(days=3), published_at=later(days=3))
    builders.approved(early, at=later(days=4), published_at=later(days=4))
    assert stands(lead, days=5) == ("on_hold", False)


def test_of_two_texts_approved_at_one_moment_the_one_written_last_is_in_force(
    lead: Assignment,
) -> None:
    builders.said(lead, "in_progress", at=later(days=1))
    builders.said(lead, "on_hold", at=later(days=1))
    assert stands(lead, days=1, scope=PUBLIC) == ("on_hold", False)
    assert stands(lead, days=1, scope=INSIDE) == ("on_hold", False)


@pytest.mark.parametrize("scope", [PUBLIC, INSIDE])
def test_a_retracted_text_leaves_the_one_before_it_in_force(lead: Assignment, scope: Scope) -> None:
    builders.said(lead, "in_progress", at=later(days=1))
    builders.decided(
        builders.said(lead, "implemented", at=later(days=2)), "retract", at=later(days=3)
    )
    assert stands(lead, days=2, scope=scope) == ("implemented", False)
    assert stands(lead, days=3, scope=scope) == ("in_progress", False)


def test_reopening_changes_no_figure(lead: Assignment) -> None:
    submission = builders.verified(lead, "in_progress", at=later(days=1))
    builders.decided(submission, "reopen", at=later(days=2))
    assert stands(lead, days=3, scope=PUBLIC) == ("in_progress", True)


def test_a_returned_text_never_counts(lead: Assignment) -> None:
    builders.decided(builders.sent(lead, at=later(days=1)), "return", at=later(days=2))
    assert stands(lead, days=3) == ("", False)


def test_nothing_to_report_never_comes_in_force(lead: Assignment) -> None:
    builders.said(lead, "in_progress", at=later(days=1))
    builders.said(lead, "", at=later(days=2), kind="nothing_to_report")
    (row,) = rows_of(lead, days=3, scope=PUBLIC)
    assert (row.status, row.reported_at) == ("in_progress", later(days=1))


def test_nothing_new_repeats_the_claim_and_renews_the_information(lead: Assignment) -> None:
    first = builders.said(lead, "in_progress", at=later(days=1))
    builders.said(lead, "in_progress", at=later(days=9), kind="no_change", repeats=first)
    (row,) = rows_of(lead, days=10, scope=PUBLIC)
    assert (row.submission_kind, row.reported_at, row.since) == (
        "no_change",
        later(days=9),
        later(days=1),
    )


def test_the_assessment_stands_over_the_claim_while_it_rests_on_the_text_in_force(
    lead: Assignment,
) -> None:
    first = builders.said(lead, "implemented", at=later(days=1))
    builders.assessed(first, "in_progress", at=later(days=2))
    builders.said(lead, "implemented", at=later(days=3))
    assert stands(lead, days=1) == ("implemented", False)
    assert stands(lead, days=2) == ("in_progress", True)
    assert stands(lead, days=3) == ("implemented", False)


def test_the_newest_assessment_counts_and_of_one_moment_the_one_written_last(
    lead: Assignment,
) -> None:
    text = builders.said(lead, "implemented", at=later(days=1))
    builders.assessed(text, "in_progress", at=later(days=2))
    builders.assessed(text, "implemented", at=later(days=2))
    assert stands(lead, days=2, scope=PUBLIC) == ("implemented", True)


def test_the_assessment_of_a_retracted_text_leaves_the_older_claim_unverified(
    lead: Assignment,
) -> None:
    builders.verified(lead, "in_progress", at=later(days=1))
    second = builders.verified(lead, "implemented", at=later(days=2))
    builders.decided(second, "retract", at=later(days=3))
    assert stands(lead, days=3) == ("in_progress", False)
    assert stands(lead, days=3, scope=PUBLIC) == ("in_progress", False)


def test_a_claim_of_implemented_is_shown_as_reported_until_it_is_verified(
    lead: Assignment,
) -> None:
    text = builders.said(lead, "implemented", at=later(days=1))
    builders.assessed(text, "implemented", at=later(days=2))
    (before,), (after,) = (rows_of(lead, days=days, scope=PUBLIC) for days in (1, 2))
    assert (before.shown, before.is_closed) == ("reported_implemented", False)
    assert (after.shown, after.is_closed) == ("implemented", True)


def test_since_is_when_the_status_began_and_not_when_it_was_repeated_or_verified(
    lead: Assignment,
) -> None:
    builders.said(lead, "not_started", at=later(days=1))
    builders.said(lead, "in_progress", at=later(days=2))
    builders.verified(lead, "in_progress", at=later(days=5))
    assert rows_of(lead, days=6, scope=INSIDE)[0].since == later(days=2)
    builders.said(lead, "on_hold", at=later(days=7))
    builders.said(lead, "in_progress", at=later(days=8))
    assert rows_of(lead, days=9, scope=INSIDE)[0].since == later(days=8)


def test_since_counts_from_publication_for_the_public(lead: Assignment) -> None:
    text = builders.sent(lead, at=later(days=1))
    builders.approved(text, at=later(days=2), published_at=later(days=3))
    assert rows_of(lead, days=4, scope=PUBLIC)[0].since == later(days=3)
    assert rows_of(lead, days=4, scope=INSIDE)[0].since == later(days=2)


def test_the_public_knows_active_assignments_only_the_inside_all_live_ones() -> None:
    framework, (action,), agencies = builders.world(agencies=7)
    answers = ("proposed", "accepted", "partially_accepted", "under_consideration")
    for agency, answer in zip(agencies, (*answers, "declined", "withdrawn", "ended"), strict=True):
        builders.held(action, agency, "supporting", acceptance=answer)
    public, inside = (
        [row.acceptance for row in standings(framework, as_of=later(days=1), scope=scope).rows]
        for scope in (PUBLIC, INSIDE)
    )
    assert public == ["accepted", "partially_accepted"]
    assert inside == [*answers]


def test_the_acceptance_is_the_newest_answer_by_then(lead: Assignment) -> None:
    builders.answered(lead, "partially_accepted", at=later(days=2))
    builders.answered(lead, "ended", at=later(days=4))
    assert [
        [row.acceptance for row in rows_of(lead, days=days, scope=PUBLIC)] for days in (1, 3, 5)
    ] == [["accepted"], ["partially_accepted"], []]


def test_an_assignment_does_not_exist_before_it_was_recorded() -> None:
    framework, (action,), (agency,) = builders.world()
    builders.held(action, agency, at=later(days=3))
    counts = [
        len(standings(framework, as_of=later(days=days), scope=INSIDE).rows) for days in (2, 3)
    ]
    assert counts == [0, 1]


def test_the_target_date_is_the_newest_by_then(lead: Assignment) -> None:
    builders.targeted(lead, date(2026, 12, 31), at=later(days=1))
    builders.targeted(lead, date(2027, 6, 30), at=later(days=3))
    rows = [rows_of(lead, days=days, scope=PUBLIC)[0] for days in (0, 1, 4)]
    assert [(row.target_on, row.target_precision) for row in rows] == [
        (None, ""),
        (date(2026, 12, 31), "day"),
        (date(2027, 6, 30), "day"),
    ]


def test_names_and_titles_are_those_of_the_moment(lead: Assignment) -> None:
    action, agency = lead.action, lead.agency
    action.short_title = "New title"
    action.restate(at=later(days=2), by=None)
    agency.acronym, agency.name = "NEW", "New name"
    agency.save()
    agency.restate(at=later(days=2), by=None)
    old, new = (rows_of(lead, days=days, scope=PUBLIC)[0] for days in (1, 3))
    assert (old.action_title, old.agency, old.agency_name) == (
        "Short title of A1",
        "AG01",
        "Full name of AG01",
    )
    assert (new.action_title, new.agency, new.agency_name) == ("New title", "NEW", "New name")


def test_rows_come_by_action_then_by_the_acronym_of_the_time() -> None:
    framework, (first, second), _ = builders.world(actions=2, agencies=0)
    zeta, alpha = (
        Agency(code=code, acronym=acronym, name=acronym, category="gmg")
        for code, acronym in (("Z", "zeta"), ("A", "Alpha"))
    )
    for agency in (zeta, alpha):
        revisions.create(agency, by=None, at=NOW)
        builders.held(second, agency, "supporting")
        builders.held(first, agency, "supporting")
    rows = standings(framework, as_of=later(days=1), scope=PUBLIC).rows
    assert [(row.action_code, row.agency) for row in rows] == [
        ("A1", "Alpha"),
        ("A1", "zeta"),
        ("A2", "Alpha"),
        ("A2", "zeta"),
    ]


def test_with_a_round_only_the_texts_of_that_round_count(lead: Assignment) -> None:
    framework = lead.action.framework
    first, second = (builders.a_round(framework, code) for code in ("R1", "R2"))
    builders.verified(builders.owed(first, lead), "not_started", at=later(days=1))
    builders.owed(second, lead)
    found = [
        standings(framework, as_of=later(days=2), scope=PUBLIC, round=chosen).rows[0]
        for chosen in (first, second, None)
    ]
    assert [(row.status, row.verified) for row in found] == [
        ("not_started", True),
        ("", False),
        ("not_started", True),
    ]


def test_the_assignments_of_another_framework_are_not_counted(lead: Assignment) -> None:
    other = builders.make.framework("other", is_default=False)
    action = builders.make.action(builders.make.area(other))
    builders.said(builders.held(action, lead.agency), at=NOW)
    assert [row.status for row in rows_of(lead, days=1, scope=PUBLIC)] == [""]


def test_a_figure_says_what_it_is_about(lead: Assignment) -> None:
    figure = standings(lead.action.framework, as_of=NOW, scope=PUBLIC)
    assert (figure.framework, figure.as_of, figure.scope) == ("hld-2013", NOW, PUBLIC)
    assert figure.position == "Position on 4 May 2026, 09:30 UTC. Published updates only."


def test_a_row_names_the_text_in_force(lead: Assignment) -> None:
    text = builders.sent(lead, at=later(days=1))
    builders.approved(text, at=later(days=2), published_at=later(days=3))
    (row,) = rows_of(lead, days=4, scope=PUBLIC)
    assert row.submission_id == Submission.objects.get().pk
    assert (row.reported_at, row.in_force_at) == (later(days=1), later(days=3))
