"""The banner that says that people and updates are made up."""

from __future__ import annotations

import runpy

import pytest

from recommendations.web import demo
from tests import make
from tests.project.house import ROOT

BANNER = "People and updates on this site are made up."


@pytest.fixture(autouse=True)
def unseen(monkeypatch):
    """Begin like a process that has not looked yet, and leave nothing behind."""
    monkeypatch.setattr(demo, "SEEN", demo.Seen())


def start():
    """Start the site as a web process does."""
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["post_worker_init"](None)


def is_shown(client):
    """Say whether the banner stands on a page."""
    return BANNER in client.get("/account/sign-in/").content.decode()


def test_demo_people_are_told_of_even_where_the_switch_is_off(committed, client):
    make.person("Demo person", is_demo=True)
    start()

    assert is_shown(client)


def test_real_people_are_not_called_made_up(committed, client):
    make.person("Somebody")
    start()

    assert not is_shown(client)


def test_the_switch_alone_shows_it(db, client, settings):
    settings.HLDTRACKER_DEMO = True

    assert is_shown(client)
