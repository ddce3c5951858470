"""The roll-up of an action: every combination of leads, and the stored copies."""

from __future__ import annotations

from itertools import product

import pytest

from recommendations.domain import rollup
from recommendations.domain.rollup import NO_REPORT, LeadStanding, effective, roll_up
from recommendations.models import Action, Assignment, Decision, ImplementationStatus, RollUp
from tests import make

# One letter for each thing that a lead can be, as a coordinator would note it on paper:
# . no report, n not started, p in progress, c continuing, h on hold, i implemented (claimed),
# I implemented (verified), d discontinued. Verification changes nothing but for i and I.
LETTERS = {
    ("", False): ".",
    ("not_started", False): "n",
    ("in_progress", False): "p",
    ("continuing", False): "c",
    ("on_hold", False): "h",
    ("implemented", False): "i",
    ("implemented", True): "I",
    ("discontinued", False): "d",
}
for status in ("not_started", "in_progress", "continuing", "on_hold", "discontinued"):
    LETTERS[status, True] = LETTERS[status, False]

# Sorted letters of the leads -> where the action stands; one and two leads in full.
TABLE = {
    "no_lead": [""],
    "no_information": [".", ".."],
    "implemented": ["I", "II"],
    "reported_implemented": ["i", "Ii", "ii"],
    "partly_implemented": ["Id", "di"],
    "closed_not_implemented": ["d", "dd"],
    "continuing": ["c", "cc"],
    "on_hold": ["h", "hh"],
    "not_started": ["n", "nn", ".n", ".d", "dn"],
    "in_progress": [
        *("p", ".p", "Ip", "cp", "dp", "hp", "ip", "np", "pp"),
        *(".c", "Ic", "cd", "ch", "ci", "cn"),
        *(".h", "Ih", "dh", "hi", "hn"),
        *(".I", ".i", "In", "in"),
    ],
}
ANSWERS = {letters: standing for standing, rows in TABLE.items() for letters in rows}


def letters_of(leads: tuple[LeadStanding, ...]) -> str:
    """Return the leads as sorted letters."""
    return "".join(sorted(LETTERS[lead.status, lead.verified] for lead in leads))


def expected(letters: str) -> str:
    """Return the answer for up to three leads: the table, or for three what its pairs say.

    Three leads that agree two by two stand as each pair does. Where the pairs differ, the
    mix decides: closed ones only, a mark of work, or neither.
    """
    if len(letters) < 3:
        return ANSWERS[letters]
    a, b, c = letters
    pairs = {ANSWERS[a + b], ANSWERS[a + c], ANSWERS[b + c]}
    if len(pairs) == 1:
        return pairs.pop()
    kinds = "".join(sorted(set(letters.upper().replace("I", "x").replace("D", "o"))))
    only_closed = {"x": "reported_implemented", "ox": "partly_implemented"}
    if kinds in only_closed:
        return only_closed[kinds]
    return "in_progress" if any(letter in "pchiI" for letter in letters) else "not_started"


EVERY_LEAD = [LeadStanding(status, verified) for status, verified in LETTERS]
COMBINATIONS = [leads for n in (0, 1, 2, 3) for leads in product(EVERY_LEAD, repeat=n)]


def test_every_combination_of_up_to_three_leads_stands_where_the_table_says() -> None:
    assert len(COMBINATIONS) == 1 + 13 + 13**2 + 13**3
    wrong = [
        (letters_of(leads), roll_up(leads), expected(letters_of(leads)))
        for leads in COMBINATIONS
        if roll_up(leads) != expected(letters_of(leads))
    ]
    assert wrong == []


def test_the_table_answers_each_pair_of_leads_exactly_once() -> None:
    singles = {letters_of((lead,)) for lead in EVERY_LEAD}
    pairs = {"".join(sorted(a + b)) for a in singles for b in singles}
    rows = [letters for answers in TABLE.values() for letters in answers]
    assert sorted(rows) == sorted(["", *singles, *pairs])


@pytest.mark.parametrize(
    ("letters", "standing"),
    [
        ("III", RollUp.IMPLEMENTED),
        ("IIi", RollUp.REPORTED_IMPLEMENTED),
        ("IId", RollUp.PARTLY_IMPLEMENTED),
        ("iid", RollUp.PARTLY_IMPLEMENTED),
        ("II.", RollUp.IN_PROGRESS),
        ("IIn", RollUp.IN_PROGRESS),
        ("ddd", RollUp.CLOSED_NOT_IMPLEMENTED),
        ("dd.", RollUp.NOT_STARTED),
        ("ddn", RollUp.NOT_STARTED),
        ("dcc", RollUp.IN_PROGRESS),
        ("ccc", RollUp.CONTINUING),
        ("cc.", RollUp.IN_PROGRESS),
        ("hhh", RollUp.ON_HOLD),
        ("hhn", RollUp.IN_PROGRESS),
        ("...", RollUp.NO_INFORMATION),
        ("..n", RollUp.NOT_STARTED),
        ("..p", RollUp.IN_PROGRESS),
    ],
)
def test_three_leads_picked_by_hand(letters: str, standing: RollUp) -> None:
    of_letter = {letter: LeadStanding(*key) for key, letter in LETTERS.items()}
    assert roll_up(of_letter[letter] for letter in letters) == standing


