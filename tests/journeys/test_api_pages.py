"""The pages around the API as people meet them: on a telephone, from the right, by the
keyboard, by a reader. The fixture `visit` fails on whatever the CSP blocks.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import make
from tests.journeys.conftest import Visit, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/account/tokens/",
    "/account/webhooks/",
    "/account/webhooks/new/",
    "/api/docs/",
    "/api/docs/errors/",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = """() => {
    const one = document.activeElement;
    const again = 'reached' in one.dataset || one === document.body;
    const seen = getComputedStyle(one).outlineStyle !== 'none';
    one.dataset.reached = '';
    return [again, seen, one.outerHTML.slice(0, 120)];
}"""
# Of several radio buttons the keyboard stops at one.
PASSED_OVER = """() => [...document.querySelectorAll(
    ':is(a[href], button, input:not([type=radio]), select, textarea, summary)'
)].filter(one => one.checkVisibility() && !one.disabled && !('reached' in one.dataset))
    .map(one => one.outerHTML.slice(0, 120))"""
SCRIPTED = pytest.mark.parametrize("visit", [True], indirect=True, ids=["with JavaScript"])
PLAIN = pytest.mark.parametrize("visit", [False], indirect=True, ids=["without JavaScript"])


def opened(visit: Visit, path: str) -> Page:
    """Return a page of the focal point; it must be the page itself, or nothing is looked at."""
    response = visit.page.goto(visit.base + path)
    assert response is not None
    assert (response.status, visit.page.url) == (200, visit.base + path)
    return visit.page


def unseen(page: Page) -> list[str]:
    """Walk over the page with Tab; return where the focus does not show."""
    found = []
    for _stop in range(400):
        page.keyboard.press("Tab")
        again, seen, tag = page.evaluate(FOCUSED)
        if again:
            return found
        if not seen:
            found.append(tag)
    raise AssertionError("Tab does not come round")


def signed_in(world: World, visit: Visit) -> None:
    """Sign the focal point in, at a telephone, and make a token, typing."""
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.go("/account/tokens/")
    visit.sign_in(world.focal_point.email)
    keys = visit.page.keyboard
    visit.page.get_by_label("Name").focus()
    keys.type("Nightly copy")
    keys.press("Tab")
    keys.press("Space")
    visit.page.get_by_label("password").focus()
    keys.type(make.PASSWORD)
    keys.press("Enter")
    visit.page.get_by_role("heading", name="Your new token").wait_for(timeout=5000)


def fits(page: Page) -> None:
    """Check that nothing of a page stands beside the screen, whichever way it is read."""
    for direction in ("rtl", "ltr"):
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        assert (page.url, direction, page.evaluate(WIDER)) == (page.url, direction, 0)


@PLAIN
def test_the_pages_around_the_api_need_a_keyboard_only(world: World, visit: Visit) -> None:
    signed_in(world, visit)
    for path in PAGES:
        page = opened(visit, path)
        fits(page)
        assert (path, unseen(page), page.evaluate(PASSED_OVER)) == (path, [], [])


# axe runs in the page, so it needs JavaScript there.
@SCRIPTED
def test_a_reader_meets_no_barrier_on_the_pages_around_the_api(world: World, visit: Visit) -> None:
    signed_in(world, visit)
    for path in PAGES:
        page = opened(visit, path)
        fits(page)
        found = Axe().run(page, options=RULES).response["violations"]
        broken = [(one["id"], one["nodes"][0]["html"]) for one in found]
        assert (path, broken) == (path, [])
