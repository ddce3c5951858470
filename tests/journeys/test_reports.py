"""A coordinator has the round report made and fetches it; with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from recommendations.background import running
from tests.journeys.conftest import Visit, World
from tests.programs import address_of_database

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def settled_world(request: pytest.FixtureRequest) -> World:
    """Return the world as it was built an hour ago, so that its figures change no more."""
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        built: World = request.getfixturevalue("world")
    return built


def test_the_round_report_is_made_in_the_background_and_fetched(
    settled_world: World,
    visit: Visit,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("DATABASE_URL", address_of_database(connection))
    visit.go("/queue/")
    visit.sign_in(settled_world.coordinator.email)
    visit.press("Reports", role="link")
    card = visit.page.locator("section", has=visit.page.locator("#round"))
    card.get_by_label("Round").select_option("2026-H1")
    card.get_by_label("Format").select_option("pdf")
    card.get_by_role("button").click()
    assert visit.reads("The report is being made. You are told when it is ready.")
    assert visit.reads("Round report, 2026-H1, PDF")
    assert visit.reads("Waiting")

    running.run_jobs(clock=timezone.now)
    visit.press("Look again how far it is", role="link")
    assert visit.reads("Ready")
    with visit.page.expect_download() as fetched:
        visit.press("Round report, 2026-H1, PDF", role="link")
    path = fetched.value.path()
    assert path.read_bytes().startswith(b"%PDF-")
    assert fetched.value.suggested_filename.startswith("hld-2013-round-2026-H1-")
