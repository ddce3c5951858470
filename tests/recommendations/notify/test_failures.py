"""One of many goes wrong: it fails alone, with the error shown; put right, it arrives once."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agencies import history, revisions
from agencies.models import Appointment, User
from recommendations.models import Delivery, MailSettings, Message, NoticeChoice, Untold
from recommendations.notify import bundling, passes
from tests import mail_server, make
from tests.administration import REASON, act, address
from tests.agencies.test_admin import words
from tests.recommendations.notify.telling import told

pytestmark = pytest.mark.usefixtures("db")
BROKEN = "ValueError: invalid literal for int() with base 10: 'many'"


@pytest.fixture(autouse=True)
def at_once(settings: Settings) -> None:
    """Let mails leave without a wait."""
    settings.DELIVERY_WAIT_SECONDS = 0


@pytest.fixture
def server(settings: Settings) -> Iterator[mail_server.MailServer]:
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


@pytest.fixture
def desk(cast: make.Cast) -> Client:
    """Return a browser in which the administrator of all frameworks is signed in."""
    client = Client()
    client.force_login(cast.administrator)
    return client


def vacancies(reader: User, *, duties: object) -> list[Delivery]:
    """Tell a coordinator of three vacant agencies: of the second with a count of `duties`."""
    for number, count in ((1, 1), (2, duties), (3, 3)):
        at = timezone.now()
        told(
            reader,
            make.agency(f"AG{number}"),
            kind="vacant",
            key=f"vacant:{number}",
            duties=count,
            at=at,
        )
    rows = Delivery.objects.filter(kind="vacant", channel="mail").order_by("id")
    rows.update(ready_at=timezone.now())
    return list(rows)


def deliver() -> None:
    """Do one pass now."""
    passes.deliver(clock=timezone.now)


def states() -> list[tuple[str, str]]:
    """Return what became of each delivery by mail, and why."""
    rows = Delivery.objects.filter(channel="mail").order_by("id")
    return [(row.state, row.because) for row in rows]


def test_a_line_that_cannot_be_worded_fails_alone_and_arrives_once_after_it_was_put_right(
    cast: make.Cast, server: mail_server.MailServer, desk: Client
) -> None:
    rows = vacancies(cast.coordinator, duties="many")
    deliver()

    (mail,) = server.to(cast.coordinator.email)
    text = mail_server.text_of(mail)
    assert [f"is open: AG{n}" in text or f"are open: AG{n}" in text for n in (1, 2, 3)] == [
        True,
        False,
        True,
    ]
    assert states() == [("done", ""), ("failed", BROKEN), ("done", "")]
    assert BROKEN in unescape(
        words(desk.get(f"{address(Delivery, 'changelist')}?state__exact=failed"))
    )
    assert "1 notice could not be written." in words(desk.get("/admin/"))

    Delivery.objects.filter(pk=rows[1].pk).update(facts={"duties": 2})
    assert act(desk, "send_again", rows[1]).status_code == 302
    deliver()
    deliver()

    _first, second = server.to(cast.coordinator.email)
    assert "2 duties are open: AG2" in mail_server.text_of(second)
    assert "AG1" not in mail_server.text_of(second)
    assert states() == [("done", ""), ("done", ""), ("done", "")]
    event = history.of(cast.coordinator).last()
    assert event is not None
    assert (event.verb, event.note) == ("notice_sent_again", REASON)


def test_a_mail_of_which_nothing_can_be_written_is_not_sent_and_no_dead_letter(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    told(cast.coordinator, make.agency("AG1"), kind="vacant", key="vacant:1", duties="many")
    Delivery.objects.update(ready_at=make.NOW)
    deliver()

    assert server.mails == []
    message = Message.objects.get()
    assert (message.state, message.answer, message.tries) == (
        "suppressed",
        "None of it could be written.",
        0,
    )
    assert states() == [("failed", BROKEN)]


def test_what_cannot_be_looked_at_before_it_leaves_fails_alone(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    told(cast.ilo_focal_point, make.owed(cast).duty, kind="due", key="rung:1")
    vacancies(cast.coordinator, duties=2)
    Delivery.objects.update(ready_at=make.NOW)
    deliver()

    assert states()[0] == ("failed", "KeyError: 'due_on'")
    assert states()[1:] == [("done", "")] * 3
    assert len(server.mails) == 1


def test_a_kind_that_an_older_release_made_fails_alone_and_is_shown_by_its_name(
    cast: make.Cast, server: mail_server.MailServer, desk: Client
) -> None:
    rows = vacancies(cast.coordinator, duties=2)
    Delivery.objects.filter(cause="vacant:2").update(kind="of_old")
    deliver()

    assert [state for state, _why in states()] == ["done", "failed", "done"]
    assert len(server.mails) == 1
    assert "of_old" in words(desk.get(address(rows[1])))
    client = Client()
    client.force_login(cast.coordinator)
    page = words(client.get("/inbox/"))
    assert "of_old" in page
    assert "This cannot be shown." in page
    assert "3 duties are open: AG3" in page


def test_only_what_failed_is_written_again(cast: make.Cast, desk: Client) -> None:
    rows = vacancies(cast.coordinator, duties=2)
    answer = act(desk, "send_again", rows[0])

    assert "Only what could not be written can be sent again here." in words(answer)
    assert bundling.waiting().count() == 3


@pytest.fixture
def poison(cast: make.Cast) -> MailSettings:
    """Let telling a coordinator fail: their weekly digest has a day that no week has."""
    wanted = MailSettings.objects.create(user=cast.coordinator, digest_weekday=9)
    NoticeChoice.objects.create(user=cast.coordinator, kind="answered", how="weekly")
    return wanted


def test_an_event_that_cannot_be_told_is_set_aside_and_told_once_after_it_was_put_right(
    cast: make.Cast, server: mail_server.MailServer, desk: Client, poison: MailSettings
) -> None:
    at = timezone.now()
    assignment = make.do(
        "assign", cast.action, by=cast.coordinator, at=at, agency=cast.ilo, role="lead"
    )
    make.do("accept", assignment, by=cast.ilo_focal_point, at=at)
    second = make.action(cast.area, "A2", order=2)
    make.do("assign", second, by=cast.coordinator, at=at, agency=cast.iom, role="lead")
    deliver()

    untold = Untold.objects.get()
    assert (untold.event.verb, untold.because, untold.told_at) == (
        "accepted",
        "AssertionError: no digest within two weeks",
        None,
    )
    assert len(server.to(cast.iom_focal_point.email)) == 1
    assert not Delivery.objects.filter(kind="answered").exists()
    assert "1 event could not be told to anybody." in words(desk.get("/admin/"))

    again = act(desk, "tell_again", untold)
    assert "AssertionError: no digest within two weeks" in words(again)
    MailSettings.objects.filter(pk=poison.pk).update(digest_weekday=0)
    assert act(desk, "tell_again", untold).status_code == 302
    untold.refresh_from_db()
    assert (untold.told_by, untold.note) == (cast.administrator, REASON)
    told_to = Delivery.objects.filter(kind="answered", channel="mail").order_by("user_id")
    assert [row.user for row in told_to] == [cast.coordinator]
    assert "It was told already." in words(act(desk, "tell_again", untold))
    assert "could not be told" not in words(desk.get("/admin/"))


def test_an_event_that_cannot_be_told_stands_in_nobodys_way_among_many(
    cast: make.Cast, poison: MailSettings
) -> None:
    for number in range(9):
        agency = make.agency(f"AG{number}")
        by = make.person(f"AG{number} focal point", of=agency)
        action = make.action(cast.area, f"Z{number}", order=10 + number)
        if number == 4:
            make.accepted(cast, agency=agency, by=by, action=action)
        else:
            make.proposed(cast, agency=agency, action=action)
    passes.deliver(clock=lambda: make.NOW)

    assert [row.event.verb for row in Untold.objects.all()] == ["accepted"]
    assert Delivery.objects.filter(kind="proposed", channel="mail").count() == 9


def test_an_administrator_of_one_framework_does_not_see_events_that_were_not_told(
    cast: make.Cast, poison: MailSettings
) -> None:
    make.accepted(cast)
    passes.deliver(clock=lambda: make.NOW)
    user = make.person("Administrator of one")
    make_administrator_of(user, cast)
    client = Client()
    client.force_login(user)

    assert client.get(address(Untold, "changelist")).status_code == 403
    assert "could not be told" not in words(client.get("/admin/"))


def make_administrator_of(user: User, cast: make.Cast) -> None:
    """Let a person administer the framework of the cast alone."""

    office = Appointment(
        user=user, office="administrator", framework=cast.framework, from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)
