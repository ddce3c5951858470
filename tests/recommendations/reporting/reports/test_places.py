"""The reports of one agency and of one area, and the work plan."""

from __future__ import annotations

from datetime import date

from agencies import revisions
from recommendations.models import Evidence, Submission
from recommendations.reporting.facts import Scope
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import report, row, rows, section


def with_evidence(submission: Submission, *, public: bool) -> Evidence:
    """Return a link that went with a submission."""
    made = Evidence.objects.create(
        update=submission.update,
        kind="link",
        title="Report",
        url="https://example.org/report",
        public=public,
        added_at=later(),
        added_by=submission.submitted_by,
    )
    submission.evidence.add(made)
    return made


def test_an_agency_is_told_by_its_own_assignments_only(cast: make.Cast) -> None:
    builders.said(builders.held(cast.action, cast.ilo, "co_lead"), at=later(days=1))
    builders.held(cast.action, cast.iom, "co_lead")
    builders.held(make.action(cast.area, "A2", order=2), cast.iom)

    found = report("agency", cast.framework, agency=cast.ilo)

    assert found.title == "Full name of ILO"
    assert rows(found, "assignments", "action", "agency", "status") == [
        ("A1", "ILO", "in_progress")
    ]
    (bar,) = section(found, "summary").bars
    assert (bar.label, [(p.code, p.count) for p in bar.parts if p.count]) == (
        "ILO",
        [("in_progress", 1)],
    )
    assert (
        section(found, "summary").sentences[0] == "1 assignment: 1 in progress, 0 without a report."
    )
    assert rows(found, "movements", "of", "code", "closing") == [
        ("total", "", 1),
        ("area", "A", 1),
        ("agency", "ILO", 1),
    ]


def test_the_texts_of_an_agency_are_those_in_force_under_their_headings(
    cast: make.Cast,
) -> None:
    lead = builders.held(cast.action, cast.ilo)
    builders.said(lead, at=later(days=1), text="Old.")
    builders.said(lead, "on_hold", at=later(days=2), text="New.")

    found = report("agency", cast.framework, agency=cast.ilo)

    assert [(one.heading, one.part, one.text) for one in section(found, "texts").passages] == [
        ("A1 Short title of A1: What was done", "done", "New."),
        ("A1 Short title of A1: Why it is on hold", "reason", "No funds."),
    ]


def test_nothing_new_prints_the_text_that_it_repeats_and_why_nothing_changed(
    cast: make.Cast,
) -> None:
    lead = builders.held(cast.action, cast.ilo)
    first = builders.said(lead, at=later(days=1), text="Two seminars.")
    with_evidence(first, public=True)
    builders.said(lead, at=later(days=2), text="No funds yet.", kind="no_change", repeats=first)

    found = report("full", cast.framework)

    text = row(found, "texts")
    assert (text["kind"], text["done"], text["unchanged"]) == (
        "no_change",
        "Two seminars.",
        "No funds yet.",
    )
    assert rows(found, "evidence", "title") == [("Report",)]


def test_the_public_sees_public_evidence_of_published_texts(cast: make.Cast) -> None:
    text = builders.said(builders.held(cast.action, cast.ilo), at=later(days=1))
    with_evidence(text, public=True)
    with_evidence(text, public=False)

    inside = report("area", cast.framework, area=cast.area)
    public = report("area", cast.framework, area=cast.area, scope=Scope.PUBLIC)

    assert rows(inside, "evidence", "title", "public") == [("Report", "yes"), ("Report", "no")]
    assert rows(public, "evidence", "title", "public") == [("Report", "yes")]


def test_evidence_is_told_as_removed_from_the_moment_on_at_which_it_was(cast: make.Cast) -> None:
    text = builders.said(builders.held(cast.action, cast.ilo), at=later(days=1))
    Evidence.objects.filter(pk=with_evidence(text, public=True).pk).update(
        erased_at=later(days=5), erased_by=cast.administrator, erased_because="Court order."
    )

    before = report("full", cast.framework, as_of=later(days=4))
    after = report("full", cast.framework, as_of=later(days=5))

    assert rows(before, "evidence", "removed") == [("no",)]
    assert rows(after, "evidence", "removed") == [("yes",)]


