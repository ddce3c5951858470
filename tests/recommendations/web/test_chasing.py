"""A coordinator reminds the late by hand: chosen, shown as it will be read, sent once a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership
from recommendations.models import Delivery, Duty, Update
from recommendations.notify import passes
from recommendations.notify.reminders import remind
from tests import mail_server, make
from tests.recommendations.web.pages import links_of, text_of

ROUND = "/f/hld-2013/rounds/2026-H1/"
LATE = make.later(days=30)
"""Three days after the due date."""


@pytest.fixture
def late(cast: make.Cast, clock: Any) -> Update:
    """Return an update of the ILO that is overdue; the IOM is overdue with another."""
    action = make.action(cast.area, "A2", order=2)
    make.accepted(cast, action=action, agency=cast.iom, by=cast.iom_focal_point)
    update = make.owed(cast)
    clock.now = LATE
    return update


def of_iom() -> Duty:
    """Return what the IOM owes."""
    return Duty.objects.get(assignment__agency__code="IOM")


def chased() -> list[tuple[str, str, dict[str, Any]]]:
    """Return who was reminded by hand of what, and the facts."""
    rows = Delivery.objects.filter(kind="chased", channel="mail").select_related("user")
    return [(row.user.name, row.cause, row.facts) for row in rows.order_by("id")]


def send(client: Client, *duties: Duty, **more: str) -> Any:
    """Send a reminder of these duties."""
    typed = {"duty": [duty.pk for duty in duties], "send": "yes", **more}
    return client.post(f"{ROUND}chase/", typed, follow=True)


def test_the_coordinator_ticks_reads_the_mail_and_sends_it(late, cast, signed_in):
    client = signed_in(cast.coordinator)
    listed = client.get(f"{ROUND}?standing=late")
    shown = client.get(f"{ROUND}chase/", {"duty": late.duty_id})
    preview = shown.context["preview"]
    done = send(client, late.duty)

    assert f'name="duty" value="{late.duty_id}"' in listed.content.decode()
    assert [str(person) for one in shown.context["chases"] for person in one.people] == [
        "Coordinator of the ILO",
        "ILO alternate",
        "ILO focal point",
    ]
    assert preview.subject == "Overdue by 3 days: A1 Short title of A1 (ILO)"
    assert f"http://testserver/updates/{late.pk}/" in preview.text
    assert preview.subject in text_of(shown)
    assert "A reminder of 1 update is on its way." in text_of(done)
    assert chased() == [
        (
            name,
            f"chase:{late.duty_id}:2026-06-03",
            {"due_on": "2026-05-31", "note": "", "by": cast.coordinator.pk},
        )
        for name in ("Coordinator of the ILO", "ILO alternate", "ILO focal point")
    ]


def test_the_mail_that_arrives_is_the_one_that_was_shown(late, cast, signed_in, settings):
    settings.DELIVERY_WAIT_SECONDS = 0
    client = signed_in(cast.coordinator)
    typed = {"duty": [of_iom().pk], "note": "The report is printed on Friday."}
    preview = client.post(f"{ROUND}chase/", typed).context["preview"]
    send(client, of_iom(), note="The report is printed on Friday.")
    with mail_server.mail_server(settings) as server:
        passes.deliver(clock=lambda: LATE)

    (mail,) = server.to(cast.iom_focal_point.email)
    assert "   > The report is printed on Friday." in preview.text
    assert "   > A coordinator reminds you. An answer to this mail reaches the" in preview.text
    assert mail["Subject"] == preview.subject
    assert mail_server.text_of(mail).strip() == preview.text.strip()
    assert preview.to == cast.iom_focal_point


def test_showing_sends_nothing(late, cast, signed_in):
    client = signed_in(cast.coordinator)
    client.get(f"{ROUND}chase/", {"all": "overdue"})
    client.post(f"{ROUND}chase/", {"duty": late.duty_id, "note": "Soon."})

    assert chased() == []


def test_all_that_are_overdue_are_chosen_at_once(late, cast, signed_in):
    client = signed_in(cast.coordinator)
    page = client.get(ROUND)
    shown = client.get(f"{ROUND}chase/", {"all": "overdue"})

    assert "Remind of all 2 overdue" in text_of(page)
    assert {one.duty for one in shown.context["chases"]} == {late.duty, of_iom()}
    assert "Send to 4 people" in text_of(shown)


def test_a_second_reminder_on_the_same_day_is_said_and_not_sent(late, cast, signed_in, clock):
    client = signed_in(cast.coordinator)
    send(client, late.duty)
    shown = client.get(f"{ROUND}chase/", {"duty": late.duty_id})
    again = send(client, late.duty, of_iom())

    said = "A coordinator reminded them today already."
    assert said in text_of(shown)
    assert shown.context["preview"] is None
    assert "A reminder of 1 update is on its way." in text_of(again)
    assert f"2026-H1 A1 ILO: {said}" in text_of(again)
    assert len(chased()) == 3 + 1
    clock.now = LATE + timedelta(days=1)
    send(signed_in(cast.coordinator), late.duty)
    assert len(chased()) == 3 + 1 + 3


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        ("sent", "The update was sent."),
        ("approved", "The update was approved."),
        ("waived", "The update was waived."),
        ("closed", "The round is closed."),
        ("vacant", "Nobody can act for this agency."),
        ("undated", "It has no due date."),
    ],
)
def test_what_is_not_owed_or_has_nobody_is_left_alone_and_says_why(
    happens, said, late, cast, signed_in
):
    steering = {"by": cast.coordinator, "at": LATE, "note": "Agreed."}
    if happens in ("sent", "approved"):
        make.sent(late, by=cast.ilo_focal_point, at=LATE)
    if happens == "approved":
        make.approved(late, by=cast.coordinator, at=LATE)
    if happens == "waived":
        make.do("waive", late.duty, **steering)
    if happens == "closed":
        make.do("close", late.duty.round, **steering)
    if happens == "vacant":
        Membership.objects.filter(agency=cast.ilo).update(until_on=date(2026, 5, 5))
    if happens == "undated":
        Duty.objects.filter(pk=late.duty_id).update(due_on=None)

    answer = send(signed_in(cast.coordinator), late.duty)

    assert f"2026-H1 A1 ILO: {said}" in text_of(answer)
    assert chased() == []


def test_only_rows_that_can_be_reminded_of_have_a_box_and_only_for_coordinators(
    late, cast, signed_in
):
    make.sent(late, by=cast.ilo_focal_point, at=LATE)
    boxes = {
        person: signed_in(getattr(cast, person)).get(f"{ROUND}?standing=all").content.decode()
        for person in ("coordinator", "administrator", "iom_focal_point")
    }

    assert {person: page.count('name="duty"') for person, page in boxes.items()} == {
        "coordinator": 1,
        "administrator": 0,
        "iom_focal_point": 0,
    }


def test_nothing_chosen_leads_back(late, cast, signed_in):
    answer = signed_in(cast.coordinator).get(f"{ROUND}chase/", {"duty": "x"})

    assert "Nothing is chosen" in text_of(answer)
    assert ROUND in links_of(answer)


def test_a_duty_of_another_round_is_not_reminded_of_here(late, cast, signed_in):
    other = make.open_round(cast, "2026-H2")
    duty = other.duties.get(assignment__agency=cast.ilo)
    send(signed_in(cast.coordinator), duty)

    assert chased() == []


@pytest.mark.parametrize("agencies", [1, 12])
def test_the_preview_asks_the_database_as_often_for_one_agency_as_for_twelve(
    agencies, late, cast, signed_in, django_assert_num_queries
):
    for number in range(1, agencies):
        agency = make.agency(f"AG{number}")
        by = make.person(f"Focal point {number}", of=agency)
        action = make.action(cast.area, f"B{number}", order=50 + number)
        make.accepted(cast, agency=agency, action=action, by=by)
    other = make.open_round(cast, "2026-H2")
    duties = list(other.duties.values_list("pk", flat=True))
    client = signed_in(cast.coordinator)

    with django_assert_num_queries(19):
        client.get("/f/hld-2013/rounds/2026-H2/chase/", {"duty": duties})


# --- what was told -----------------------------------------------------------------------------


def test_the_round_says_when_and_how_an_agency_was_last_reminded(late, cast, signed_in, clock):
    client = signed_in(cast.coordinator)
    before = client.get(f"{ROUND}?agency=ILO")
    told = f"/duties/{late.duty_id}/notices/"
    assert text_of(before).count("Not reminded yet: 1 of the duties below.") == 1
    assert "What was told" not in text_of(before)
    assert told in links_of(client.get(f"/updates/{late.pk}/"))
    assert told not in links_of(signed_in(cast.ilo_focal_point).get(f"/updates/{late.pk}/"))
    remind(at=LATE)
    by_the_timetable = text_of(client.get(f"{ROUND}?agency=ILO"))
    clock.now = LATE + timedelta(days=1)
    client = signed_in(cast.coordinator)
    send(client, late.duty)
    by_hand = text_of(client.get(f"{ROUND}?agency=ILO"))

    assert "Last reminded: 3 Jun 2026 (with the next digest) · What was told" in by_the_timetable
    assert "Not reminded yet" not in by_the_timetable
    assert "Last reminded by a coordinator: 4 Jun 2026 (mail on its way)" in by_hand


def test_an_agency_does_not_read_who_was_reminded(late, cast, signed_in):
    remind(at=LATE)
    page = signed_in(cast.ilo_focal_point).get(ROUND)

    assert "reminded" not in text_of(page)


@pytest.mark.parametrize(
    ("mail", "message", "how"),
    [
        ({"state": "suppressed", "because": "No right."}, None, "not sent: No right."),
        ({"state": "failed", "because": "Too long."}, None, "could not be written"),
        ({}, {"state": "sent"}, "mail sent"),
        ({}, {"state": "dead", "answer": "550 No such"}, "mail refused: 550 No such"),
        ({}, {"state": "suppressed", "answer": "No right."}, "not sent: No right."),
        ({}, {"state": "waiting"}, "mail on its way"),
    ],
)
def test_a_duty_tells_to_whom_what_was_told_and_what_became_of_the_mail(
    mail, message, how, late, cast, signed_in
):
    client = signed_in(cast.coordinator)
    send(client, of_iom(), note="Soon, I hope.")
    rows = Delivery.objects.filter(kind="chased", channel="mail")
    if message:
        user = cast.iom_focal_point
        made = {"user": user, "message_id": "<1@x>", "made_at": LATE, "due_at": LATE}
        mail["message"] = passes.bundling.Message.objects.create(kind="at_once", **made, **message)
    rows.update(**mail)
    page = text_of(client.get(f"/duties/{of_iom().pk}/notices/"))

    assert f"A coordinator reminds you Soon, I hope. IOM focal point inbox, {how}" in page


def test_a_duty_of_which_nothing_was_told_says_so(late, cast, signed_in):
    page = signed_in(cast.administrator).get(f"/duties/{late.duty_id}/notices/")

    assert "Nobody was told anything about this update yet." in text_of(page)


def test_what_was_told_about_its_updates_stands_there_as_well(late, cast, signed_in):
    make.sent(late, by=cast.ilo_focal_point, at=LATE)
    back = {"note": "Say where.", "due_on": date(2026, 6, 20)}
    make.do("return", late, by=cast.coordinator, at=LATE, **back)
    passes.positions.number_events(at=LATE)
    passes.fan_out.fan_out(at=LATE)
    page = text_of(signed_in(cast.coordinator).get(f"/duties/{late.duty_id}/notices/"))

    assert "An update is returned, with comments ILO focal point inbox" in page


def test_a_reminder_claims_duties_in_the_order_in_which_all_do(late, cast, signed_in):
    """In another one it and a longer round would wait for each other."""
    client = signed_in(cast.coordinator)
    with CaptureQueriesContext(connection) as asked:
        send(client, late.duty, of_iom())
    claimed = [one["sql"] for one in asked.captured_queries if 'AS "is_sent"' in one["sql"]]

    assert [sql.rpartition("ORDER BY ")[2].split(",")[0].split(" FOR ")[0] for sql in claimed] == [
        '"recommendations_duty"."id" ASC'
    ]
