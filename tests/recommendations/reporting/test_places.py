"""The figures of one action, one area, one agency, and the newest texts."""

from __future__ import annotations

from datetime import datetime

import pytest

from recommendations.models import Assignment, Evidence, Role, RollUp, SubmissionEvidence
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.latest import EXCERPT, latest_published
from recommendations.reporting.places import action_page, agency_page, area_page
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

PUBLIC, INSIDE = Scope.PUBLIC, Scope.INSIDE


@pytest.fixture
def lead() -> Assignment:
    _, (action,), (agency,) = builders.world()
    return builders.held(action, agency)


def test_an_action_page_shows_its_agencies_by_role_then_by_acronym() -> None:
    _, (action,), agencies = builders.world(agencies=4)
    roles = (Role.SUPPORTING, Role.CO_LEAD, Role.SUPPORTING, Role.CO_LEAD)
    for agency, role in zip(agencies, roles, strict=True):
        builders.held(action, agency, role)
    page = action_page(action, as_of=later(days=1), scope=PUBLIC)
    assert [(one.standing.agency, one.standing.role) for one in page.agencies] == [
        ("AG02", "co_lead"),
        ("AG04", "co_lead"),
        ("AG01", "supporting"),
        ("AG03", "supporting"),
    ]
    assert (page.line.standing, page.line.assignments.sentence) == (
        RollUp.NO_INFORMATION,
        "4 assignments: 4 without a report.",
    )


def test_an_action_page_has_the_wording_of_the_moment(lead: Assignment) -> None:
    action = lead.action
    action.official_text = "New official text"
    action.restate(at=later(days=2), by=None)
    assert [
        action_page(action, as_of=later(days=days), scope=PUBLIC).official_text for days in (1, 2)
    ] == ["Official text of A1", "New official text"]


def test_an_action_page_lists_each_change_that_a_reader_saw_newest_first(
    lead: Assignment,
) -> None:
    builders.verified(lead, "in_progress", at=later(days=1))
    builders.said(lead, "in_progress", at=later(days=2))
    text = builders.said(lead, "implemented", at=later(days=3))
    builders.assessed(text, "implemented", at=later(days=4))
    page = action_page(lead.action, as_of=later(days=5), scope=PUBLIC)
    assert [(change.at, change.before, change.after) for change in page.changes] == [
        (later(days=4), "reported_implemented", "implemented"),
        (later(days=3), "in_progress", "reported_implemented"),
        (later(days=1), "no_report", "in_progress"),
    ]


def test_the_changes_that_the_public_sees_never_hint_at_what_is_held(lead: Assignment) -> None:
    first = builders.said(lead, "implemented", at=later(days=1))
    builders.assessed(first, "in_progress", at=later(days=1))
    held = builders.sent(lead, "implemented", at=later(days=2))
    builders.approved(held, at=later(days=3), published_at=later(days=5))
    builders.assessed(held, "implemented", at=later(days=3))

    def changes(days: float) -> list[tuple[datetime, str]]:
        page = action_page(lead.action, as_of=later(days=days), scope=PUBLIC)
        return [(change.at, change.after.value) for change in page.changes]

    assert changes(4) == [(later(days=1), "in_progress")]
    assert changes(5) == [(later(days=5), "implemented"), (later(days=1), "in_progress")]


def test_a_retraction_is_a_change_of_its_moment_and_of_no_earlier_one(lead: Assignment) -> None:
    text = builders.said(lead, "in_progress", at=later(days=1))
    builders.decided(text, "retract", at=later(days=3))
    changes = [
        [change.after for change in action_page(lead.action, as_of=moment, scope=PUBLIC).changes]
        for moment in (later(days=2), later(days=3))
    ]
    assert changes == [["in_progress"], ["no_report", "in_progress"]]


def test_an_excerpt_ends_with_a_whole_word(lead: Assignment) -> None:
    builders.said(lead, at=later(days=1), text="seminar " * 40)
    page = action_page(lead.action, as_of=later(days=2), scope=PUBLIC)
    excerpt = page.agencies[0].excerpt
    assert excerpt is not None
    assert (excerpt.text, excerpt.is_cut) == (("seminar " * 15).strip(), True)
    assert len(excerpt.text) <= EXCERPT


def test_a_short_text_is_shown_whole_and_a_missing_one_is_none(lead: Assignment) -> None:
    page = action_page(lead.action, as_of=later(days=1), scope=PUBLIC)
    assert page.agencies[0].excerpt is None
    builders.said(lead, at=later(days=1), text="Deux séminaires: «ok».")
    page = action_page(lead.action, as_of=later(days=1), scope=PUBLIC)
    excerpt = page.agencies[0].excerpt
    assert excerpt is not None
    assert (excerpt.text, excerpt.is_cut, excerpt.evidence) == ("Deux séminaires: «ok».", False, 0)


def test_the_public_counts_public_evidence_and_nobody_what_was_erased(lead: Assignment) -> None:
    text = builders.said(lead, at=later(days=1))
    person = builders.person("Focal point")
    erased = {"erased_at": NOW, "erased_by": person, "erased_because": "By law."}
    for public, more in ((True, {}), (False, {}), (True, erased)):
        evidence = Evidence.objects.create(
            update=text.update,
            kind="link",
            title="List",
            url="https://example.org/",
            public=public,
            added_at=NOW,
            added_by=person,
            **more,
        )
        SubmissionEvidence.objects.create(submission=text, evidence=evidence)
    counts = [
        action_page(lead.action, as_of=later(days=2), scope=scope).agencies[0].excerpt
        for scope in (PUBLIC, INSIDE)
    ]
    assert [excerpt and excerpt.evidence for excerpt in counts] == [1, 2]


