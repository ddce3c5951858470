"""More time on the pages: asked for on the update, answered from the round, waived in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from recommendations.models import Duty, TimeAnswer, TimeRequest, Update
from tests import make

ROUND = "/f/hld-2013/rounds/2026-H1/"
ASKED = {"until_on": "2026-06-10", "reason": "Two holidays fall into May."}


@pytest.fixture
def owed(cast: make.Cast) -> Update:
    """Return an update that the ILO owes by 31 May."""
    return make.owed(cast)


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def version(duty: Duty) -> dict[str, int]:
    """Return the version of a duty as a form carries it."""
    duty.refresh_from_db()
    return {"version": duty.version}


def place(name: str, owed: Update) -> str:
    """Return the address of a page about the duty of an update."""
    return reverse(name, args=[owed.duty_id])


def ask(owed: Update, cast: make.Cast) -> TimeRequest:
    """Let the ILO ask for time until 10 June."""
    facts = {"note": ASKED["reason"], "until_on": date(2026, 6, 10)}
    make.do("ask", owed.duty, by=cast.ilo_focal_point, **facts)
    return TimeRequest.objects.get()


def test_an_agency_asks_from_the_form_and_reads_there_that_it_waits(owed, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    form = reverse("update", args=[owed.pk])
    assert place("time-ask", owed) in text(client.get(form))

    done = client.post(place("time-ask", owed), ASKED | version(owed.duty), follow=True)

    assert done.redirect_chain[-1][0] == form
    assert "You asked for more time. A coordinator answers." in text(done)
    assert "ILO focal point asked for more time until" in text(done)
    assert place("time-ask", owed) not in text(done)
    assert "not answered yet." in text(client.get("/work/"))


def test_a_request_without_a_date_keeps_the_reason_that_was_typed(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        place("time-ask", owed), ASKED | {"until_on": "2026-05-20"} | version(owed.duty)
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "until_on": ["Give a date after 2026-05-31, the present due date."]
    }
    assert ASKED["reason"] in text(response)
    assert TimeRequest.objects.count() == 0


def test_a_second_request_is_refused_with_its_text_intact(owed, cast, signed_in):
    ask(owed, cast)
    typed = {"until_on": "2026-06-20", "reason": "A longer reason."}

    response = signed_in(cast.ilo_alternate).post(
        place("time-ask", owed), typed | version(owed.duty)
    )

    assert response.status_code == 409
    assert "More time is asked for already." in text(response)
    assert "A longer reason." in text(response)
    assert TimeRequest.objects.count() == 1


def test_the_round_lists_first_who_asks_and_two_clicks_grant_it(owed, cast, signed_in):
    ask(owed, cast)
    client = signed_in(cast.coordinator)

    page = text(client.get(ROUND))
    assert page.index("Asks for more time (1)") < page.index("Who owes what")
    assert ASKED["reason"] in page

    answer = client.get(place("time-answer", owed))
    assert answer.context["form"]["due_on"].value() == date(2026, 6, 10)
    done = client.post(
        place("time-answer", owed),
        {"answer": "grant", "due_on": "2026-06-10", "reason": ""} | version(owed.duty),
        follow=True,
    )

    assert "More time is granted." in text(done)
    assert "Asks for more time" not in text(done)
    owed.duty.refresh_from_db()
    assert owed.duty.due_on == date(2026, 6, 10)
    theirs = text(signed_in(cast.ilo_focal_point).get(reverse("update", args=[owed.pk])))
    assert "More time was granted until" in theirs


def test_a_refusal_asks_for_its_reason_and_shows_it_to_the_agency(owed, cast, signed_in):
    ask(owed, cast)
    client = signed_in(cast.coordinator)
    form = {"answer": "refuse", "due_on": "2026-06-10"}

    bare = client.post(place("time-answer", owed), form | version(owed.duty))
    client.post(
        place("time-answer", owed),
        form | {"reason": "The principals meet on 5 June."} | version(owed.duty),
    )

    assert bare.status_code == 400
    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert TimeAnswer.objects.get().granted is False
    agency = signed_in(cast.ilo_focal_point)
    for url in ("/work/", reverse("update", args=[owed.pk])):
        assert "The principals meet on 5 June." in text(agency.get(url))


def test_what_was_answered_meanwhile_is_said_and_the_reason_kept(owed, cast, signed_in):
    ask(owed, cast)
    seen = version(owed.duty)
    make.do("grant", owed.duty, by=cast.administrator)

    response = signed_in(cast.coordinator).post(
        place("time-answer", owed), {"answer": "refuse", "reason": "Too late for us."} | seen
    )

    assert response.status_code == 409
    assert "No request for more time waits for an answer." in text(response)
    assert "Too late for us." in text(response)
    assert TimeAnswer.objects.get().granted is True


def test_a_coordinator_of_the_agency_is_told_who_answers(owed, cast, signed_in):
    ask(owed, cast)
    page = text(signed_in(cast.ilo_coordinator).get(ROUND))

    assert "You belong to this agency, so another coordinator answers." in page
    assert place("time-answer", owed) not in page
    assert place("duty-waive", owed) not in page


def test_a_waived_update_shows_why_to_both_sides(owed, cast, signed_in):
    client = signed_in(cast.coordinator)
    reason = "The project has ended."

    bare = client.post(place("duty-waive", owed), version(owed.duty))
    done = client.post(
        place("duty-waive", owed), {"reason": reason} | version(owed.duty), follow=True
    )

    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert "2026-H1 A1 ILO is waived." in text(done)
    assert reason in text(client.get(f"{ROUND}?standing=all"))
    theirs = signed_in(cast.ilo_focal_point).get(reverse("update", args=[owed.pk]))
    assert f"This update is no longer due: {reason}" in text(theirs)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_round_of_requests_and_waivers_takes_few_queries(
    count, cast, signed_in, django_assert_num_queries
):
    for number in range(2 * count):
        make.accepted(cast, action=make.action(cast.area, f"B{number}", order=number))
    make.open_round(cast)
    for number, duty in enumerate(Duty.objects.order_by("id")):
        if number % 2:
            make.do("waive", duty, by=cast.coordinator, note="Ended.")
        else:
            facts = {"note": "Late.", "until_on": date(2026, 6, 10)}
            make.do("ask", duty, by=cast.ilo_focal_point, **facts)
    client = signed_in(cast.coordinator)

    with django_assert_num_queries(14):
        client.get(ROUND)
