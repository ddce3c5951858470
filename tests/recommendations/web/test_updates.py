"""The update form: nothing that a person typed is lost, whatever happens meanwhile."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from recommendations.domain import updates
from recommendations.models import Comment, Draft, Evidence, ReviewState, Update
from tests import make
from tests.recommendations.web.pages import text_of, writer

LONG = "x" * 2001


@pytest.fixture
def owed(cast: make.Cast) -> Update:
    """Return an update that the ILO owes and has not begun."""
    return make.owed(cast)


def page(name: str, update: Update) -> str:
    """Return the address of a page of an update."""
    return reverse(name, args=[update.pk])


def draft_of(update: Update) -> Draft | None:
    """Return the draft as it is saved now."""
    return Draft.objects.filter(update=update).first()


def filled(of: Update, **fields: Any) -> dict[str, Any]:
    """Return the form as a browser posts it on what is saved now."""
    draft = draft_of(of)
    form = {
        "draft_version": draft.version if draft else 0,
        "kind": "report",
        "status": "in_progress",
        "done": "Two seminars.",
        "challenges": "",
        "next_steps": "",
    }
    return form | fields


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


# --- writing ---------------------------------------------------------------------------------


def test_a_get_writes_nothing(owed, cast, signed_in):
    signed_in(cast.ilo_focal_point).get(page("update", owed))

    assert draft_of(owed) is None


def test_save_and_leave_keeps_an_unfinished_text_and_leads_to_the_work_list(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, status="", then="leave")
    )

    assert response.headers["Location"] == "/work/"
    assert draft_of(owed).body == {"done": "Two seminars.", "challenges": "", "next_steps": ""}


def test_every_field_is_saved_and_shown_again(owed, cast, signed_in):
    other = make.action(cast.area, "A2", order=2)
    fields = {
        "kind": "nothing_to_report",
        "status": "discontinued",
        "done": "Done.",
        "challenges": "Few.",
        "next_steps": "None.",
        "reason": "Waiting.",
        "resume_on": "2026-09-01",
        "discontinued_because": "superseded",
        "superseded_by": other.pk,
        "evidence_waiver": "Confidential.",
    }
    client = signed_in(cast.ilo_focal_point)
    client.post(page("update", owed), filled(owed, **fields))

    form = client.get(page("update", owed)).context["form"]

    shown = {name: form[name].value() for name in fields}
    assert shown | {"resume_on": "2026-09-01", "superseded_by": other.pk} == fields
    assert draft_of(owed).resume_on == date(2026, 9, 1)


def test_a_line_end_counts_as_one_character(owed, cast, signed_in):
    lines = "\r\n".join(["x"] * 1000)
    client = signed_in(cast.ilo_focal_point)

    response = client.post(page("update", owed), filled(owed, done=lines, then="check"))

    assert response.headers["Location"] == page("update-check", owed)


def test_what_is_missing_is_said_and_the_text_is_saved(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, status="on_hold", done=LONG, then="check")
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "done": ["Shorten this text to 2000 characters."],
        "reason": ["Say why the action is on hold."],
        "resume_on": ["Give the date on which work is to resume."],
    }
    assert 'href="#id_done"' in text(response)
    assert draft_of(owed).body["done"] == LONG
    assert response.context["form"]["draft_version"].value() == str(draft_of(owed).version)


def test_a_date_that_cannot_be_read_loses_nothing_else(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, resume_on="next spring", then="leave")
    )

    assert response.status_code == 400
    assert response.context["form"]["resume_on"].value() == "next spring"
    assert draft_of(owed).body["done"] == "Two seminars."


def open_parts(response: Any) -> list[bool]:
    """Say which parts for one status stand open: on hold, discontinued, implemented."""
    found = re.findall(r'<details class="panel"( open)?>\s*<summary>Needed if', text(response))
    return [bool(mark) for mark in found]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [False, False, False]),
        ({"status": "on_hold"}, [True, False, False]),
        ({"status": "discontinued"}, [False, True, False]),
        ({"status": "implemented"}, [False, False, True]),
        ({"reason": "Waiting."}, [True, False, False]),
        ({"discontinued_because": "overtaken"}, [False, True, False]),
        ({"evidence_waiver": "Confidential."}, [False, False, True]),
    ],
)
def test_what_one_status_asks_for_is_open_where_it_is_needed_or_filled(
    fields, expected, owed, cast, signed_in
):
    client = signed_in(cast.ilo_focal_point)
    saved = client.post(page("update", owed), filled(owed, **fields))

    assert open_parts(client.get(saved.headers["Location"])) == expected


def test_a_message_leads_to_a_field_that_stands_open(owed, cast, signed_in):
    typed = filled(owed, resume_on="next spring")

    response = signed_in(cast.ilo_focal_point).post(page("update", owed), typed)

    assert 'href="#id_resume_on"' in text(response)
    assert open_parts(response) == [True, False, False]


def test_each_box_says_who_sees_what_is_not_public(owed, cast, signed_in):
    shown = text(signed_in(cast.ilo_focal_point).get(page("update", owed)))

    assert shown.count("Public with the update; otherwise only reviewers see it") == 2


def test_nothing_new_is_offered_only_where_something_is_approved(owed, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    first = client.get(page("update", owed)).context["form"]
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    second = make.update_in(make.open_round(cast, "2026-H2"), owed.duty.assignment)

    then = client.get(page("update", second)).context["form"]

    assert [value for value, _words in first.fields["kind"].choices] == [
        "report",
        "nothing_to_report",
    ]
    assert [value for value, _words in then.fields["kind"].choices] == [
        "report",
        "no_change",
        "nothing_to_report",
    ]


def test_the_approved_text_stands_beside_the_form_and_can_be_taken_over(owed, cast, signed_in):
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    second = make.update_in(make.open_round(cast, "2026-H2"), owed.duty.assignment)
    make.drafted(second, by=cast.ilo_alternate, body={"done": "A draft."})
    client = signed_in(cast.ilo_focal_point)

    plain = client.get(page("update", second))
    started = client.post(page("update", second), filled(second, done="My text.", then="start"))
    taken = client.get(started.headers["Location"])

    assert "Two seminars." in text(plain)
    assert plain.context["form"]["done"].value() == "A draft."
    assert taken.context["form"]["done"].value() == "Two seminars."
    assert draft_of(second).body["done"] == "My text."


def test_a_return_shows_its_comment_at_its_field(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point)
    make.do(
        "return",
        owed,
        by=cast.coordinator,
        note="Some figures are missing.",
        due_on=date(2026, 5, 20),
        field_comments={"done": "How many seminars were regional?"},
    )

    shown = text(signed_in(cast.ilo_focal_point).get(page("update", owed)))

    assert "Returned by Coordinator on" in shown
    assert "Some figures are missing." in shown
    assert shown.count("How many seminars were regional?") == 2
    place = f"comment-{Comment.objects.get().pk}"
    assert f'<a href="#{place}">Go to “What was done”</a>' in shown
    assert shown.index(f'id="{place}"') < shown.index('id="id_done"')


# --- two writers -----------------------------------------------------------------------------


def test_a_stale_save_shows_both_texts_and_overwrites_nothing(owed, cast, signed_in):
    form = filled(owed, done="Mine.", challenges="Same.")
    make.drafted(owed, by=cast.ilo_alternate, body={"done": "Theirs.", "challenges": "Same."})

    response = signed_in(cast.ilo_focal_point).post(page("update", owed), form)

    assert response.status_code == 409
    (both,) = response.context["differing"]
    assert (both.name, both.mine, both.theirs) == ("done", "Mine.", "Theirs.")
    assert response.context["same"]["challenges"] == "Same."
    assert "ILO alternate saved this draft on" in text(response)
    assert draft_of(owed).body["done"] == "Theirs."


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_the_choice_between_two_texts_is_saved(choice, kept, owed, cast, signed_in):
    form = filled(owed, done="Mine.")
    make.drafted(owed, by=cast.ilo_alternate, body={"done": "Theirs."})
    client = signed_in(cast.ilo_focal_point)
    conflict = client.post(page("update", owed), form)
    settled = dict(conflict.context["same"])
    for both in conflict.context["differing"]:
        settled |= {
            f"keep_{both.name}": choice,
            f"mine_{both.name}": both.mine,
            f"theirs_{both.name}": both.theirs,
        }

    response = client.post(
        page("update", owed), settled | {"draft_version": conflict.context["draft_version"]}
    )

    assert response.status_code == 302
    assert draft_of(owed).body["done"] == kept


def test_a_draft_deleted_meanwhile_is_no_loss(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_alternate)
    form = filled(owed, done="Mine.")
    updates.delete_draft(owed, by=cast.ilo_alternate, at=make.NOW, version=draft_of(owed).version)

    response = signed_in(cast.ilo_focal_point).post(page("update", owed), form)

    assert response.status_code == 409
    assert "Mine." in text(response)


def test_text_for_an_update_that_was_sent_meanwhile_is_shown_and_not_lost(owed, cast, signed_in):
    form = filled(owed, done="Written too late.")
    make.sent(owed, by=cast.ilo_alternate)

    response = signed_in(cast.ilo_focal_point).post(page("update", owed), form)

    assert response.status_code == 409
    assert "Written too late." in text(response)
    assert "This update is submitted; its text cannot be changed now." in text(response)


def test_text_for_a_closed_round_is_shown_and_not_lost(owed, cast, signed_in):
    form = filled(owed, done="Written too late.")
    make.do("close", owed.duty.round, by=cast.coordinator)

    response = signed_in(cast.ilo_focal_point).post(page("update", owed), form)

    assert response.status_code == 409
    assert "Written too late." in text(response)


def test_in_a_closed_round_what_was_typed_is_said_to_be_kept_where_it_is(owed, cast, signed_in):
    make.do("close", owed.duty.round, by=cast.coordinator)
    client = signed_in(cast.ilo_focal_point)
    closed, kept = (
        "Round 2026-H1 is closed. A coordinator can reopen it.",
        "What you typed is kept.",
    )
    to_come = {"due_on": date(2026, 7, 1), "closes_on": date(2026, 7, 31)}
    without = text(client.get(page("update", owed)))
    make.do("reopen", owed.duty.round, by=cast.coordinator, note="More time.", **to_come)
    make.drafted(owed, by=cast.ilo_focal_point)
    make.do("close", owed.duty.round, by=cast.coordinator)
    beside_a_draft = text(client.get(page("update", owed)))

    assert (closed in without, kept in without) == (True, False)
    assert f"{closed} {kept}" in beside_a_draft


def test_nothing_new_in_a_closed_round_shows_what_would_have_been_sent(cast, signed_in):
    first = make.owed(cast)
    make.approved(
        make.sent(first, by=cast.ilo_focal_point, body={"done": "Approved words."}),
        by=cast.coordinator,
    )
    second = make.update_in(make.open_round(cast, "2026-H2"), first.duty.assignment)
    make.drafted(
        second,
        by=cast.ilo_focal_point,
        kind="no_change",
        status="on_hold",
        body={"done": "No budget.", "challenges": "Left over."},
    )
    make.do("close", second.duty.round, by=cast.coordinator)

    shown = text(signed_in(cast.ilo_focal_point).get(page("update", second)))

    assert ("No budget." in shown, "Approved words." in shown) == (True, True)
    assert ("Left over." in shown, "On hold" in shown) == (False, False)


def test_a_returned_form_says_whose_text_it_opens_with(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point)
    make.do("return", owed, by=cast.coordinator, note="More.", due_on=date(2026, 5, 20))
    client = signed_in(cast.ilo_focal_point)

    opened = text_of(client.get(page("update", owed)))
    make.drafted(owed, by=cast.ilo_focal_point)
    saved = text_of(client.get(page("update", owed)))

    assert "This is the text you sent on 4 May 2026 09:30 UTC" in opened
    assert "Nothing is saved yet." not in opened
    assert "This is the text you sent" not in saved


def test_a_coordinator_cannot_write_for_an_agency(owed, cast, signed_in):
    response = signed_in(cast.coordinator).post(page("update", owed), filled(owed))

    assert response.status_code == 403
    assert draft_of(owed) is None


def test_text_typed_after_the_session_ended_is_back_after_signing_in(owed, cast):
    client = Client()
    typed = filled(owed, done="Typed for an hour.", **writer(cast.ilo_focal_point))
    answer = client.post(page("update", owed), typed)

    assert answer.headers["Location"] == f"/account/sign-in/?next={page('update', owed)}"

    client.force_login(cast.ilo_focal_point)
    back = client.get(page("update", owed))
    assert back.context["form"]["done"].value() == "Typed for an hour."
    assert "This is what you typed before you had to sign in again." in text(back)

    client.post(page("update", owed), filled(owed, done="Typed for an hour."))
    assert draft_of(owed).body["done"] == "Typed for an hour."
    again = client.get(page("update", owed))
    assert "before you had to sign in again" not in text(again)


def test_an_endless_text_is_not_kept(owed, cast):
    client = Client()
    typed = filled(owed, done="x" * 100_001, **writer(cast.ilo_focal_point))
    client.post(page("update", owed), typed)

    assert "kept" not in client.session


@pytest.mark.parametrize("said", [{}, {"writer": "1"}, {"writer": "1:forged"}])
def test_nothing_is_kept_of_whoever_had_not_opened_the_form(said, owed):
    client = Client()
    client.post(page("update", owed), filled(owed, **said))

    assert "kept" not in client.session


def test_every_form_of_the_update_says_who_opened_it(owed, cast, signed_in):
    opened = text(signed_in(cast.ilo_focal_point).get(page("update", owed)))
    name, value = next(iter(writer(cast.ilo_focal_point).items()))

    assert f'<input type="hidden" name="{name}" value="{value}">' in opened


def test_what_was_typed_is_not_shown_to_whoever_signs_in_next(owed, cast):
    client = Client()
    typed = filled(owed, done="Typed for an hour.", **writer(cast.ilo_focal_point))
    client.post(page("update", owed), typed)

    client.force_login(cast.ilo_alternate)
    opened = client.get(page("update", owed))

    assert opened.context["form"]["done"].value() == ""
    assert "before you had to sign in again" not in text(opened)
    assert "kept" not in client.session


@pytest.mark.parametrize("ticked", [(), ("link_public",), ("file_public",)])
def test_a_box_that_was_not_ticked_is_not_ticked_after_signing_in_again(ticked, owed, cast):
    client = Client()
    boxes = dict.fromkeys(ticked, "on")
    client.post(page("update", owed), filled(owed, **boxes, **writer(cast.ilo_focal_point)))

    client.force_login(cast.ilo_focal_point)
    form = client.get(page("update", owed)).context["form"]

    shown = {name: bool(form[name].value()) for name in ("link_public", "file_public")}
    assert shown == {name: name in ticked for name in shown}


def test_after_signing_in_again_a_reason_is_back_on_the_page_of_its_form(owed, cast):
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    client = Client(headers={"referer": f"http://testserver{page('update', owed)}"})

    typed = {"comment": "A long reason.", **writer(cast.coordinator)}
    answer = client.post(page("update-reopen", owed), typed)
    client.force_login(cast.coordinator)
    back = client.get(page("update", owed))

    assert answer.headers["Location"] == f"/account/sign-in/?next={page('update', owed)}"
    assert back.context["form"]["comment"].value() == "A long reason."


def test_nobody_is_led_elsewhere_by_where_they_came_from(owed):
    client = Client(headers={"referer": "https://elsewhere.example/updates/1/"})

    answer = client.post(page("draft-delete", owed), {"draft_version": 1})

    assert answer.headers["Location"] == "/account/sign-in/?next=/work/start/"


@pytest.mark.parametrize(
    ("name", "back"),
    [("update-send", "update-check"), ("update-withdraw", "update"), ("update-reopen", "update")],
)
def test_signing_in_again_leads_back_to_a_page_not_to_an_address_for_forms(name, back, owed):
    client = Client(headers={"referer": f"http://testserver{page(name, owed)}"})

    answer = client.post(page(name, owed), {"version": 1})

    assert answer.headers["Location"] == f"/account/sign-in/?next={page(back, owed)}"


def test_a_null_character_breaks_nothing(owed, cast, signed_in):
    signed_in(cast.ilo_focal_point).post(page("update", owed), filled(owed, done="Two\x00 lines."))

    assert draft_of(owed).body["done"] == "Two lines."


# --- evidence on the form --------------------------------------------------------------------


def test_a_link_is_added_and_the_text_is_saved(owed, cast, signed_in):
    form = filled(owed, link_url="https://example.org/list", link_title="List", link_public="on")

    response = signed_in(cast.ilo_focal_point).post(page("evidence-add", owed), form)

    assert response.headers["Location"] == f"{page('update', owed)}#evidence"
    assert [(e.url, e.title, e.public) for e in Evidence.objects.all()] == [
        ("https://example.org/list", "List", True)
    ]
    assert draft_of(owed).body["done"] == "Two seminars."


def test_a_link_typed_and_not_added_goes_with_check_and_send(owed, cast, signed_in):
    form = filled(owed, link_url="https://example.org/list", then="check")

    signed_in(cast.ilo_focal_point).post(page("update", owed), form)

    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (
            SimpleUploadedFile("page.html", b"<script>"),
            "Choose a file of one of these types: "
            "pdf, docx, xlsx, pptx, odt, ods, png, jpg, jpeg, txt, csv.",
        ),
        (SimpleUploadedFile("empty.pdf", b""), "This file is empty. Choose another."),
        (
            SimpleUploadedFile("list.pdf", b"PK\x03\x04"),
            "The content of this file is not what its ending .pdf says.",
        ),
        (
            SimpleUploadedFile("big.txt", b"x" * (10 * 1024 * 1024 + 1)),
            "This file is larger than 10 MB. Choose a smaller one.",
        ),
    ],
    ids=["type", "empty", "content", "size"],
)
def test_a_refused_file_says_which_limit_and_leaves_the_form_intact(
    file, told, owed, cast, signed_in
):
    form = filled(owed, file=file, link_url="not an address")

    response = signed_in(cast.ilo_focal_point).post(page("evidence-add", owed), form)

    shown = response.context["form"]
    assert response.status_code == 400
    assert shown.errors["file"] == [told]
    assert shown.errors["link_url"] == [
        "Enter a full web address that begins with https:// or http://."
    ]
    assert shown["link_url"].value() == "not an address"
    assert shown["done"].value() == "Two seminars."
    assert draft_of(owed).body["done"] == "Two seminars."
    assert Evidence.objects.count() == 0


def test_evidence_is_added_once_though_the_rest_is_refused(owed, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    form = filled(owed, link_url="https://example.org/list", resume_on="soon")

    refused = client.post(page("evidence-add", owed), form)

    assert refused.status_code == 400
    assert refused.context["form"]["link_url"].value() == ""
    assert Evidence.objects.count() == 1


def test_evidence_is_taken_off_and_the_text_is_saved(owed, cast, signed_in):
    link = make.linked(owed, by=cast.ilo_alternate)

    signed_in(cast.ilo_focal_point).post(
        reverse("evidence-detach", args=[link.pk]), filled(owed, update=owed.pk)
    )

    assert updates.evidence_of(owed) == []
    assert draft_of(owed).body["done"] == "Two seminars."


def test_text_typed_while_evidence_is_taken_off_too_late_is_shown_and_not_lost(
    owed, cast, signed_in
):
    link = make.linked(owed, by=cast.ilo_alternate)
    form = filled(owed, update=owed.pk, done="Written too late.")
    make.sent(owed, by=cast.ilo_alternate)

    response = signed_in(cast.ilo_focal_point).post(
        reverse("evidence-detach", args=[link.pk]), form
    )

    assert response.status_code == 409
    assert "Written too late." in text(response)
    assert Evidence.objects.get().detached_at is None


def test_a_title_that_is_too_long_is_said_before_its_link_is_added(owed, cast, signed_in):
    form = filled(owed, link_url="https://example.org/list", link_title="x" * 201)

    response = signed_in(cast.ilo_focal_point).post(page("evidence-add", owed), form)

    shown = response.context["form"]
    assert list(shown.errors) == ["link_title"]
    assert (shown["link_url"].value(), shown["link_title"].value()) == (
        "https://example.org/list",
        "x" * 201,
    )
    assert Evidence.objects.count() == 0


def test_a_title_that_is_too_long_is_said_before_its_file_is_added(owed, cast, signed_in):
    file = SimpleUploadedFile("list.txt", b"A list.")
    form = filled(owed, file=file, file_title="x" * 201)

    response = signed_in(cast.ilo_focal_point).post(page("evidence-add", owed), form)

    assert list(response.context["form"].errors) == ["file_title"]
    assert Evidence.objects.count() == 0


def test_an_empty_evidence_form_says_what_to_enter(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(page("evidence-add", owed), filled(owed))

    assert response.context["form"].errors == {
        "link_url": ["Enter a web address or choose a file."]
    }


# --- checking and sending --------------------------------------------------------------------


def test_check_and_send(owed, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    client.post(page("update", owed), filled(owed, then="check"))
    check = client.get(page("update-check", owed))
    form = {
        "version": check.context["update"].version,
        "draft_version": check.context["draft"].version,
    }

    sent = client.post(page("update-send", owed), form, follow=True)

    owed.refresh_from_db()
    assert owed.review_state == ReviewState.SUBMITTED
    assert sent.redirect_chain == [(page("update-sent", owed), 302)]
    assert "Update sent" in text(sent)
    assert "submission 1" in text(sent)


def test_a_button_pressed_twice_sends_once(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    client = signed_in(cast.ilo_focal_point)
    form = {"version": owed.version, "draft_version": draft_of(owed).version}

    answers = [client.post(page("update-send", owed), form) for _press in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [page("update-sent", owed)] * 2
    assert owed.submissions.count() == 1


def test_what_another_has_sent_meanwhile_is_not_called_ones_own(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    form = {"version": owed.version, "draft_version": draft_of(owed).version}
    make.sent(owed, by=cast.ilo_alternate)

    response = signed_in(cast.ilo_focal_point).post(page("update-send", owed), form)

    assert response.status_code == 409


def test_the_check_links_each_answer_to_its_field(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)

    shown = text(signed_in(cast.ilo_focal_point).get(page("update-check", owed)))

    for field in ("status_0", "done", "challenges", "next_steps"):
        assert f'href="{page("update", owed)}#id_{field}"' in shown


def test_the_check_of_an_unfinished_update_says_what_is_missing_and_offers_no_send(
    owed, cast, signed_in
):
    make.drafted(owed, by=cast.ilo_focal_point, status="")

    check = signed_in(cast.ilo_focal_point).get(page("update-check", owed))

    assert check.context["missing"] == [
        (f"{page('update', owed)}#id_status_0", "Choose the status of the action.")
    ]
    assert "Send to the coordinator" not in text(check)


def test_text_that_changed_after_the_check_is_shown_before_it_is_sent(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    seen = draft_of(owed).version
    make.drafted(owed, by=cast.ilo_alternate, body={"done": "Changed meanwhile."})

    response = signed_in(cast.ilo_focal_point).post(
        page("update-send", owed), {"version": owed.version, "draft_version": seen}
    )

    owed.refresh_from_db()
    assert response.status_code == 409
    assert "Changed meanwhile." in text(response)
    assert owed.review_state == ReviewState.DRAFT


def test_what_a_changed_status_no_longer_asks_for_is_not_sent(owed, cast, signed_in):
    make.sent(
        owed,
        by=cast.ilo_focal_point,
        status="in_progress",
        reason="Waiting.",
        resume_on=date(2026, 9, 1),
        discontinued_because="not_pursued",
    )

    sent = owed.submissions.get()

    assert (sent.reason, sent.resume_on, sent.discontinued_because) == ("", None, "")


def test_a_sent_update_is_withdrawn_and_is_a_draft_again(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point)
    owed.refresh_from_db()

    response = signed_in(cast.ilo_alternate).post(
        page("update-withdraw", owed), {"version": owed.version}, follow=True
    )

    assert response.context["form"]["done"].value() == "Two seminars."


def test_an_update_decided_meanwhile_cannot_be_withdrawn(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point)
    owed.refresh_from_db()
    seen = owed.version
    make.approved(owed, by=cast.coordinator)

    response = signed_in(cast.ilo_focal_point).post(
        page("update-withdraw", owed), {"version": seen}
    )

    assert response.status_code == 409
    assert "Reopen for the agency: a coordinator who is not of the agency" in text(response)


def test_a_draft_is_deleted_after_a_question(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    client = signed_in(cast.ilo_focal_point)
    question = client.get(page("draft-delete", owed))

    client.post(page("draft-delete", owed), {"draft_version": question.context["draft"].version})

    assert draft_of(owed) is None


def test_a_draft_that_changed_is_shown_before_it_is_deleted(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    seen = draft_of(owed).version
    make.drafted(owed, by=cast.ilo_alternate, body={"done": "Changed meanwhile."})

    response = signed_in(cast.ilo_focal_point).post(
        page("draft-delete", owed), {"draft_version": seen}
    )

    assert response.status_code == 409
    assert "Changed meanwhile." in text(response)


# --- reading ---------------------------------------------------------------------------------


def test_a_coordinator_sees_that_there_is_a_draft_and_never_its_text(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point, body={"done": "Not for you yet."})

    for person in (cast.coordinator, cast.administrator):
        shown = text(signed_in(person).get(page("update", owed)))
        assert "The agency has a draft since" in shown
        assert "Not for you yet." not in shown


def test_withdrawn_text_is_the_agencys_again(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point, body={"done": "Sent too early."})
    make.do("withdraw", owed, by=cast.ilo_focal_point)

    shown = text(signed_in(cast.coordinator).get(page("update", owed)))

    assert "Sent too early." not in shown
    assert "The agency took it back on" in shown


def test_an_approved_update_is_reopened_with_a_reason_and_a_date(owed, cast, signed_in):
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    owed.refresh_from_db()
    client = signed_in(cast.coordinator)

    empty = client.post(page("update-reopen", owed), {"version": owed.version})
    client.post(
        page("update-reopen", owed),
        {"version": owed.version, "comment": "Correct the figure.", "due_on": "2026-05-20"},
    )

    owed.refresh_from_db()
    assert empty.status_code == 400
    assert empty.context["form"].errors == {
        "comment": ["Say what the agency has to change."],
        "due_on": ["Give the new due date."],
    }
    assert owed.review_state == ReviewState.RETURNED


def test_a_stale_reopening_keeps_the_comment(owed, cast, signed_in):
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)
    owed.refresh_from_db()
    seen = owed.version
    make.do("reopen", owed, by=cast.coordinator, note="By another.", due_on=date(2026, 5, 20))

    response = signed_in(cast.coordinator).post(
        page("update-reopen", owed),
        {"version": seen, "comment": "My long reason.", "due_on": "2026-05-21"},
    )

    assert response.status_code == 409
    assert "My long reason." in text(response)


def test_the_form_and_the_page_to_read_take_few_queries(
    owed, cast, signed_in, django_assert_num_queries
):
    agency, coordinator = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)
    make.sent(owed, by=cast.ilo_focal_point)
    make.do("return", owed, by=cast.coordinator, note="More.", due_on=date(2026, 5, 20))

    with django_assert_num_queries(13):
        agency.get(page("update", owed))
    with django_assert_num_queries(12):
        coordinator.get(page("update", owed))
