"""Pages are asked at a fixed moment, by people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agencies.models import User
from recommendations.notify import delays
from tests import make


@dataclass
class Clock:
    """The moment at which the pages are asked."""

    now: datetime = make.NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock at the moment of the builders; a test may set it on."""
    stopped = Clock()
    monkeypatch.setattr(timezone, "now", lambda: stopped.now)
    return stopped


@pytest.fixture(autouse=True)
def known_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages know already that no mail is late: they ask every half minute only."""
    monkeypatch.setattr(delays.KNOWN, "until", float("inf"))
    monkeypatch.setattr(delays.KNOWN, "since", None)


@pytest.fixture(autouse=True)
def made_files(settings: Settings, tmp_path: Path) -> None:
    """Let every test begin without files that another one had made."""
    settings.VAR = tmp_path


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """Return a browser in which this person is signed in."""

    def browser(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser
