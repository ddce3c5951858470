"""The feed of approved updates: what is published, newest first, and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
from django.test import Client

from recommendations.models import Publication
from tests import make
from tests.make import later

FEED = "/f/hld-2013/updates.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def fed(clock: Any, **delta: float) -> ET.Element:
    """Return the feed that much later."""
    clock.now = later(**delta)
    answer = Client().get(FEED)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not answer.cookies
    return ET.fromstring(answer.content)


def told(feed: ET.Element, name: str) -> list[str]:
    """Return what its entries say under a name."""
    return [entry.findtext(f"{ATOM}{name}", "") for entry in feed.findall(f"{ATOM}entry")]


def test_an_entry_says_what_of_whom_since_when_and_leads_to_its_page(cast, clock):
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, body={"done": "Two seminars."})
    make.approved(update, by=cast.coordinator, at=later(hours=1))
    feed = fed(clock, days=1)
    (entry,) = feed.findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")

    assert told(feed, "title") == ["A1 · ILO: Short title of A1"]
    assert told(feed, "summary") == ["Claim: In progress – Two seminars."]
    assert told(feed, "updated") == [later(hours=1).isoformat()]
    assert told(feed, "id") == [
        f"tag:testserver,2026-05-04:hld-2013/published/{Publication.objects.get().pk}"
    ]
    assert link is not None
    assert link.get("href") == "http://testserver/f/hld-2013/actions/A1/ILO/"
    assert feed.findtext(f"{ATOM}updated") == later(hours=1).isoformat()
    assert "ILO focal point" not in ET.tostring(feed, encoding="unicode")


def test_an_empty_feed_says_since_when_the_framework_is_there(cast, clock):
    feed = fed(clock, days=1)

    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated") == make.NOW.isoformat()


def test_what_was_retracted_is_not_in_it_any_more(cast, clock):
    update = make.approved(make.sent(make.owed(cast), by=cast.ilo_focal_point), by=cast.coordinator)
    before = fed(clock, hours=1)
    due, note = date(2026, 6, 15), "It names a person."
    make.do("retract", update, by=cast.coordinator, at=later(hours=2), note=note, due_on=due)

    assert len(told(before, "id")) == 1
    assert told(fed(clock, hours=3), "id") == []


def test_what_is_held_comes_with_the_release_as_of_then(cast, clock):
    update = make.owed(cast)
    round = update.duty.round
    make.do("hold", round, by=cast.coordinator, at=later(hours=1), note="Before the summit.")
    make.sent(update, by=cast.ilo_focal_point, at=later(hours=2))
    make.approved(update, by=cast.coordinator, at=later(hours=3))
    assert told(fed(clock, hours=4), "id") == []
    make.do("release", round, by=cast.coordinator, at=later(hours=5))

    assert told(fed(clock, hours=6), "updated") == [later(hours=5).isoformat()]


@pytest.mark.parametrize("path", ["/f/hld-2013/", "/f/hld-2013/actions/A1/", "/f/hld-2013/data/"])
def test_pages_tell_programs_where_the_feed_is(cast, path):
    page = Client().get(path).content.decode()

    assert f'<link rel="alternate" type="application/atom+xml" href="{FEED}"' in page
