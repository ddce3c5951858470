"""The journeys that begin in a mail: read from a real mail server, its link opened, done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.models import Handover
from recommendations.models import Update
from recommendations.notify import passes, reminders
from tests import mail_server, make
from tests.journeys.conftest import Visit, World
from tests.journeys.test_main_story import sign_out
from tests.journeys.test_round_journeys import days_from_now, heading, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DONE = {"done": "Two technical seminars were held."}


class Post:
    """The mails of a day, as they lie in the boxes of their readers."""

    def __init__(self, server: mail_server.MailServer, base: str) -> None:
        self.server, self.base = server, base

    def comes(self, *, at: datetime | None = None) -> None:
        """Let everything that is due now, or by a later moment, arrive in empty boxes."""
        self.server.mails.clear()
        passes.deliver(clock=timezone.now)
        if at is not None:
            passes.deliver(clock=lambda: at)

    def to(self, address: str) -> EmailMessage:
        """Return the one mail that somebody has just got."""
        (mail,) = self.server.to(address)
        return mail

    def link(self, mail: EmailMessage, *, about: str) -> str:
        """Return the address under the line that is about something; the same in both parts."""
        _before, _line, after = mail_server.text_of(mail).partition(about)
        found = re.search(rf"{self.base}(/\S+)", after)
        assert found is not None
        assert f'href="{found[0]}"' in mail_server.html_of(mail)
        return found[1]


@pytest.fixture
def post(settings: Settings, live_server: LiveServer) -> Iterator[Post]:
    """Return the mails that a real server takes; their links lead to the site under test."""
    settings.DELIVERY_WAIT_SECONDS = 0
    settings.BASE_URL = live_server.url
    with mail_server.mail_server(settings) as server:
        yield Post(server, live_server.url)


@pytest.fixture
def told(world: World, post: Post) -> World:
    """Return the world of the story, with all that happened so far told."""
    post.comes()
    return world


def digest_of(post: Post, remind: Callable[..., Any] = reminders.remind) -> None:
    """Let everybody be reminded now, and the digests of tomorrow arrive."""
    remind(at=timezone.now())
    post.comes(at=timezone.now() + timedelta(days=2))


def return_it(world: World, update: Update, **facts: Any) -> None:
    """Return an update for changes."""
    due_on = timezone.now().date() + timedelta(days=7)
    facts = {"note": "Say how many.", "due_on": due_on, **facts}
    make.do("return", update, by=world.coordinator, at=timezone.now(), **facts)


def is_in_sight(visit: Visit, selector: str) -> bool:
    """Say whether a part of the page is where the reader looks, without scrolling."""
    box = visit.page.locator(selector).bounding_box()
    size = visit.page.viewport_size
    return bool(box and size and 0 <= box["y"] < size["height"])


def test_f1_progress_is_logged_from_the_digest(told: World, post: Post, visit: Visit) -> None:
    digest_of(post)
    mail = post.to(told.focal_point.email)
    assert mail["Subject"] == "Due 31 May 2026: 2 things to do"
    visit.go(post.link(mail, about="A1 "))
    visit.sign_in(told.focal_point.email)
    assert visit.page.url == f"{post.base}/updates/{told.update.pk}/"
    visit.pick("In progress")
    visit.page.get_by_label("What was done in this round").fill(DONE["done"])
    visit.press("Check and send")
    visit.press("Send to the coordinator")

    assert heading(visit.page) == "Update sent"
    assert state_of(told.update) == "submitted"
    visit.took(3, "F1 log progress, from the mail on", target=3)


def test_f4_a_return_is_answered_from_the_mail_that_quotes_it(
    told: World, post: Post, visit: Visit
) -> None:
    return_it(told, told.sends(told.update, body=DONE), field_comments={"done": "Since when?"})
    post.comes()
    mail = post.to(told.focal_point.email)
    assert "> Say how many." in mail_server.text_of(mail)
    assert "> What was done: Since when?" in mail_server.text_of(mail)
    visit.go(post.link(mail, about="Since when?"))
    visit.sign_in(told.focal_point.email)
    assert visit.page.url == f"{post.base}/updates/{told.update.pk}/#id_done"
    assert visit.page.locator(":target").get_attribute("name") == "done"
    assert is_in_sight(visit, "#id_done")
    assert visit.reads("Since when?")
    visit.page.locator("#id_done").fill("Three technical seminars were held since May.")
    visit.press("Check and send")
    visit.press("Send to the coordinator")

    assert state_of(told.update) == "submitted"
    visit.took(2, "F4 answer a return, from the mail on", target=4)


def test_f4_a_reader_who_is_signed_in_lands_on_the_field_at_once(
    told: World, post: Post, visit: Visit
) -> None:
    return_it(told, told.sends(told.update, body=DONE), field_comments={"status": "Why so?"})
    post.comes()
    visit.go("/work/")
    visit.sign_in(told.focal_point.email)
    visit.go(post.link(post.to(told.focal_point.email), about="Why so?"))

    assert visit.page.locator(":target").get_attribute("name") == "status"
    assert is_in_sight(visit, "#id_status_0")


def test_f5_duties_are_handed_over_from_the_foot_of_the_mail(
    told: World, post: Post, visit: Visit
) -> None:
    alternate = make.person("ILO alternate", of=told.ilo)
    make.person("ILO second alternate", of=told.ilo)
    digest_of(post)
    visit.go(post.link(post.to(told.focal_point.email), about="Not you for a while? Hand over:"))
    visit.sign_in(told.focal_point.email)
    visit.choose("Who acts for you", alternate.pk)
    visit.page.get_by_label("First day").fill(days_from_now(0))
    visit.page.get_by_label("Last day").fill(days_from_now(14))
    visit.press("Hand over")
    visit.took(3, "F5 hand over, from the mail on", target=3)
    post.comes(at=timezone.now() + timedelta(days=2))

    assert Handover.objects.get().to_user == alternate
    text = mail_server.text_of(post.to(alternate.email))
    assert "ILO alternate acts for ILO focal point from" in text


def test_c2_an_update_is_returned_from_the_mail_and_the_agency_reads_why(
    told: World, post: Post, visit: Visit
) -> None:
    told.sends(told.update, body=DONE)
    post.comes(at=timezone.now() + timedelta(days=2))
    visit.go(post.link(post.to(told.coordinator.email), about="To review: A1 "))
    visit.sign_in(told.coordinator.email)
    assert visit.page.url == f"{post.base}/queue/{told.update.pk}/"
    visit.page.get_by_label("Comment to the agency").fill("How many countries?")
    visit.page.get_by_label("New due date").fill(days_from_now(7))
    visit.press("Return for changes")
    visit.took(1, "C2 return with a comment, from the mail on", target=2)
    post.comes()
    sign_out(visit)

    mail = post.to(told.focal_point.email)
    assert "> How many countries?" in mail_server.text_of(mail)
    visit.go(post.link(mail, about="How many countries?"))
    visit.sign_in(told.focal_point.email)
    assert visit.page.url == f"{post.base}/updates/{told.update.pk}/"
    assert visit.reads("How many countries?")


def test_c2_an_update_is_approved_from_the_mail(told: World, post: Post, visit: Visit) -> None:
    told.sends(told.update, body=DONE)
    post.comes(at=timezone.now() + timedelta(days=2))
    visit.go(post.link(post.to(told.coordinator.email), about="To review: A1 "))
    visit.sign_in(told.coordinator.email)
    visit.press("Approve and open next")
    post.comes()

    assert state_of(told.update) == "approved"
    assert post.to(told.focal_point.email)["Subject"].startswith("An update is approved: A1 ")


def test_c5_the_late_are_chased_from_the_mail_about_the_round(
    told: World, post: Post, visit: Visit
) -> None:
    digest_of(post)
    visit.go(post.link(post.to(told.coordinator.email), about="A round closes soon"))
    visit.page.locator("main").get_by_role("link", name="Sign in").click()
    visit.sign_in(told.coordinator.email)
    assert visit.page.url == f"{post.base}/f/hld-2013/rounds/2026-H1/"
    visit.page.get_by_role("link", name=re.compile("^Late ")).click()
    visit.page.get_by_label("Remind of ILO A1").check()
    visit.clicks += 2
    visit.press("Remind of those ticked")
    shown = visit.page.locator("#preview ~ .said").inner_text()
    visit.press("Send to 1 person")
    visit.took(4, "C5 chase the late, from the mail on", target=4)
    post.comes()
    sign_out(visit)

    mail = post.to(told.focal_point.email)
    assert mail_server.text_of(mail).split() == shown.split()
    assert "> A coordinator reminds you." in shown
    assert mail["Reply-To"] == told.coordinator.email
    visit.go(post.link(mail, about="A1 "))
    visit.sign_in(told.focal_point.email)
    assert visit.page.url == f"{post.base}/updates/{told.update.pk}/"
