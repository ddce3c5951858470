"""What a person is told: opened, done, put back, chosen; with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import MailSettings
from recommendations.notify import fan_out, positions
from tests import make
from tests.journeys.conftest import Visit, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_returned_update_is_found_in_the_inbox_and_is_done(world: World, visit: Visit) -> None:
    sent = world.sends(world.update)
    now = timezone.now()
    due = now.date() + timedelta(days=7)
    make.do("return", sent, by=world.coordinator, at=now, note="How many?", due_on=due)
    positions.number_events(at=now)
    fan_out.fan_out(at=now)
    visit.go("/inbox/")
    visit.sign_in(world.focal_point.email)
    line = visit.page.locator("button[name=open]", has_text="Returned").first
    words = line.inner_text()
    line.click()
    assert visit.page.url == f"{visit.base}/updates/{world.update.pk}/"
    assert visit.reads("How many?")
    visit.go("/inbox/")
    visit.page.locator(".inbox li", has_text=words).locator("[name=done_one]").click()
    assert visit.reads("1 line is done.")
    assert not visit.reads(words)
    visit.press("Undo")
    assert visit.reads("1 line is back.")
    assert visit.reads(words)


def test_notices_and_the_calendar_are_set_by_hand(world: World, visit: Visit) -> None:
    visit.go("/account/notices/")
    visit.sign_in(world.focal_point.email)
    visit.pick("An update is approved: Off")
    visit.page.get_by_label("Time zone").fill("nairobi")
    visit.press("Save")
    assert visit.reads("Saved.")
    visit.press("Make an address for my calendar")
    address = visit.page.locator("#calendar ~ p a").first.get_attribute("href")
    kept = MailSettings.objects.get(user=world.focal_point)

    assert kept.time_zone == "Africa/Nairobi"
    assert address == f"http://testserver/calendar/{kept.calendar_key}.ics"
