"""A mail stays under 20 kB on the line, whatever is in it, and says what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from agencies.models import User
from recommendations.models import Action, Delivery, MailSettings, Update
from recommendations.notify import passes
from tests import mail_server, make
from tests.recommendations.notify.telling import told

pytestmark = pytest.mark.usefixtures("db")
LARGEST = 20_000
SCRIPTS = {
    "Latin": "Since when? ",
    "accents": "À côté, où? é ",
    "Arabic": "منذ متى بدأ ذلك؟ ",
    "Chinese": "自从什么时候开始的？",
    "an address": "https://example.org/a-very-long-address/",
}


@pytest.fixture
def server(settings: Settings) -> Iterator[mail_server.MailServer]:
    """Return a mail server that takes everything."""
    settings.DELIVERY_WAIT_SECONDS = 0
    with mail_server.mail_server(settings) as running:
        yield running


def written(script: str, length: int) -> str:
    """Return a text of some characters in a script."""
    return (SCRIPTS[script] * length)[:length].strip()


def returned(cast: make.Cast, comment: str, **fields: str) -> Update:
    """Return an update that was returned with a comment; nobody was told."""
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    due_on = make.later(days=9).date()
    facts = {"note": comment, "due_on": due_on, "field_comments": fields}
    made: Update = make.do("return", update, by=cast.coordinator, **facts)
    return made


def deliver(reader: User, update: Update, *, times: int, server: mail_server.MailServer) -> None:
    """Tell a person of a return, so many times in one mail."""
    for number in range(times):
        told(reader, update, key=f"event:{9000 + number}")
    passes.bundling.bundle(at=make.NOW)
    for _dealt in passes.sending.everything(clock=lambda: make.NOW):
        pass
    assert len(server.mails) == 1


def readable(text: str) -> str:
    """Return a text without the marks and breaks of a quotation."""
    return "".join(text.replace("   > ", "").split())


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_long_comment_arrives_in_full_in_both_parts(
    script: str, cast: make.Cast, server: mail_server.MailServer
) -> None:
    comment = written(script, 2_000)
    deliver(cast.ilo_focal_point, returned(cast, comment), times=1, server=server)

    (mail,) = server.mails
    assert readable(comment) in readable(mail_server.text_of(mail))
    assert readable(comment) in readable(mail_server.html_of(mail))
    assert "Shortened here." not in mail_server.text_of(mail)
    assert server.sizes[0] <= LARGEST


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_comment_without_end_is_cut_and_says_where_the_rest_is(
    script: str, cast: make.Cast, server: mail_server.MailServer
) -> None:
    update = returned(cast, written(script, 60_000), done=written(script, 60_000))
    deliver(cast.ilo_focal_point, update, times=1, server=server)

    (mail,) = server.mails
    for part in (mail_server.text_of(mail), mail_server.html_of(mail)):
        assert readable(written(script, 1_900)) in readable(part)
        assert readable("Shortened here. The page has all of it.") in readable(part)
        assert f"http://testserver/updates/{update.pk}/#id_done" in part
    assert server.sizes[0] <= LARGEST


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("text_only", [False, True])
def test_sixty_lines_with_long_comments_stay_small_and_the_rest_is_counted(
    script: str, text_only: bool, cast: make.Cast, server: mail_server.MailServer
) -> None:
    MailSettings.objects.create(user=cast.ilo_focal_point, text_only=text_only)
    Action.objects.filter(pk=cast.action.pk).update(short_title=written(script, 80))
    User.objects.filter(pk=cast.ilo_focal_point.pk).update(name=written(script, 120))
    for number in range(30):
        make.person(f"Coordinator with a long address {number}", office="coordinator")
    update = returned(cast, written(script, 3_000))
    deliver(cast.ilo_focal_point, update, times=60, server=server)

    (mail,) = server.mails
    text = mail_server.text_of(mail)
    lines = text.count(f"http://testserver/updates/{update.pk}/")
    assert server.sizes[0] <= LARGEST
    assert lines >= 10
    assert f"\n{lines + 1}. {60 - lines} more stand in your inbox\n" in text
    assert "   http://testserver/inbox/\n" in text
    assert Delivery.objects.filter(channel="mail", state="done").count() == 60


def test_a_text_is_wrapped_and_an_address_in_it_is_not_broken(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    address = "https://example.org/" + "a-long-part-of-it/" * 20
    deliver(
        cast.ilo_focal_point, returned(cast, f"{'Word ' * 50}{address}"), times=1, server=server
    )

    text = mail_server.text_of(server.mails[0])
    assert f"\n   > {address}\n" in text
    quoted = [row for row in text.splitlines() if row.startswith("   > Word")]
    assert [len(row) <= 77 for row in quoted] == [True] * 4
