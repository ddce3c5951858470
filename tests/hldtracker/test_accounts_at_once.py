"""Links about accounts that are asked for, opened or sent again at one moment."""

import pytest
from django.test import Client
from django.utils import timezone

from agencies import history
from agencies.models import User
from recommendations.admin.mails import send_again
from recommendations.models import Delivery, Message
from recommendations.notify import accounts, new_address
from tests import make
from tests.at_once import at_once, said

pytestmark = pytest.mark.usefixtures("committed")


def test_of_requests_at_one_moment_one_becomes_a_mail():
    reader = make.person("Reader")
    answers = at_once([lambda: accounts.reset_asked(reader, at=timezone.now())] * 6)

    assert [said(answer) for answer in answers] == ["done"] * 6
    assert Delivery.objects.count() == 1


def test_a_link_that_is_confirmed_twice_at_one_moment_changes_the_address_once():
    reader = make.person("Reader")
    facts = {"address": "new@example.org", "state": new_address.state_of(reader)}
    link = f"/account/address/{new_address.token(reader, facts, at=timezone.now())}/"
    answers = at_once([lambda: Client().post(link).status_code] * 2)

    assert sorted(answers) in ([302, 404], [302, 409])
    assert [event.verb for event in history.of(reader)] == ["created", "revised"]
    assert User.objects.get(pk=reader.pk).email == "new@example.org"
    assert Delivery.objects.filter(kind="account_changed").count() == 1


def test_a_mail_that_two_administrators_send_again_goes_once():
    reader, administrator = make.person("Reader"), make.person("Administrator")
    dead = Message.objects.create(
        user=reader,
        kind="at_once",
        message_id="<x>",
        state="dead",
        answer="550",
        made_at=make.NOW,
        due_at=make.NOW,
    )
    facts = {"by": administrator, "at": make.NOW, "note": "The mailbox is there now.", "version": 0}
    answers = at_once([lambda: send_again(dead, **facts)] * 2)

    assert sorted(said(answer) for answer in answers)[-1] == "done"
    assert [event.verb for event in history.of(reader)] == ["created", "mail_sent_again"]