def test_an_unverified_claim_never_makes_an_action_implemented() -> None:
    claimed = [leads for leads in COMBINATIONS if any(not lead.verified for lead in leads)]
    assert RollUp.IMPLEMENTED not in {roll_up(leads) for leads in claimed}


def test_the_claim_stands_unverified_until_the_coordinator_assesses_it() -> None:
    assert effective("implemented", None) == LeadStanding("implemented", False)


def test_the_assessment_stands_over_the_claim_and_verifies() -> None:
    assert effective("implemented", "in_progress") == LeadStanding("in_progress", True)


def test_without_a_submission_in_force_an_assessment_says_nothing() -> None:
    assert effective(None, "implemented") == NO_REPORT


def stored(assignment: Assignment) -> tuple[int | None, str, bool, str]:
    """Return the stored copies of an assignment and of its action."""
    assignment.refresh_from_db()
    action = Action.objects.get(pk=assignment.action_id)
    return (
        assignment.in_force_id,
        assignment.effective_status,
        assignment.verified,
        action.standing,
    )


def test_an_accepted_lead_without_a_report_is_no_report_yet(cast: make.Cast) -> None:
    assert stored(make.proposed(cast)) == (None, "", False, "no_lead")
    make.do("accept", Assignment.objects.get(), by=cast.ilo_focal_point)
    assert stored(Assignment.objects.get()) == (None, "", False, "no_information")


def test_a_supporting_agency_never_decides(cast: make.Cast) -> None:
    assert stored(make.accepted(cast, role="supporting"))[3] == "no_lead"


def test_each_step_of_the_review_moves_the_stored_copies(cast: make.Cast) -> None:
    update = make.owed(cast)
    assignment = Assignment.objects.get()
    waiver = {"status": "implemented", "evidence_waiver": "Done by law."}
    make.sent(update, by=cast.ilo_focal_point, **waiver)
    assert stored(assignment) == (None, "", False, "no_information")

    make.approved(update, by=cast.coordinator, claim="leave_open")
    first = update.submissions.get().pk
    assert stored(assignment) == (first, "implemented", False, "reported_implemented")

    make.do("assess", assignment, by=cast.coordinator, status="implemented")
    assert stored(assignment) == (first, "implemented", True, "implemented")

    due = make.NOW.date()
    make.do("reopen", update, by=cast.coordinator, note="One figure is wrong.", due_on=due)
    assert stored(assignment) == (first, "implemented", True, "implemented")

    make.sent(update, by=cast.ilo_focal_point, status="in_progress", at=make.later(hours=1))
    make.do("approve", update, by=cast.coordinator, claim="leave_open", at=make.later(hours=2))
    second = update.submissions.get(number=2).pk
    assert stored(assignment) == (second, "in_progress", False, "in_progress")


def test_ending_the_last_lead_leaves_no_lead(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    assignment = Assignment.objects.get()
    make.do("end", assignment, by=cast.coordinator, note="Handed on.")
    assert stored(assignment) == (update.submissions.get().pk, "in_progress", True, "no_lead")


def test_nothing_to_report_never_comes_in_force(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.sent(update, by=cast.ilo_focal_point, kind="nothing_to_report", status="", body={})
    make.approved(update, by=cast.coordinator)
    assert stored(Assignment.objects.get()) == (None, "", False, "no_information")


def test_a_retracted_text_is_no_longer_in_force(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    Decision.objects.create(
        submission=update.submissions.get(),
        verb="retract",
        comment="Sent by mistake.",
        decided_at=make.later(hours=1),
        decided_by=cast.coordinator,
    )
    rollup.refresh([cast.action.pk])
    assert stored(Assignment.objects.get()) == (None, "", False, "no_information")


def test_refreshing_what_is_right_already_writes_nothing(
    cast: make.Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    make.owed(cast)
    with django_assert_num_queries(4):  # type: ignore[operator]
        rollup.refresh([cast.action.pk])
    with django_assert_num_queries(0):  # type: ignore[operator]
        rollup.refresh([])


def test_every_status_that_can_be_reported_has_its_letter() -> None:
    assert {status for status, _ in LETTERS} == {"", *ImplementationStatus.values}
