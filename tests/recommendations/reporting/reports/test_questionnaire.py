"""What the agencies answered: agency by agency, and heading by heading, as of a moment."""

from __future__ import annotations

import pytest

from agencies import revisions
from recommendations.models import Duty, Question, Round, RoundQuestion, Submission
from recommendations.reporting.facts import Scope
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import report, rows, section


@pytest.fixture
def round(cast: make.Cast) -> Round:
    """Return a round that asks two questions."""
    return asking(cast, "2026-H1", "Challenges", "Perceived gaps")


def asking(cast: make.Cast, code: str, *headings: str) -> Round:
    """Return a round that asks questions under these headings."""
    round = builders.a_round(cast.framework, code)
    for number, heading in enumerate(headings, start=1):
        question = Question.objects.filter(
            framework=cast.framework, number=number
        ).first() or make.question(cast.framework, number)
        RoundQuestion.objects.create(
            round=round, question=question, number=number, heading=heading, text=f"{heading}?"
        )
    return round


def answered(round: Round, agency: object, *texts: str, days: int = 1) -> Submission:
    """Return the answers of an agency, sent, approved and published on one day."""
    duty: Duty = builders.owed(round, None, agency=agency)
    body = {f"q{number}": text for number, text in enumerate(texts, start=1)}
    text = builders.sent(duty, "", at=later(days=days), body=body)
    return builders.approved(text, at=later(days=days), published_at=later(days=days))


def test_the_chapter_goes_agency_by_agency_under_the_headings(
    cast: make.Cast, round: Round
) -> None:
    answered(round, cast.iom, "Costs.", "")
    answered(round, cast.ilo, "Time.", "Figures.")

    found = report("chapter", cast.framework)

    assert [one.key for one in found.sections] == [
        "agencies",
        "agency-ILO",
        "agency-IOM",
        "sources",
    ]
    assert section(found, "agency-ILO").title == "Full name of ILO"
    assert [(p.heading, p.text) for p in section(found, "agency-ILO").passages] == [
        ("Challenges", "Time."),
        ("Perceived gaps", "Figures."),
    ]
    assert [(p.heading, p.text) for p in section(found, "agency-IOM").passages] == [
        ("Challenges", "Costs.")
    ]
    assert rows(found, "sources", "agency", "round", "question", "answer") == [
        ("ILO", "2026-H1", 1, "Time."),
        ("ILO", "2026-H1", 2, "Figures."),
        ("IOM", "2026-H1", 1, "Costs."),
        ("IOM", "2026-H1", 2, ""),
    ]


def test_who_has_not_answered_stays_in_the_denominator(cast: make.Cast, round: Round) -> None:
    answered(round, cast.ilo, "Time.", "")
    make.agency("SRSG", counted=False)

    found = report("chapter", cast.framework)

    assert section(found, "agencies").sentences == ("1 of 2 agencies have answered.",)
    assert rows(found, "agencies", "agency") == [("IOM",)]


def test_the_responses_go_heading_by_heading(cast: make.Cast, round: Round) -> None:
    answered(round, cast.iom, "Costs.", "")
    answered(round, cast.ilo, "Time.", "")

    found = report("responses", cast.framework)

    assert [(one.key, one.title) for one in found.sections] == [
        ("question-1", "Challenges"),
        ("question-2", "Perceived gaps"),
        ("sources", "Where the answers come from"),
    ]
    first, second, _sources = found.sections
    assert [(p.heading, p.text) for p in first.passages] == [
        ("Full name of ILO", "Time."),
        ("Full name of IOM", "Costs."),
    ]
    assert first.sentences == ("2 of 2 questionnaires answer this.",)
    assert (second.passages, second.nothing) == ((), "Nobody answered this question.")


def test_of_each_agency_the_newest_round_counts_with_the_questions_of_that_round(
    cast: make.Cast, round: Round
) -> None:
    later_round = asking(cast, "2026-H2", "Obstacles", "Gaps")
    answered(round, cast.ilo, "Time.", "")
    answered(round, cast.iom, "Costs.", "")
    answered(later_round, cast.ilo, "Money.", "", days=3)

    newest = report("chapter", cast.framework)
    before = report("chapter", cast.framework, as_of=later(days=2))
    of_round = report("chapter", cast.framework, round=round)

    def read(of: object) -> list[tuple[object, ...]]:
        return [row for row in rows(of, "sources", "agency", "heading", "answer") if row[2]]  # type: ignore[arg-type]

    assert read(newest) == [("ILO", "Obstacles", "Money."), ("IOM", "Challenges", "Costs.")]
    assert read(before) == [("ILO", "Challenges", "Time."), ("IOM", "Challenges", "Costs.")]
    assert read(of_round) == read(before)


def test_a_reworded_question_changes_no_round_that_asked_it(cast: make.Cast, round: Round) -> None:
    answered(round, cast.ilo, "Time.", "")
    question = Question.objects.get(number=1)
    revisions.revise(
        question,
        values={"heading": "Obstacles"},
        by=cast.administrator,
        at=later(days=2),
        note="Clearer.",
        version=question.version,
    )

    assert section(report("responses", cast.framework), "question-1").title == "Challenges"


def test_the_public_reads_published_answers_and_the_inside_approved_ones(
    cast: make.Cast, round: Round
) -> None:
    duty = builders.owed(round, None, agency=cast.ilo)
    text = builders.sent(duty, "", at=later(days=1), body={"q1": "Held.", "q2": ""})
    builders.approved(text, at=later(days=2), published_at=later(days=4))

    def seen(scope: Scope, days: int) -> list[tuple[object, ...]]:
        found = report("chapter", cast.framework, scope=scope, as_of=later(days=days))
        return [*rows(found, "sources", "answer")]

    assert seen(Scope.INSIDE, 2) == [("Held.",), ("",)]
    assert seen(Scope.PUBLIC, 3) == []
    assert seen(Scope.PUBLIC, 4) == [("Held.",), ("",)]


def test_what_was_retracted_or_says_nothing_is_no_answer(cast: make.Cast, round: Round) -> None:
    gone = answered(round, cast.ilo, "Wrong.", "")
    builders.decided(gone, "retract", at=later(days=3))
    nothing = builders.owed(round, None, agency=cast.iom)
    builders.said(nothing, "", at=later(days=1), kind="nothing_to_report")

    before = report("chapter", cast.framework, as_of=later(days=2))
    after = report("chapter", cast.framework, as_of=later(days=3))

    assert rows(before, "sources", "agency", "question") == [("ILO", 1), ("ILO", 2)]
    assert rows(after, "sources", "agency") == []
    assert rows(after, "agencies", "agency") == [("ILO",), ("IOM",)]


def test_a_correction_takes_the_place_of_what_it_corrects(cast: make.Cast, round: Round) -> None:
    first = answered(round, cast.ilo, "Time.", "")
    again = builders.sent(
        first.update.duty, "", at=later(days=2), body={"q1": "More time.", "q2": ""}
    )
    builders.approved(again, at=later(days=3), published_at=later(days=3))

    assert rows(report("chapter", cast.framework), "sources", "answer") == [
        ("More time.",),
        ("",),
    ]
