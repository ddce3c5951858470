"""Assigning, answering, and what follows; errors in words, nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from recommendations.models import Acceptance, Assessment, Assignment
from tests import make

ASSIGN = "/f/hld-2013/actions/A1/assign/"


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def form(row: Any, **fields: Any) -> dict[str, Any]:
    """Return a form on a row as it is now."""
    row.refresh_from_db()
    return {"version": row.version, **fields}


def step(assignment: Assignment, verb: str) -> str:
    """Return the address of a change of an assignment."""
    return reverse("assignment-verb", args=[assignment.pk, verb])


def respond(assignment: Assignment) -> str:
    """Return the address of an agency's answer."""
    return reverse("respond", args=[assignment.pk])


# --- assigning -------------------------------------------------------------------------------


def test_an_agency_is_asked(cast, signed_in):
    response = signed_in(cast.coordinator).post(
        ASSIGN,
        form(
            cast.action,
            agency=cast.ilo.pk,
            role="lead",
            target_on="2027-06-30",
            target_precision="quarter",
            target_text="mid-2027",
        ),
    )

    made = Assignment.objects.get()
    assert response.headers["Location"] == "/f/hld-2013/actions/A1/ILO/"
    assert (made.agency, made.role, made.acceptance) == (cast.ilo, "lead", Acceptance.PROPOSED)
    assert (made.target_on, made.target_precision, made.target_text) == (
        date(2027, 6, 30),
        "quarter",
        "mid-2027",
    )
    assert made.respond_by == date(2026, 5, 18)


def test_what_is_missing_is_said_and_the_rest_is_kept(cast, signed_in):
    response = signed_in(cast.coordinator).post(ASSIGN, form(cast.action, target_text="mid-2027"))

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "agency": ["Choose an agency."],
        "role": ["Choose lead, co-lead or supporting."],
    }
    assert response.context["form"]["target_text"].value() == "mid-2027"


def test_a_second_lead_is_refused_in_words(cast, signed_in):
    make.accepted(cast)

    response = signed_in(cast.coordinator).post(
        ASSIGN, form(cast.action, agency=cast.iom.pk, role="lead", target_text="mid-2027")
    )

    assert response.status_code == 409
    assert "A1 is led by ILO. It has one lead, or several co-leads" in text(response)
    assert response.context["form"]["target_text"].value() == "mid-2027"


def test_a_stale_action_is_shown_anew(cast, signed_in):
    stale = form(cast.action, agency=cast.ilo.pk, role="lead")

    response = signed_in(cast.coordinator).post(ASSIGN, stale | {"version": 99})

    assert response.status_code == 409
    assert "Changed since you opened it." in text(response)
    assert Assignment.objects.count() == 0


def test_the_address_of_the_form_is_no_agency(cast, signed_in):
    response = signed_in(cast.coordinator).get(ASSIGN.replace("A1", "a1"))

    assert [t.name for t in response.templates][0] == "recommendations/assignment_assign.html"


# --- answering -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reason", "acceptance"),
    [
        ("accept", "", Acceptance.ACCEPTED),
        ("accept_partly", "Data only.", Acceptance.PARTIALLY_ACCEPTED),
        ("consider", "", Acceptance.UNDER_CONSIDERATION),
        ("decline", "Not our mandate.", Acceptance.DECLINED),
    ],
)
def test_an_agency_answers(answer, reason, acceptance, cast, signed_in):
    asked = make.proposed(cast)

    signed_in(cast.ilo_focal_point).post(respond(asked), form(asked, answer=answer, reason=reason))

    asked.refresh_from_db()
    assert asked.acceptance == acceptance


def test_declining_needs_a_reason(cast, signed_in):
    asked = make.proposed(cast)

    response = signed_in(cast.ilo_focal_point).post(respond(asked), form(asked, answer="decline"))

    assert response.status_code == 400
    assert response.context["form"].errors == {"reason": ["Give the reason."]}
    assert response.context["form"]["answer"].value() == "decline"


@pytest.mark.parametrize("answer", ["", "end", "approve"])
def test_no_answer_and_no_other_verb_is_taken(answer, cast, signed_in):
    asked = make.proposed(cast)

    response = signed_in(cast.ilo_focal_point).post(
        respond(asked), form(asked, answer=answer, reason="A reason.")
    )

    asked.refresh_from_db()
    assert response.status_code == 400
    assert asked.acceptance == Acceptance.PROPOSED
    assert response.context["form"]["reason"].value() == "A reason."


