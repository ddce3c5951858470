"""Correcting, retracting, holding and releasing in the browser; the checks; when it was public."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import (
    Assignment,
    Evidence,
    Question,
    Round,
    RoundQuestion,
    Submission,
    Update,
)
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

THREAD = "/f/hld-2013/actions/A1/ILO/"
ROUND = "/f/hld-2013/rounds/2026-H1/"


@pytest.fixture
def approved(cast: make.Cast) -> Update:
    """Return an approved update of the ILO."""
    return make.approved(make.sent(make.owed(cast), by=cast.ilo_focal_point), by=cast.coordinator)


def version(row: Any) -> int:
    """Return the version of a row as it is now."""
    row.refresh_from_db()
    return int(row.version)


def test_an_agency_corrects_from_the_thread_and_the_form_starts_with_the_approved_text(
    approved: Update, cast: make.Cast, signed_in: Any
) -> None:
    client = signed_in(cast.ilo_focal_point)
    thread = client.get(THREAD)
    answer = client.post(f"/updates/{approved.pk}/correct/", {"version": version(approved)})
    correction = Update.objects.get(corrects=approved)
    form = client.get(answer.url)

    assert f'action="/updates/{approved.pk}/correct/"' in thread.content.decode()
    assert answer.url == f"/updates/{correction.pk}/"
    assert "This is a correction. The approved text stays in force" in text_of(form)
    assert form.context["form"]["done"].value() == "Two seminars."


def test_a_second_press_opens_the_correction_that_is_under_way(
    approved: Update, cast: make.Cast, signed_in: Any
) -> None:
    client, stale = signed_in(cast.ilo_focal_point), version(approved)
    first = client.post(f"/updates/{approved.pk}/correct/", {"version": stale})
    second = client.post(f"/updates/{approved.pk}/correct/", {"version": stale})
    read = text_of(client.get(f"/updates/{approved.pk}/"))

    assert first.url == second.url
    assert Update.objects.count() == 2
    assert "A correction of this update is under way. Open the correction Draft" in read
    assert "Correct this update" not in read
    assert "Correct this update" not in text_of(client.get(THREAD))


def test_a_correction_waits_in_the_work_list_until_it_is_agreed(
    approved: Update, cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    make.do("close", Round.objects.get(), by=cast.coordinator)
    correction = make.do("correct", approved, by=cast.ilo_focal_point)
    clock.now = make.later(days=60)
    client = signed_in(cast.ilo_focal_point)
    begun = client.get("/work/")
    form = text_of(client.get(f"/updates/{correction.pk}/"))
    make.sent(correction, by=cast.ilo_focal_point)
    queue = text_of(signed_in(cast.coordinator).get("/queue/"))
    make.approved(correction, by=cast.coordinator)

    assert f"/updates/{correction.pk}/" in links_of(begun)
    assert ("Overdue" in form, "Due" in form, "Ask for more time" in form) == (False,) * 3
    assert "Correction" in text_of(begun)
    assert "Overdue" not in text_of(begun)
    assert "Correction" in queue
    assert f"/updates/{correction.pk}/" not in links_of(client.get("/work/"))


def test_a_reviewer_retracts_and_the_agency_reads_why(
    approved: Update, cast: make.Cast, signed_in: Any, client: Client
) -> None:
    reviewer = signed_in(cast.coordinator)
    page = text_of(reviewer.get(f"/updates/{approved.pk}/"))
    answer = reviewer.post(
        f"/updates/{approved.pk}/retract/",
        {
            "version": version(approved),
            "comment": "It names a person.",
            "due_on": "2026-06-20",
        },
        follow=True,
    )
    form = text_of(signed_in(cast.ilo_focal_point).get(f"/updates/{approved.pk}/"))

    assert "Retract this text" in page
    assert "Retracted. The text is no longer in force, and no longer public." in text_of(answer)
    assert "Retracted by Coordinator on 4 May 2026" in form
    assert "It names a person." in form
    assert "Two seminars." not in text_of(client.get(THREAD))


def test_a_text_is_retracted_beside_its_correction_whose_page_says_why(
    approved: Update, cast: make.Cast, signed_in: Any, client: Client
) -> None:
    correction = make.do("correct", approved, by=cast.ilo_focal_point)
    reviewer = signed_in(cast.coordinator)
    page = text_of(reviewer.get(f"/updates/{approved.pk}/"))
    answer = reviewer.post(
        f"/updates/{approved.pk}/retract/",
        {"version": version(approved), "comment": "It names a person.", "due_on": "2026-06-20"},
        follow=True,
    )
    form = text_of(signed_in(cast.ilo_focal_point).get(f"/updates/{correction.pk}/"))

    assert ("Reopen for the agency" in page, "New due date" in page) == (False, True)
    assert "the agency goes on with that one" in page
    assert "Retracted. The text is no longer in force" in text_of(answer)
    assert "Retracted by Coordinator on 4 May 2026" in form
    assert "It names a person." in form
    assert f"/updates/{correction.pk}/" in links_of(reviewer.get(f"/updates/{approved.pk}/"))
    assert "Two seminars." not in text_of(client.get(THREAD))


def test_a_refused_retraction_keeps_what_was_typed(
    approved: Update, cast: make.Cast, signed_in: Any
) -> None:
    answer = signed_in(cast.coordinator).post(
        f"/updates/{approved.pk}/retract/", {"version": version(approved), "comment": "Long text."}
    )

    assert answer.status_code == 400
    assert answer.context["form"]["comment"].value() == "Long text."
    assert "Give the new due date." in text_of(answer)


def test_where_the_assignment_has_ended_a_retraction_asks_for_no_date(
    approved: Update, cast: make.Cast, signed_in: Any
) -> None:
    make.do("end", Assignment.objects.get(), by=cast.coordinator, note="Handed over.")
    client = signed_in(cast.coordinator)
    page = client.get(f"/updates/{approved.pk}/")
    answer = client.post(
        f"/updates/{approved.pk}/retract/", {"version": version(approved), "comment": "Wrong."}
    )

    assert ("Retract this text" in text_of(page), "New due date" in text_of(page)) == (True, False)
    assert "Reopen for the agency" not in text_of(page)
    assert answer.status_code == 302


def test_evidence_of_a_retracted_text_is_not_public_any_more(
    cast: make.Cast, client: Client
) -> None:
    update = make.owed(cast)
    piece = make.linked(update, by=cast.ilo_focal_point)
    make.approved(make.sent(update, by=cast.ilo_focal_point), by=cast.coordinator)
    before = client.get(f"/evidence/{piece.pk}/").status_code
    due = date(2026, 6, 20)
    make.do("retract", update, by=cast.coordinator, note="Wrong.", due_on=due)

    assert (before, client.get(f"/evidence/{piece.pk}/").status_code) == (302, 404)


def test_a_release_of_nothing_says_so_in_words(cast, signed_in):
    running = make.open_round(cast)
    make.do("hold", running, by=cast.coordinator, note="Before the summit.")
    client = signed_in(cast.coordinator)

    asked = text_of(client.get("/f/hld-2013/rounds/2026-H1/release/"))
    client.post("/f/hld-2013/rounds/2026-H1/release/", {"version": 3})

    assert "Nothing that is approved is held back: no text becomes public now." in asked
    assert "0 approved" not in asked
    running.refresh_from_db()
    assert not running.held


def test_a_round_is_held_and_released_on_its_page(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    coordinator, agency = signed_in(cast.coordinator), signed_in(cast.ilo_focal_point)
    round = update.duty.round
    asked = coordinator.post(f"{ROUND}hold/", {"version": version(round), "reason": ""})
    coordinator.post(f"{ROUND}hold/", {"version": version(round), "reason": "Before the summit."})
    make.approved(update, by=cast.coordinator)
    words = text_of(coordinator.get(ROUND)), text_of(agency.get(ROUND))
    observer = text_of(signed_in(cast.observer).get(ROUND))
    hidden = text_of(client.get(THREAD))
    inside = text_of(agency.get(THREAD))
    preview = text_of(coordinator.get(f"{ROUND}release/"))
    done = coordinator.post(f"{ROUND}release/", {"version": version(round)}, follow=True)

    assert (asked.status_code, "Give the reason." in text_of(asked)) == (400, True)
    assert ["Publication held" in page for page in (*words, observer)] == [True, True, False]
    assert "Two seminars." not in hidden
    assert "Approved, and not public: publication is held." in inside
    assert "1 approved text becomes public." in preview
    assert "Round 2026-H1 is released: what is approved is public." in text_of(done)
    assert "Two seminars." in text_of(client.get(THREAD))


def test_the_thread_says_what_the_public_saw_when(
    approved: Update, cast: make.Cast, signed_in: Any, client: Client, clock: Any
) -> None:
    correction = make.do("correct", approved, by=cast.ilo_focal_point)
    text = {"body": {"done": "Three seminars."}}
    make.sent(correction, by=cast.ilo_focal_point, at=make.later(days=1), **text)
    make.approved(correction, by=cast.coordinator, at=make.later(days=2))
    clock.now = make.later(days=9)
    corrected = text_of(client.get(THREAD))
    due = date(2026, 6, 20)
    at = make.later(days=5)
    make.do("retract", correction, by=cast.coordinator, at=at, note="A secret.", due_on=due)
    public = client.get(THREAD)
    inside = text_of(signed_in(cast.ilo_focal_point).get(THREAD))
    read = text_of(signed_in(cast.coordinator).get(f"/updates/{correction.pk}/"))

    first = (
        "Public from 4 May 2026, 09:30 until 6 May 2026, 09:30 UTC (replaced by a corrected text)."
    )
    again = "Public again since 9 May 2026, 09:30 UTC."
    gone = "Public from 6 May 2026, 09:30 until 9 May 2026, 09:30 UTC (retracted)."
    assert first in corrected
    assert "Public since 6 May 2026, 09:30 UTC." in corrected
    assert (first in text_of(public), again in text_of(public)) == (True, True)
    assert gone not in text_of(public)
    assert ("Three seminars." in text_of(public), "A secret." in text_of(public)) == (False, False)
    assert [words in inside for words in (first, again, gone)] == [True, True, True]
    assert gone in read
    assert is_plain(public)


def test_a_text_of_the_next_round_takes_the_place_and_an_ended_assignment_has_none(
    approved: Update, cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    assignment = Assignment.objects.get()
    second = make.update_in(make.open_round(cast, "2026-H2"), assignment)
    make.sent(second, by=cast.ilo_focal_point, at=make.later(days=1))
    make.approved(second, by=cast.coordinator, at=make.later(days=1))
    make.do("end", assignment, by=cast.coordinator, at=make.later(days=2), note="Over.")
    clock.now = make.later(days=3)
    words = text_of(signed_in(cast.ilo_focal_point).get(THREAD))

    assert "until 5 May 2026, 09:30 UTC (replaced by the update of round 2026-H2)." in words
    assert (
        "Public from 5 May 2026, 09:30 until 6 May 2026, 09:30 UTC "
        "(the agency no longer had the action)." in words
    )


def test_the_checks_lead_to_where_each_finding_is_put_right(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    more = [make.action(cast.area, f"A{number}", order=number) for number in range(2, 5)]
    implemented = make.accepted(cast)
    on_hold = make.accepted(cast, action=more[0])
    asked = make.proposed(cast, action=more[1])
    silent = make.accepted(cast, action=more[2])
    first = make.open_round(cast)
    second = make.open_round(cast, "2026-H2")
    shown = make.update_in(second, implemented)
    piece = make.linked(shown, by=cast.ilo_focal_point)
    make.sent(shown, by=cast.ilo_focal_point, status="implemented")
    held = make.update_in(second, on_hold)
    hold = {"status": "on_hold", "reason": "No funds.", "resume_on": date(2026, 5, 20)}
    make.sent(held, by=cast.ilo_focal_point, **hold)
    for update in (shown, held):
        make.approved(update, by=cast.coordinator)
    sound = text_of(signed_in(cast.coordinator).get("/f/hld-2013/rounds/2026-H2/checks/"))
    Evidence.objects.filter(pk=piece.pk).update(
        erased_at=make.NOW, erased_by=cast.administrator, erased_because="A court said so."
    )
    clock.now = make.later(days=30)
    answer = signed_in(cast.coordinator).get("/f/hld-2013/rounds/2026-H2/checks/")
    words, links = text_of(answer), links_of(answer)

    assert "Every claim of this round that says implemented shows evidence." in sound
    assert "No action is on hold past its date." in sound
    assert "4 things to look at." in words
    for heading, link in (
        ("Implemented without evidence", f"/updates/{shown.pk}/"),
        ("On hold past the date of resumption", f"/updates/{held.pk}/"),
        ("Lead not accepted", "/f/hld-2013/actions/A3/ILO/"),
        ("Nothing sent for two rounds", "/f/hld-2013/actions/A4/ILO/"),
    ):
        assert f"{heading} (1)" in words
        assert link in links
    assert (asked.acceptance, silent.acceptance, first.code) == ("proposed", "accepted", "2026-H1")


def test_the_checks_of_an_earlier_moment_know_what_was_so_then(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    claims = make.accepted(cast)
    takes_back = make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    released = make.accepted(cast, action=make.action(cast.area, "A3", order=3))
    make.open_round(cast, "2025-H2")
    round = make.open_round(cast)
    update, withdrawn = (make.update_in(round, one) for one in (claims, takes_back))
    piece = make.linked(update, by=cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point, status="implemented")
    make.approved(update, by=cast.coordinator)
    make.sent(withdrawn, by=cast.ilo_focal_point)
    day = {"at": make.later(days=2)}
    Evidence.objects.filter(pk=piece.pk).update(
        erased_at=day["at"], erased_by=cast.administrator, erased_because="A court said so."
    )
    make.do("withdraw", withdrawn, by=cast.ilo_focal_point, **day)
    make.do("end", released, by=cast.coordinator, note="Over.", **day)
    clock.now = make.later(days=3)
    client = signed_in(cast.coordinator)
    moments = ("2026-05-05T09:30", "2026-05-07T09:30")
    pages = [client.get(f"{ROUND}checks/", {"as_of": at}) for at in moments]
    silent = [[one for one in links_of(page) if "/actions/A" in one] for page in pages]

    assert ["Implemented without evidence (1)" in text_of(page) for page in pages] == [False, True]
    assert silent == [
        [f"/f/hld-2013/actions/{code}/ILO/?as_of={at}"]
        for code, at in zip(("A3", "A2"), moments, strict=True)
    ]


def test_the_checks_find_empty_answers(cast: make.Cast, signed_in: Any) -> None:
    round = builders.a_round(cast.framework)
    for number in (1, 2, 3):
        question = Question.objects.create(
            framework=cast.framework, number=number, heading=f"Q{number}", text="Text?"
        )
        RoundQuestion.objects.create(
            round=round, question=question, number=number, heading=f"Q{number}", text="Text?"
        )
    duty = builders.owed(round, None, agency=cast.ilo)
    builders.sent(duty, "", at=make.NOW)
    Submission.objects.update(body={"q1": "Much.", "q2": " "})
    answer = signed_in(cast.administrator).get("/f/hld-2013/rounds/R1/checks/")

    assert "Empty answers (1) Questionnaire · ILO 2 of 3 answers are empty" in text_of(answer)
    assert f"/updates/{duty.updates.get().pk}/" in links_of(answer)


def test_the_checks_of_nothing_find_nothing(cast: make.Cast, signed_in: Any) -> None:
    make.open_round(cast)

    assert "The checks found nothing to look at." in text_of(
        signed_in(cast.coordinator).get(f"{ROUND}checks/")
    )


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_checks_take_the_same_queries_for_every_number_of_rows(
    rows: int, cast: make.Cast, signed_in: Any
) -> None:
    framework = cast.framework
    round = builders.a_round(framework)
    for number in range(rows):
        action = make.action(cast.area, f"B{number}", order=number + 2)
        held = builders.held(action, cast.ilo)
        builders.said(builders.owed(round, held), "implemented", at=make.NOW)
    client = signed_in(cast.coordinator)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/f/hld-2013/rounds/R1/checks/")

    assert f"Implemented without evidence ({rows})" in text_of(answer)
    assert len(queries) == 14