def test_what_an_agency_owes_is_for_the_inside_only(cast: make.Cast) -> None:
    round = builders.a_round(cast.framework)
    builders.owed(round, builders.held(cast.action, cast.ilo), due_on=date(2026, 5, 8))

    inside = report("agency", cast.framework, agency=cast.ilo)
    public = report("agency", cast.framework, agency=cast.ilo, scope=Scope.PUBLIC)

    assert rows(inside, "duties", "action", "state", "days_late") == [("A1", "missing", 5)]
    assert rows(inside, "timeliness", "round", "expected", "missing") == [("R1", 1, 1)]
    assert [one.key for one in public.sections] == [
        "summary",
        "assignments",
        "movements",
        "texts",
        "evidence",
        "answers",
    ]


def test_an_area_has_its_words_of_the_moment_and_its_actions_alone(cast: make.Cast) -> None:
    other = make.action(make.area(cast.framework, "B"), "B1")
    builders.said(builders.held(other, cast.ilo), at=later(days=1))
    round = builders.a_round(cast.framework, "2026-H1")
    builders.said(builders.owed(round, builders.held(cast.action, cast.ilo)), at=later(days=1))
    words = {"title": "Rights", "statement": "Rights first."}
    revisions.revise(
        cast.area, values=words, by=cast.administrator, at=later(days=5), note="x", version=1
    )

    before = report("area", cast.framework, area=cast.area, as_of=later(days=4))
    after = report("area", cast.framework, area=cast.area, as_of=later(days=5))

    assert (before.title, after.title) == ("Area A: Area A", "Area A: Rights")
    assert [one.text for one in section(before, "statement").passages] == ["Statement"]
    assert [one.text for one in section(after, "statement").passages] == ["Rights first."]
    assert rows(after, "actions", "action", "lead_agencies", "standing") == [
        ("A1", "ILO", "in_progress")
    ]
    assert [bar.label for bar in section(after, "actions").bars] == ["A1 Short title of A1"]
    assert [one.source for one in section(after, "texts").passages] == ["A1, ILO, 2026-H1"]


def test_an_action_stands_where_all_its_leads_stand_also_in_the_report_of_one(
    cast: make.Cast,
) -> None:
    builders.verified(
        builders.held(cast.action, cast.ilo, "co_lead"), "implemented", at=later(days=1)
    )
    builders.held(cast.action, cast.iom, "co_lead")

    found = report("full", cast.framework, agency=cast.ilo)

    assert rows(found, "actions", "action", "standing", "leads") == [("A1", "in_progress", 2)]
    assert rows(found, "assignments", "agency") == [("ILO",)]
    assert rows(found, "agencies", "agency", "leading") == [("ILO", 1)]


def test_with_a_round_only_texts_of_that_round_count(cast: make.Cast) -> None:
    lead = builders.held(cast.action, cast.ilo)
    first, second = (builders.a_round(cast.framework, code) for code in ("2026-H1", "2026-H2"))
    builders.said(builders.owed(first, lead), "not_started", at=later(days=1))
    builders.said(builders.owed(second, lead), "in_progress", at=later(days=2))

    of_first = report("full", cast.framework, round=first)

    assert rows(of_first, "assignments", "status") == [("not_started",)]
    assert rows(report("full", cast.framework), "assignments", "status") == [("in_progress",)]


def test_the_work_plan_has_the_house_form(cast: make.Cast) -> None:
    builders.held(cast.action, cast.ilo, "co_lead", target_on=date(2026, 12, 1))
    builders.held(cast.action, cast.iom, "co_lead")
    who = make.agency("WHO")
    builders.said(builders.held(cast.action, who, "supporting"), at=later(days=1))
    done = make.action(cast.area, "A2", order=2)
    builders.verified(builders.held(done, who), "implemented", at=later(days=1))
    claimed = make.action(cast.area, "A3", order=3)
    builders.said(builders.held(claimed, who), "implemented", at=later(days=1))
    given_up = make.action(cast.area, "A4", order=4)
    builders.said(builders.held(given_up, who), "discontinued", at=later(days=1))

    found = report("work_plan", cast.framework)

    form = ("co_leads", "members", "activity", "timeline", "without_date", "status")
    assert rows(found, "work_plan", *form) == [
        ("ILO, IOM", "WHO", "Short title of A1", date(2026, 12, 1), 1, "yet_to_start"),
        ("WHO", "", "Short title of A2", None, 1, "completed"),
        ("WHO", "", "Short title of A3", None, 1, "ongoing"),
        ("WHO", "", "Short title of A4", None, 1, "closed"),
    ]
    assert section(found, "work_plan").sentences == (
        "4 actions: 1 yet to start, 1 ongoing, 1 completed, 1 closed otherwise.",
        "4 leads have no target date.",
    )
