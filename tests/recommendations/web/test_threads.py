"""The thread of an agency on an action: what each reader sees of it, and may do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies import revisions
from agencies.models import AgencyCode
from recommendations.models import Update
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

THREAD = "/f/hld-2013/actions/A1/ILO/"


def correction(update: Update) -> Update:
    """Return a further update of the duty, as an agency that corrects begins one."""
    return Update.objects.create(duty=update.duty, corrects=update)


@pytest.fixture
def told(cast: make.Cast, clock: Any) -> make.Cast:
    """Return a thread with a text returned, sent again, approved, and with evidence."""
    update = make.owed(cast)
    make.linked(update, by=cast.ilo_focal_point, public=True)
    make.sent(update, by=cast.ilo_focal_point, body={"done": "First try."})
    make.do(
        "return",
        update,
        by=cast.coordinator,
        at=make.later(hours=1),
        note="Say how many.",
        due_on=make.later(days=9).date(),
    )
    make.sent(
        update, by=cast.ilo_focal_point, at=make.later(hours=2), body={"done": "Two seminars."}
    )
    make.approved(update, by=cast.coordinator, at=make.later(hours=3))
    clock.now = make.later(days=1)
    return cast


def test_the_public_reads_what_is_in_force_and_nothing_of_how_it_came(
    told: make.Cast, client: Client
) -> None:
    answer = client.get(THREAD)
    words = text_of(answer)

    assert is_plain(answer)
    assert "Approved updates only." in words
    assert "Role Lead Taken on Accepted Status … In progress since 4 May 2026 12:30 UTC" in words
    assert "Verified by the coordinator." in words
    assert "Target date no date" in words
    assert "What was done Two seminars." in words
    assert "https://example.org/report" in links_of(answer)
    assert "Round 2026-H1 … In progress in force published 4 May 2026 12:30 UTC" in words
    for private in (
        "First try.",
        "Say how many.",
        "ILO focal point",
        "Coordinator",
        "who did what",
    ):
        assert private not in words
    assert not [url for url in links_of(answer) if url.startswith(("/updates/", "/assignments/"))]


def test_the_two_sides_read_what_was_sent_and_decided(told: make.Cast, signed_in: Any) -> None:
    for person in (told.ilo_focal_point, told.coordinator, told.administrator):
        words = text_of(signed_in(person).get(THREAD))

        assert "First try." in words
        assert "Returned 4 May 2026 10:30 UTC, Coordinator: Say how many." in words
        assert "submission 2, sent 4 May 2026 11:30 UTC by ILO focal point" in words


def test_another_agency_and_an_observer_read_what_the_public_reads(
    told: make.Cast, signed_in: Any
) -> None:
    for person in (told.iom_focal_point, told.observer, told.stranger):
        words = text_of(signed_in(person).get(THREAD))

        assert "Two seminars." in words
        assert "First try." not in words


def test_the_thread_leads_to_its_history(told: make.Cast, signed_in: Any, client: Client) -> None:
    history = f"/history/assignment/{told.action.assignments.get().pk}/"

    assert f"{history}?parts=yes" in links_of(signed_in(told.coordinator).get(THREAD))
    assert history in links_of(client.get(THREAD))


def test_a_draft_shows_its_age_to_coordinators_and_its_text_to_nobody_here(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    update = correction(Update.objects.get())
    make.drafted(update, by=told.ilo_focal_point, at=make.later(hours=5), body={"done": "Secret."})
    coordinator = text_of(signed_in(told.coordinator).get(THREAD))

    assert "the agency has a draft since 4 May 2026 14:30 UTC" in coordinator
    for words in (coordinator, text_of(client.get(THREAD))):
        assert "Secret." not in words
    assert "draft" not in text_of(client.get(THREAD))


def test_evidence_for_reviewers_is_not_shown_to_the_public(
    cast: make.Cast, signed_in: Any, client: Client, clock: Any
) -> None:
    update = make.owed(cast)
    make.linked(update, by=cast.ilo_focal_point, public=False)
    make.approved(make.sent(update, by=cast.ilo_focal_point), by=cast.coordinator)

    assert "https://example.org/report" not in links_of(client.get(THREAD))
    inside = signed_in(cast.coordinator).get(THREAD)
    assert "https://example.org/report" in links_of(inside)
    assert "for reviewers only" in text_of(inside)


def test_a_text_that_is_held_or_retracted_is_not_public(
    cast: make.Cast, signed_in: Any, client: Client, clock: Any
) -> None:
    clock.now = make.later(days=1)
    lead = builders.held(cast.action, cast.ilo)
    kept = builders.sent(lead, "implemented", at=make.NOW, text="Kept back.")
    builders.approved(kept, at=make.later(hours=1), published_at=None)
    gone = builders.said(lead, "on_hold", at=make.NOW, text="Taken out.")
    builders.decided(gone, "retract", at=make.later(hours=2))

    public, inside = client.get(THREAD), signed_in(cast.coordinator).get(THREAD)
    assert "No report yet" in text_of(public)
    assert "Round by round" not in text_of(public)
    assert "Kept back." in text_of(inside)
    assert "Taken out." in text_of(inside)
    assert "As reported by the agency, not verified." in text_of(inside)


def test_two_voices_that_differ_are_both_shown(cast: make.Cast, client: Client, clock: Any) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    facts = {"claim": "differ", "status": "not_started", "reason": "Nothing is begun."}
    make.do("approve", update, by=cast.coordinator, **facts)
    words = text_of(client.get(THREAD))

    assert "Status ○ Not started" in words
    assert "The agency reports: … In progress" in words


def test_an_earlier_moment_shows_what_was_in_force_then(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    answer = client.get(THREAD, {"as_of": "2026-05-04T12:00"})
    inside = signed_in(told.coordinator).get(THREAD, {"as_of": "2026-05-04T12:00"})

    assert "No report yet" in text_of(answer)
    assert "Two seminars." not in text_of(answer)
    assert "Say how many." in text_of(inside)
    assert "Approved 4 May" not in text_of(inside)
    assert not [url for url in links_of(inside) if url.startswith("/assignments/")]


def buttons(answer: Any) -> set[str]:
    """Return the verbs that a page offers."""
    urls = [url for url in links_of(answer) if url.startswith("/assignments/")]
    return {url.rstrip("/").rsplit("/", 1)[-1] for url in urls}


def renamed(obj: Any, *fields: str) -> None:
    """Give an object new names, five hours on."""
    obj.refresh_from_db()
    revisions.revise(
        obj,
        values={field: f"New {field}" for field in fields},
        by=None,
        at=make.later(hours=5),
        note="Clearer.",
        version=obj.version,
    )


def test_an_earlier_moment_is_read_and_cited_under_the_names_of_then(
    told: make.Cast, client: Client
) -> None:
    renamed(told.framework, "title")
    renamed(told.action, "short_title")
    renamed(told.ilo, "acronym", "name")
    then, cited = "?as_of=2026-05-04T13:30", "Framework hld-2013: A1 Short title of A1"
    thread, action = THREAD, THREAD.removesuffix("ILO/")

    words = text_of(client.get(THREAD + then))
    assert "Short title of A1 · Full name of ILO" in words
    assert f"{cited}, ILO. Position on 4 May 2026 13:30 UTC." in words
    assert f"{cited}. Position on" in text_of(client.get(action + then))
    assert "“Framework hld-2013”, open data" in text_of(client.get("/f/hld-2013/data/" + then))
    for page in (thread + then, action + then, "/f/hld-2013/data/" + then):
        cite = text_of(client.get(page)).partition("To cite" if "data" in page else "Cite")[2]
        assert "New" not in cite
    assert "New title: A1 New short_title, New acronym. Position" in text_of(client.get(THREAD))


def test_the_buttons_are_what_the_workflow_allows(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    offered = {
        person.name: buttons(signed_in(person).get(THREAD))
        for person in (
            told.ilo_focal_point,
            told.iom_focal_point,
            told.coordinator,
            told.ilo_coordinator,
            told.administrator,
            told.observer,
        )
    }

    assert buttons(client.get(THREAD)) == set()
    assert offered == {
        "ILO focal point": {"respond", "set_target"},
        "IOM focal point": set(),
        "Coordinator": {"set_target", "assess", "end"},
        "Coordinator of the ILO": {"respond", "set_target", "end"},
        "Administrator": {"set_target", "end"},
        "Observer": set(),
    }


def test_what_is_proposed_exists_for_the_two_sides_only(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    make.proposed(cast)
    outside = (cast.iom_focal_point, cast.observer, cast.stranger)

    assert client.get(THREAD).status_code == 404
    assert [signed_in(person).get(THREAD).status_code for person in outside] == [404] * 3
    assert "answer due 18 May 2026" in text_of(signed_in(cast.ilo_focal_point).get(THREAD))
    assert buttons(signed_in(cast.coordinator).get(THREAD)) == {"withdraw", "set_target", "respond"}


def test_what_has_ended_stays_for_the_two_sides_and_for_an_earlier_moment(
    cast: make.Cast, signed_in: Any, client: Client, clock: Any
) -> None:
    lead = make.accepted(cast)
    make.do("end", lead, by=cast.coordinator, at=make.later(hours=2), note="Handed over.")
    clock.now = make.later(days=1)
    again = make.do("assign", cast.action, by=cast.coordinator, agency=cast.ilo, role="supporting")
    inside = text_of(signed_in(cast.ilo_focal_point).get(THREAD))

    assert again.pk != lead.pk
    assert client.get(THREAD).status_code == 404
    assert "Supporting, assigned on" in inside
    assert "Lead, assigned on" in inside
    assert "Taken on Ended" in inside
    assert "Role Lead" in text_of(client.get(THREAD, {"as_of": "2026-05-04T10:00"}))


def test_an_earlier_moment_knows_nothing_of_what_came_later(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    lead = make.proposed(cast)
    why = {"note": "No mandate."}
    make.do("decline", lead, by=cast.ilo_focal_point, at=make.later(hours=1), **why)
    facts = {"agency": cast.ilo, "role": "supporting"}
    make.do("assign", cast.action, by=cast.coordinator, at=make.later(hours=5), **facts)
    clock.now = make.later(days=1)
    client = signed_in(cast.coordinator)

    told = text_of(client.get(THREAD, {"as_of": "2026-05-04T11:00"}))

    assert "Taken on Declined" in told
    assert "Supporting" not in told
    assert "Supporting" in text_of(client.get(THREAD))
    assert client.get(THREAD, {"as_of": "2026-05-04T09:00"}).status_code == 404


def test_an_earlier_moment_lists_no_correction_that_began_later(
    told: make.Cast, signed_in: Any, clock: Any
) -> None:
    begun = {"by": told.ilo_focal_point, "at": make.later(days=2)}
    make.do("correct", Update.objects.get(), **begun)
    clock.now = make.later(days=3)
    client = signed_in(told.coordinator)
    moments = ("2026-05-06T09:29", "2026-05-06T09:30", "")
    pages = [client.get(THREAD, {"as_of": at} if at else {}) for at in moments]

    assert [text_of(page).count("Correction") for page in pages] == [0, 1, 1]
    assert ["Two seminars." in text_of(page) for page in pages] == [True] * 3


def test_an_old_code_and_the_other_case_lead_to_the_present_address(
    told: make.Cast, client: Client
) -> None:
    AgencyCode.objects.create(agency=told.ilo, code="BIT")
    places = ("a1/ILO", "A1/ilo", "A1/BIT", "a1/bit")
    answers = [client.get(f"/f/hld-2013/actions/{place}/?as_of=2026-05-05") for place in places]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (301, THREAD + "?as_of=2026-05-05")
    }


def test_an_agency_that_is_not_on_the_action_has_no_thread(told: make.Cast, client: Client) -> None:
    AgencyCode.objects.create(agency=told.iom, code="OIM")
    nowhere = ("A1/IOM", "A1/OIM", "A1/XYZ", "Z9/ILO")

    assert [client.get(f"/f/hld-2013/actions/{place}/").status_code for place in nowhere] == [
        404
    ] * 4


def test_as_of_a_moment_before_it_a_text_was_not_taken_back_and_is_not_to_be_read(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("withdraw", update, by=cast.ilo_focal_point, at=make.later(hours=2))
    clock.now = make.later(days=1)
    client = signed_in(cast.coordinator)
    before = text_of(client.get(THREAD, {"as_of": "2026-05-04T10:00"}))
    after = text_of(client.get(THREAD))

    said = "The agency took it back on"
    assert (said in before, said in after) == (False, True)
    assert ("Two seminars." in before, "Two seminars." in after) == (False, False)
