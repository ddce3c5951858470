"""From what happened to the mail that arrives: over a real mail server, each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries, Settings

from agencies import handovers
from agencies.models import Cursor, User
from recommendations.models import Delivery, MailServer, Message, NoticeChoice, Round, Update
from recommendations.notify import accounts, lines, passes, reminders, sending
from tests import mail_server, make

QUERIES_FAN_OUT, QUERIES_BUNDLE, QUERIES_ROUND = 19, 12, 16
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def at_once(settings: Settings) -> None:
    """Let mails leave without a wait."""
    settings.DELIVERY_WAIT_SECONDS = 0


@pytest.fixture
def server(settings: Settings) -> Iterator[mail_server.MailServer]:
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


def deliver(*, at: datetime = make.NOW) -> passes.Pass:
    """Do one pass at a moment."""
    return passes.deliver(clock=lambda: at)


@pytest.fixture
def sent(cast: make.Cast) -> Update:
    """Return an update that was sent, with everything before it told already."""
    assignment = make.accepted(cast)
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    update = make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point)
    forget_all()
    return update


def forget_all() -> None:
    """Pass over all that has happened so far."""
    passes.positions.number_events(at=make.NOW)
    numbered = Cursor.objects.get(name="numberer").position
    Cursor.objects.update_or_create(name="fan-out", defaults={"position": numbered})


def return_it(update: Update, cast: make.Cast, *, at: datetime = make.NOW) -> None:
    """Return an update with a comment, and one on a field."""
    make.do(
        "return",
        update,
        by=cast.coordinator,
        at=at,
        note="Say how many.",
        due_on=make.later(days=9).date(),
        field_comments={"done": "Since when?"},
    )


def test_a_returned_update_is_mailed_with_its_comments_and_a_link_to_the_field(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    return_it(sent, cast)
    deliver()

    (mail,) = server.to(cast.ilo_focal_point.email)
    text = mail_server.text_of(mail)
    assert mail["Subject"] == "Returned, due 13 May 2026: A1 Short title of A1 (ILO)"
    assert "   > Say how many.\n   > What was done: Since when?" in text
    assert f"http://testserver/updates/{sent.pk}/#id_done" in text
    assert f'href="http://testserver/updates/{sent.pk}/#id_done"' in mail_server.html_of(mail)
    rows = re.findall(r"<p dir=.auto.>([^<]*)</p>", mail_server.html_of(mail))
    assert rows == ["Say how many.", "What was done: Since when?"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<hld-2013.testserver>"
    assert mail["Message-ID"] == Message.objects.get(user=cast.ilo_focal_point).message_id
    assert cast.coordinator.email in mail["Reply-To"]
    assert len(mail.as_bytes()) < 20_000


def test_a_second_pass_sends_nothing_again(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    return_it(sent, cast)
    deliver()
    mails = len(server.mails)

    assert str(deliver()) == "0 events numbered, 0 read, 0 mails made, 0 dealt with, 0 calls"
    assert len(server.mails) == mails


def test_who_did_it_is_never_told(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    return_it(sent, cast)
    deliver()

    told = {str(mail["To"]) for mail in server.mails}
    assert not any(cast.coordinator.email in address for address in told)
    assert not Delivery.objects.filter(user=cast.coordinator).exists()


def handed_over_told() -> dict[str, tuple[str, str]]:
    """Return who was mailed of a hand-over, with what it says in detail and where it leads."""
    rows = Delivery.objects.filter(kind="handed_over", channel="mail").select_related("user")
    said = zip(rows, lines.lines(list(rows)), strict=True)
    return {row.user.name: (line.detail, line.url) for row, line in said}


def test_who_acts_beside_them_hears_of_a_hand_over_and_its_note_is_for_the_two(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    make.person("Second focal point", of=cast.ilo)
    forget_all()
    charge = handovers.Charge(cast.ilo)
    days = {"from_on": make.NOW.date(), "until_on": make.NOW.date()}
    ilo, alternate = cast.ilo_focal_point, cast.ilo_alternate
    handover = handovers.hand_over(charge, by=ilo, to=alternate, at=make.NOW, note="Ill.", **days)
    deliver()

    beside = ("ILO", "/work/")
    assert handed_over_told() == {
        "ILO alternate": ("Ill.", "/account/hand-over/"),
        "Second focal point": beside,
        "Coordinator of the ILO": beside,
    }

    Delivery.objects.filter(kind="handed_over").delete()
    handovers.end(handover, by=cast.administrator, at=make.NOW, version=1)
    deliver()
    assert {*handed_over_told()} == {
        "ILO focal point",
        "ILO alternate",
        "Second focal point",
        "Coordinator of the ILO",
    }


def test_the_other_coordinators_hear_of_a_deputy(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    third = make.person("Third coordinator", office="coordinator")
    forget_all()
    charge = handovers.charges_of(cast.coordinator, day=make.NOW.date())[0]
    days = {"from_on": make.NOW.date(), "until_on": make.NOW.date()}
    handovers.hand_over(charge, by=cast.coordinator, to=third, at=make.NOW, **days)
    deliver()

    assert handed_over_told() == {
        "Third coordinator": ("", "/account/hand-over/"),
        "Coordinator of the ILO": ("", "/queue/"),
    }


def test_neighbours_merge_into_one_mail(
    cast: make.Cast, sent: Update, server: mail_server.MailServer, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 300
    second = make.action(cast.area, "A2", order=2)
    return_it(sent, cast)
    make.do("assign", second, by=cast.coordinator, agency=cast.ilo, role="lead")

    deliver()
    assert server.mails == []
    deliver(at=make.later(seconds=301))

    (mail,) = server.to(cast.ilo_focal_point.email)
    assert "things to do (1 returned)" in mail["Subject"]
    assert "Short title of A2" in mail_server.text_of(mail)


def test_a_mail_whose_cause_is_undone_is_not_sent(
    cast: make.Cast, server: mail_server.MailServer, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 300
    assignment = make.proposed(cast)
    deliver()
    make.do("withdraw", assignment, by=cast.coordinator, note="Entered in error.")
    deliver(at=make.later(seconds=301))

    suppressed = Delivery.objects.filter(kind="proposed", channel="mail")
    assert {(row.state, row.because) for row in suppressed} == {
        ("suppressed", "It was undone before the mail left.")
    }
    assert not any("proposed" in mail_server.text_of(mail) for mail in server.mails)


def test_a_person_who_left_is_not_told_and_the_reason_is_kept(
    cast: make.Cast, sent: Update, server: mail_server.MailServer, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 300
    return_it(sent, cast)
    deliver()
    User.objects.filter(pk=cast.ilo_focal_point.pk).update(is_active=False)
    deliver(at=make.later(seconds=301))

    assert server.to(cast.ilo_focal_point.email) == []
    message = Message.objects.get(user=cast.ilo_focal_point)
    assert (message.state, message.answer) == (
        "suppressed",
        "This person may not see it any more.",
    )


def test_a_refused_recipient_is_a_dead_letter_and_the_others_get_theirs(
    cast: make.Cast, sent: Update, settings: Settings
) -> None:
    refused = {cast.ilo_focal_point.email: "550 No such person"}
    with mail_server.mail_server(settings, refuses=refused) as server:
        return_it(sent, cast)
        deliver()
        message = Message.objects.get(user=cast.ilo_focal_point)
        assert (message.state, message.answer, message.tries) == ("dead", "550 No such person", 1)
        assert len(server.to(cast.ilo_alternate.email)) == 1

        server.refuses = {}
        assert sending.resend(Message.objects.filter(pk=message.pk), at=make.later(minutes=1)) == 1
        deliver(at=make.later(minutes=2))
        (mail,) = server.to(cast.ilo_focal_point.email)
        assert mail["Message-ID"] == message.message_id


def test_a_full_mailbox_is_tried_again_and_given_up_after_eight_tries(
    cast: make.Cast, sent: Update, settings: Settings
) -> None:
    full = {cast.ilo_focal_point.email: "452 Mailbox full"}
    with mail_server.mail_server(settings, answers=full):
        return_it(sent, cast)
        at, seen = make.NOW, []
        for _attempt in range(9):
            deliver(at=at)
            message = Message.objects.get(user=cast.ilo_focal_point)
            seen.append((message.state, message.tries))
            at += timedelta(hours=2)

    assert seen == [*[("waiting", tries) for tries in range(1, 8)], ("dead", 8), ("dead", 8)]


def test_a_server_that_is_away_pauses_the_mail_and_uses_up_no_try(
    cast: make.Cast, sent: Update, settings: Settings
) -> None:
    with mail_server.mail_server(settings):
        pass
    return_it(sent, cast)
    deliver()

    paused = MailServer.objects.get()
    assert (paused.paused_since, paused.paused_until) == (make.NOW, make.later(minutes=1))
    assert set(Message.objects.values_list("state", "tries", "lease")) == {("waiting", 0, "")}

    with mail_server.mail_server(settings) as back:
        deliver(at=make.later(seconds=30))
        assert back.mails == []
        deliver(at=make.later(seconds=61))
        assert len(back.to(cast.ilo_focal_point.email)) == 1
    assert MailServer.objects.get().paused_since is None


def test_a_batch_goes_over_one_connection(cast: make.Cast, server: mail_server.MailServer) -> None:
    people = [make.person(f"ILO focal point {number}", of=cast.ilo) for number in range(30)]
    make.proposed(cast)
    deliver()

    assert len(server.mails) >= len(people)
    assert server.connections == 1


def test_a_mail_in_other_hands_is_left_alone_until_the_lease_ends(
    cast: make.Cast, sent: Update, server: mail_server.MailServer, settings: Settings
) -> None:
    return_it(sent, cast)
    passes.positions.number_events(at=make.NOW)
    passes.fan_out.fan_out(at=make.NOW)
    passes.bundling.bundle(at=make.NOW)
    sending.claim(at=make.NOW, size=100)

    deliver(at=make.later(seconds=settings.DELIVERY_LEASE_SECONDS))
    assert server.mails == []
    deliver(at=make.later(seconds=settings.DELIVERY_LEASE_SECONDS + 1))
    assert len(server.to(cast.ilo_focal_point.email)) == 1


def test_a_name_and_a_title_with_line_breaks_quotes_or_arabic_make_correct_headers(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    User.objects.filter(pk=cast.ilo_focal_point.pk).update(name='منسق "ILO"\r\nBcc: x@example.org')
    cast.action.short_title = "Title\nBcc: y@example.org"
    type(cast.action).objects.filter(pk=cast.action.pk).update(short_title=cast.action.short_title)
    return_it(sent, cast)
    deliver()

    (mail,) = server.to(cast.ilo_focal_point.email)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Returned, due 13 May 2026: A1 Title Bcc: y@example.org (ILO)"
    assert mail["To"].addresses[0].display_name == 'منسق "ILO" Bcc: x@example.org'


@pytest.mark.parametrize("capacity", ["focal_point", "alternate", "clearing_officer"])
def test_a_coordinator_who_belongs_to_the_agency_is_not_told_of_what_it_sends(
    capacity: str, cast: make.Cast
) -> None:
    both = make.person("Coordinator of both", office="coordinator")
    make.member(both, cast.ilo, capacity=capacity)
    make.sent(make.owed(cast), by=cast.ilo_focal_point)
    deliver()

    told = Delivery.objects.filter(kind="submitted", channel="inbox").order_by("user_id")
    assert [row.user for row in told] == [cast.coordinator]


def test_what_is_for_information_can_be_switched_off_and_a_duty_cannot(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    for kind in ("approved", "returned"):
        NoticeChoice.objects.create(user=cast.ilo_focal_point, kind=kind, how="off")
    make.approved(sent, by=cast.coordinator)
    deliver()
    assert server.to(cast.ilo_focal_point.email) == []
    assert len(server.to(cast.ilo_alternate.email)) == 1

    make.do(
        "reopen", sent, by=cast.coordinator, note="Wrong year.", due_on=make.later(days=9).date()
    )
    deliver(at=make.later(minutes=1))
    (mail,) = server.to(cast.ilo_focal_point.email)
    assert mail["Subject"] == "Reopened, due 13 May 2026: A1 Short title of A1 (ILO)"


def test_coordinators_get_what_was_sent_in_one_digest_the_next_morning(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    first, second = (
        make.accepted(cast),
        make.accepted(cast, action=make.action(cast.area, "A2", order=2)),
    )
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    forget_all()
    for assignment in (first, second):
        make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point)
    deliver()
    assert server.mails == []

    morning = make.later(days=1).replace(hour=7, minute=0)
    deliver(at=morning)
    (mail,) = server.to(cast.coordinator.email)
    assert mail["Subject"] == "5 May 2026: 2 things to do"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://testserver/account/unsubscribe/")
    assert server.to(cast.ilo_coordinator.email) == []
    deliver(at=morning + timedelta(hours=1))
    assert len(server.to(cast.coordinator.email)) == 1


def test_the_command_does_a_pass_and_says_what_it_did(
    cast: make.Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Round.objects.count() == 0
    call_command("deliver")

    assert capsys.readouterr().out.endswith(" mails made, 0 dealt with, 0 calls\n")


def test_a_reminder_of_what_was_sent_meanwhile_is_not_mailed(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    assignment = make.accepted(cast)
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    forget_all()
    update = make.update_in(opened, assignment)
    due_day = datetime.combine(opened.due_on, make.NOW.timetz())
    reminders.remind(at=due_day)
    make.sent(update, by=cast.ilo_focal_point, at=due_day)
    deliver(at=due_day + timedelta(days=1))

    assert server.to(cast.ilo_focal_point.email) == []
    reminded = Delivery.objects.filter(kind="due", channel="mail", user=cast.ilo_focal_point)
    assert [row.state for row in reminded] == ["suppressed"]


def test_what_cannot_be_written_stops_nobody_else(
    cast: make.Cast, sent: Update, server: mail_server.MailServer
) -> None:
    return_it(sent, cast)
    passes.positions.number_events(at=make.NOW)
    passes.fan_out.fan_out(at=make.NOW)
    poisoned = Delivery.objects.filter(user=cast.ilo_focal_point, channel="mail")
    poisoned.update(kind="chased", facts={"note": ["no text"], "days": {}}, subject_type="agency")
    deliver()

    assert len(server.to(cast.ilo_alternate.email)) == 1
    assert Message.objects.filter(state="waiting").count() == 0


def test_a_server_that_falls_silent_over_one_mail_keeps_the_others_going(
    cast: make.Cast, sent: Update, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 3
    silent = {cast.ilo_focal_point.email: 6.0}
    with mail_server.mail_server(settings, silent=silent) as server:
        return_it(sent, cast)
        deliver()
        message = Message.objects.get(user=cast.ilo_focal_point)
        assert (message.state, message.tries, message.answer) == (
            "waiting",
            1,
            "No answer to this mail: SMTPServerDisconnected",
        )
        assert len(server.to(cast.ilo_alternate.email)) == 1
        assert not MailServer.objects.exclude(paused_since=None).exists()


def test_old_news_is_told_to_nobody(cast: make.Cast) -> None:
    make.proposed(cast)
    deliver(at=make.later(days=31))

    assert Delivery.objects.count() == 0


def test_an_extension_is_one_notice_not_one_for_each_duty(cast: make.Cast) -> None:
    make.accepted(cast)
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    forget_all()
    due_on = opened.due_on + timedelta(days=7)
    make.do(
        "extend",
        opened,
        by=cast.coordinator,
        note="Late start.",
        due_on=due_on,
        closes_on=max(due_on, opened.closes_on),
    )
    deliver()

    assert {row.kind for row in Delivery.objects.filter(user=cast.ilo_focal_point)} == {"extended"}


@pytest.mark.parametrize("count", [1, 3, 15])
def test_telling_many_people_asks_no_more_queries_than_telling_few(
    cast: make.Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.proposed(cast)
    passes.positions.number_events(at=make.NOW)
    for number in range(count):
        make.person(f"ILO focal point {number}", of=cast.ilo)
    passes.positions.number_events(at=make.NOW)
    with django_assert_num_queries(QUERIES_FAN_OUT):
        passes.fan_out.fan_out(at=make.NOW)
    with django_assert_num_queries(QUERIES_BUNDLE):
        passes.bundling.bundle(at=make.NOW)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_an_opened_round_asks_as_often_for_many_agencies_as_for_one(
    cast: make.Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        agency = make.agency(f"AG{number}")
        by = make.person(f"AG{number} focal point", of=agency)
        action = make.action(cast.area, f"Z{number}", order=10 + number)
        make.accepted(cast, agency=agency, by=by, action=action)
    opened = make.planned_round(cast.framework, "2026-H1")
    forget_all()
    make.do("open", opened, by=cast.coordinator)
    passes.positions.number_events(at=make.NOW)
    with django_assert_num_queries(QUERIES_ROUND):
        passes.fan_out.fan_out(at=make.NOW)

    assert Delivery.objects.filter(kind="round_opened", channel="mail").count() == count


def test_a_mail_about_the_account_takes_no_other_along(
    cast: make.Cast, sent: Update, server: mail_server.MailServer, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 300
    return_it(sent, cast)
    accounts.reset_asked(cast.ilo_focal_point, at=make.NOW)
    deliver()

    (mail,) = server.to(cast.ilo_focal_point.email)
    assert mail["Subject"] == "Set a new password"


def test_a_pass_calls_for_help_where_more_is_due_than_one_batch(
    cast: make.Cast, server: mail_server.MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 3)
    make.person("ILO focal point 1", of=cast.ilo)
    make.proposed(cast)
    called: list[str] = []
    passes.deliver(clock=lambda: make.NOW, call_help=lambda: called.append("help"))
    assert called == ["help"]
    assert len(server.mails) == 4

    passes.deliver(clock=lambda: make.NOW, call_help=lambda: called.append("help"))
    assert called == ["help"]


@pytest.mark.parametrize("lease", [30, 120], ids=["before its lease ends", "within one task"])
def test_a_sender_gives_back_what_it_cannot_send(
    lease: int, cast: make.Cast, server: mail_server.MailServer, settings: Settings
) -> None:
    settings.DELIVERY_LEASE_SECONDS = lease
    for number in range(5):
        make.person(f"ILO focal point {number}", of=cast.ilo)
    make.proposed(cast)
    passes.positions.number_events(at=make.NOW)
    passes.fan_out.fan_out(at=make.NOW)
    passes.bundling.bundle(at=make.NOW)
    ticks = iter(range(1000))
    slow = lambda: make.later(seconds=2 * next(ticks))  # noqa: E731

    assert sending.send_batch(clock=slow) == 8
    assert 0 < len(server.mails) < 8
    assert set(Message.objects.filter(state="waiting").values_list("lease", "tries")) == {("", 0)}
