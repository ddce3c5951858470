"""What a journey needs: a real browser, the real framework, and the people of the story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from recommendations.exchange import reference
from recommendations.models import Action, Assignment, Framework, Round, Update
from tests import clicks, make

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
    focal_point: User
    coordinator: User
    assignment: Assignment = field(init=False)
    round: Round = field(init=False)
    update: Update = field(init=False)

    @property
    def addresses(self) -> dict[str, str]:
        """Return with which address each of them signs in."""
        return {person.name: person.email for person in (self.focal_point, self.coordinator)}

    @property
    def ilo(self) -> Agency:
        """Return the agency of the focal point."""
        return self.assignment.agency

    def takes_on(self, code: str) -> Assignment:
        """Let the ILO lead an action."""
        now, action = timezone.now(), Action.objects.get(code=code)
        facts = {"agency": Agency.objects.get(code="ILO"), "role": "lead"}
        proposed = make.do("assign", action, by=self.coordinator, at=now, **facts)
        accepted: Assignment = make.do("accept", proposed, by=self.focal_point, at=now)
        return accepted

    def opens(self, code: str, **more: Any) -> Round:
        """Open a round."""
        planned = make.planned_round(self.framework, code, **more)
        opened: Round = make.do("open", planned, by=self.coordinator, at=timezone.now())
        return opened

    def sends(self, update: Update, **content: Any) -> Update:
        """Send an update of the ILO."""
        return make.sent(update, by=self.focal_point, at=timezone.now(), **content)

    def approves(self, update: Update) -> None:
        """Approve what was sent."""
        make.approved(update, by=self.coordinator, at=timezone.now())


@pytest.fixture
def world(committed: None) -> World:
    """Build the world of the main story by the loader and the workflow."""
    reference.load(at=timezone.now())
    focal_point = make.person("ILO focal point", of=Agency.objects.get(code="ILO"))
    coordinator = make.person("Coordinator", office="coordinator")
    for person in (focal_point, coordinator):
        person.set_password(make.PASSWORD)
        person.save(update_fields=["password"])
    made = World(Framework.objects.get(), focal_point, coordinator)
    made.assignment = made.takes_on("A1")
    made.round = made.opens("2026-H1")
    made.update = make.update_in(made.round, made.assignment)
    return made


@dataclass
class Visit:
    """One person at one browser; `troubles` collects what no page may do."""

    page: Page
    base: str
    tell: Callable[[str, Any], None]
    troubles: list[str] = field(default_factory=list)
    clicks: int = 0

    def go(self, path: str) -> None:
        """Open an address, as a link in a mail would."""
        self.page.goto(self.base + path)

    def press(self, name: str, role: str = "button") -> None:
        """Press a button, or follow a link, by the words on it."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks += 1

    def pick(self, name: str) -> None:
        """Choose one of several that all stand on the page."""
        self.page.get_by_role("radio", name=name, exact=True).check()
        self.clicks += 1

    def choose(self, name: str, value: object) -> None:
        """Choose from a list: one click opens it, another chooses."""
        self.page.get_by_label(name, exact=True).select_option(str(value))
        self.clicks += 2

    def sign_in(self, email: str) -> None:
        """Sign in on the page that asks for it; clicks count from here."""
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(make.PASSWORD)
        self.press("Sign in")
        self.clicks = 0

    def took(self, clicks_taken: int, journey: str, *, target: int) -> None:
        """Check that a journey took exactly so many clicks, no more than it may, and tell it."""
        assert self.clicks == clicks_taken
        assert clicks_taken <= target
        self.tell(clicks.PROPERTY, (journey, clicks_taken, target))
        self.clicks = 0

    def reads(self, text: str) -> bool:
        """Say whether the page shows a text."""
        return text in self.page.locator("body").inner_text()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(
    browser: Browser,
    live_server: LiveServer,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, Any], None],
) -> Iterator[Visit]:
    """Return a new browser window; afterwards, fail on errors and on what the CSP blocked."""
    context = browser.new_context(java_script_enabled=request.param, locale="en-GB")
    made = Visit(context.new_page(), live_server.url, record_property)

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
