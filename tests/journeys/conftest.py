"""What a journey needs: a real browser, the real framework, and the people of the story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from recommendations.exchange import reference
from recommendations.models import Action, Framework, Update
from tests import make

# The synchronous browser runs an event loop in this thread, which Django would refuse.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; skips without one, fails where one is required."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("Chromium is required here and is not found")
        pytest.skip("Chromium is not found")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@dataclass
class World:
    """The real framework, with one round open and the ILO answerable for A1."""

    framework: Framework
    update: Update
    addresses: dict[str, str]


@pytest.fixture
def world(committed: None) -> World:
    """Build the world of the main story by the loader and the workflow."""
    now = timezone.now()
    reference.load(at=now)
    framework = Framework.objects.get()
    ilo = Agency.objects.get(code="ILO")
    focal_point = make.person("ILO focal point", of=ilo)
    coordinator = make.person("Coordinator", office="coordinator")
    for person in (focal_point, coordinator):
        person.set_password(make.PASSWORD)
        person.save(update_fields=["password"])
    assignment = make.do(
        "assign",
        Action.objects.get(code="A1"),
        by=coordinator,
        at=now,
        agency=ilo,
        role="lead",
    )
    make.do("accept", assignment, by=focal_point, at=now)
    planned = make.planned_round(framework, "2026-H1")
    opened = make.do("open", planned, by=coordinator, at=now)
    return World(
        framework=framework,
        update=make.update_in(opened, assignment),
        addresses={"ILO focal point": focal_point.email, "Coordinator": coordinator.email},
    )


@dataclass
class Visit:
    """One person at one browser; `troubles` collects what no page may do."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)
    clicks: int = 0

    def go(self, path: str) -> None:
        """Open an address, as a link in a mail would."""
        self.page.goto(self.base + path)

    def press(self, name: str, role: str = "button") -> None:
        """Press a button, or follow a link, by the words on it."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks += 1

    def sign_in(self, email: str) -> None:
        """Sign in on the page that asks for it."""
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(make.PASSWORD)
        self.press("Sign in")

    def reads(self, text: str) -> bool:
        """Say whether the page shows a text."""
        return text in self.page.locator("body").inner_text()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """Return a new browser window; afterwards, fail on errors and on what the CSP blocked."""
    context = browser.new_context(java_script_enabled=request.param, locale="en-GB")
    made = Visit(context.new_page(), live_server.url)

    def look(response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            made.troubles.append(f"{response.status} {response.url}")

    made.page.on("response", look)
    made.page.on(
        "console",
        lambda message: (
            made.troubles.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    made.page.on("pageerror", lambda error: made.troubles.append(str(error)))
    yield made
    context.close()
    assert made.troubles == []