def test_nothing_new_begins_as_the_report_that_it_repeats(lead: Assignment) -> None:
    report = builders.said(lead, "in_progress", at=later(days=1))
    builders.said(
        lead, "in_progress", at=later(days=2), kind="no_change", repeats=report, text="As before."
    )
    page = action_page(lead.action, as_of=later(days=3), scope=PUBLIC)
    latest = latest_published(lead.action.framework, as_of=later(days=3), scope=PUBLIC)

    assert [one.excerpt and one.excerpt.text for one in page.agencies] == ["Two seminars."]
    assert [one.excerpt.text for one in latest.texts] == ["Two seminars."] * 2


def test_an_area_page_adds_up_its_own_actions_only(lead: Assignment) -> None:
    framework = lead.action.framework
    other = builders.make.action(builders.second_area(framework), "B1")
    builders.said(lead, "in_progress", at=later(days=1))
    builders.said(builders.held(other, lead.agency), "on_hold", at=later(days=1))
    page = area_page(other.area, as_of=later(days=2), scope=PUBLIC)
    assert (page.code, page.title, page.statement) == ("B", "Area B", "Statement")
    assert [line.code for line in page.actions] == ["B1"]
    assert page.total.actions.sentence == "1 action: 1 on hold, 0 without a report."
    assert [text.action_code for text in page.latest] == ["B1"]


def test_an_agency_page_shows_its_own_assignments_and_texts_only() -> None:
    framework, (one, two), (first, second) = builders.world(actions=2, agencies=2)
    builders.said(builders.held(one, first), "in_progress", at=later(days=1))
    builders.held(two, first, Role.SUPPORTING)
    builders.said(builders.held(two, second), "on_hold", at=later(days=1))
    page = agency_page(framework, first, as_of=later(days=2), scope=PUBLIC)
    assert [(row.action_code, row.role, row.shown, row.since) for row in page.rows] == [
        ("A1", "lead", "in_progress", later(days=1)),
        ("A2", "supporting", "no_report", None),
    ]
    assert (page.leads, page.assignments.total) == (1, 2)
    assert [text.agency for text in page.latest] == ["AG01"]


def test_how_an_agency_kept_to_the_dates_is_for_the_inside(lead: Assignment) -> None:
    framework = lead.action.framework
    in_time, late, silent = (builders.a_round(framework, code) for code in ("R1", "R2", "R3"))
    builders.said(builders.owed(in_time, lead), at=later(days=27))
    builders.sent(builders.owed(late, lead), at=later(days=28))
    builders.owed(silent, lead)
    inside = agency_page(framework, lead.agency, as_of=later(days=40), scope=INSIDE)
    assert [
        (one.round_code, one.expected, one.on_time, one.late, one.missing)
        for one in inside.timeliness
    ] == [("R1", 1, 1, 0, 0), ("R2", 1, 0, 1, 0), ("R3", 1, 0, 0, 1)]
    public = agency_page(framework, lead.agency, as_of=later(days=40), scope=PUBLIC)
    assert public.timeliness == ()


def test_a_place_that_did_not_exist_then_has_no_page(lead: Assignment) -> None:
    before = later(days=-1)
    action = lead.action
    with pytest.raises(DidNotExist):
        action_page(action, as_of=before, scope=PUBLIC)
    with pytest.raises(DidNotExist):
        area_page(action.area, as_of=before, scope=PUBLIC)
    with pytest.raises(DidNotExist):
        agency_page(action.framework, lead.agency, as_of=before, scope=PUBLIC)


def test_the_newest_texts_come_newest_first_and_not_more_than_asked() -> None:
    framework, actions, (agency,) = builders.world(actions=3)
    for day, action in enumerate(actions, start=1):
        builders.said(builders.held(action, agency), "in_progress", at=later(days=day))
    found = latest_published(framework, as_of=later(days=2.5), scope=PUBLIC, limit=5)
    assert [(text.action_code, text.at) for text in found.texts] == [
        ("A2", later(days=2)),
        ("A1", later(days=1)),
    ]
    assert len(latest_published(framework, as_of=later(days=9), scope=PUBLIC, limit=2).texts) == 2


def test_the_newest_texts_leave_out_what_is_held_retracted_empty_or_ended(
    lead: Assignment,
) -> None:
    framework = lead.action.framework
    builders.approved(builders.sent(lead, at=later(days=1)), at=later(days=1), published_at=None)
    builders.decided(builders.said(lead, at=later(days=2)), "retract", at=later(days=3))
    builders.said(lead, "", at=later(days=3), kind="nothing_to_report")
    shown = builders.said(lead, at=later(days=4))

    def texts(scope: Scope, days: float) -> list[int]:
        found = latest_published(framework, as_of=later(days=days), scope=scope)
        return [text.submission_id for text in found.texts]

    assert texts(PUBLIC, 5) == [shown.pk]
    assert len(texts(INSIDE, 5)) == 2
    builders.answered(lead, "ended", at=later(days=6))
    assert (texts(PUBLIC, 7), texts(INSIDE, 7), texts(PUBLIC, 5)) == ([], [], [shown.pk])