def test_an_answer_to_what_changed_meanwhile_shows_both(cast, signed_in):
    asked = make.proposed(cast)
    stale = form(asked, answer="decline", reason="A long reason.")
    make.do("consider", asked, by=cast.ilo_alternate)

    response = signed_in(cast.ilo_focal_point).post(respond(asked), stale)

    assert response.status_code == 409
    assert "Under consideration" in text(response)
    assert "A long reason." in text(response)


def test_an_answer_to_what_was_withdrawn_says_so_and_keeps_the_reason(cast, signed_in):
    asked = make.proposed(cast)
    stale = form(asked, answer="decline", reason="A long reason.")
    make.do("withdraw", asked, by=cast.coordinator, note="A mistake.")

    response = signed_in(cast.ilo_focal_point).post(respond(asked), stale)

    assert response.status_code == 409
    assert "the state is “Withdrawn”" in text(response)
    assert "A long reason." in text(response)


# --- what follows ----------------------------------------------------------------------------


def test_ending_waives_what_was_owed(cast, signed_in):
    owed = make.owed(cast)
    active = owed.duty.assignment
    client = signed_in(cast.coordinator)

    bare = client.post(step(active, "end"), form(active))
    client.post(step(active, "end"), form(active, reason="Handed to another agency."))

    active.refresh_from_db()
    owed.duty.refresh_from_db()
    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert active.acceptance == Acceptance.ENDED
    assert owed.duty.waived_because == "Handed to another agency."


def test_withdrawing_what_was_answered_is_refused_with_what_is_possible(cast, signed_in):
    active = make.accepted(cast)

    asked = signed_in(cast.coordinator).get(step(active, "withdraw"))

    assert asked.status_code == 409
    assert "End the assignment: a coordinator or administrator" in text(asked)


def test_an_agency_sets_its_target_and_gives_a_reason_for_the_next(cast, signed_in):
    active = make.accepted(cast)
    client = signed_in(cast.ilo_focal_point)

    client.post(step(active, "set_target"), form(active, target_on="2027-01-31"))
    bare = client.post(step(active, "set_target"), form(active, target_on="2027-03-31"))
    client.post(
        step(active, "set_target"),
        form(active, target_on="2027-03-31", reason="Late funding."),
    )

    active.refresh_from_db()
    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert active.target_on == date(2027, 3, 31)
    assert [target.on for target in active.targets.order_by("id")] == [
        date(2027, 1, 31),
        date(2027, 3, 31),
    ]


def test_a_coordinator_assesses_what_is_in_force(cast, signed_in):
    owed = make.owed(cast)
    active = owed.duty.assignment
    client = signed_in(cast.coordinator)
    early = client.get(step(active, "assess"))
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)

    bare = client.post(step(active, "assess"), form(active, status="not_started"))
    client.post(
        step(active, "assess"), form(active, status="not_started", reason="Nothing is visible.")
    )

    assert early.status_code == 409
    assert "No report is approved yet, so there is no claim to assess." in text(early)
    assert bare.context["form"].errors == {"reason": ["Say why you assess it differently."]}
    assert Assessment.objects.order_by("-id")[0].status == "not_started"


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("set_target", {"target_on": "2027-03-31", "reason": "My long reason."}),
        ("assess", {"status": "not_started", "reason": "My long reason."}),
    ],
)
def test_what_was_read_before_somebody_else_changed_it_changes_nothing(
    verb, fields, cast, signed_in
):
    owed = make.owed(cast)
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    active = Assignment.objects.get()
    seen = form(active, **fields)
    make.do("set_target", active, by=cast.administrator, target_on=date(2027, 1, 31))

    response = signed_in(cast.coordinator).post(step(active, verb), seen)

    active.refresh_from_db()
    assert response.status_code == 409
    assert "My long reason." in text(response)
    assert (active.target_on, active.version) == (date(2027, 1, 31), seen["version"] + 1)
    assert [target.on for target in active.targets.all()] == [date(2027, 1, 31)]
    assert [one.status for one in Assessment.objects.all()] == ["in_progress"]


def test_an_unknown_verb_has_no_page(cast, signed_in):
    active = make.accepted(cast)

    assert signed_in(cast.coordinator).get(step(active, "destroy")).status_code == 404


def test_the_pages_take_few_queries(cast, signed_in, django_assert_num_queries):
    asked = make.proposed(cast)
    agency, coordinator = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)

    with django_assert_num_queries(7):
        agency.get(respond(asked))
    with django_assert_num_queries(9):
        coordinator.get(ASSIGN)
