"""The matrix by the keyboard, and on paper."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from recommendations.models import Action, Framework
from tests.journeys.conftest import World
from tests.recommendations.reporting import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "one => one === document.activeElement"
PLACE = "one => [one.closest('td').cellIndex, one.closest('tr').rowIndex]"


@pytest.fixture
def crowded(world: World, live_server: LiveServer) -> str:
    """Return the address of the matrix of the real framework, every other cell of it filled:
    the 28 agencies, and the contributor who is not counted, by the 16 actions.
    """
    for row, agency in enumerate(Agency.objects.order_by("sort_key")):
        for column, action in enumerate(Action.objects.in_order()):
            taken = agency.pk == world.assignment.agency_id and action.code == "A1"
            if (row + column) % 2 and not taken:
                builders.held(action, agency, "supporting")
    return f"{live_server.url}/f/{Framework.objects.get().slug}/matrix/"


def test_it_is_one_stop_and_the_arrows_walk_in_it(browser: Browser, crowded: str) -> None:
    page = browser.new_page()
    page.goto(crowded)
    reached = page.locator(".matrix [tabindex='0']")
    line = page.locator(".matrix tbody tr").nth(1)
    cells = line.locator("a.cell")

    assert reached.count() == 1
    cells.nth(0).focus()
    page.keyboard.press("ArrowRight")
    assert cells.nth(1).evaluate(HERE)
    page.keyboard.press("End")
    assert cells.last.evaluate(HERE)
    page.keyboard.press("Home")
    assert line.locator("th a").evaluate(HERE)
    page.keyboard.press("Control+Home")
    assert page.locator(".matrix a").first.evaluate(HERE)
    assert reached.count() == 1
    page.keyboard.press("Tab")
    assert page.locator(".matrix :focus").count() == 0
    page.close()


def test_the_arrows_pass_over_blank_cells_and_mirror_with_the_text(
    browser: Browser, crowded: str
) -> None:
    page = browser.new_page()
    page.goto(crowded)
    start = page.locator(".matrix tbody tr").nth(20).locator("td a").nth(1)
    column, row = start.evaluate(PLACE)
    start.focus()
    page.keyboard.press("ArrowDown")
    here = page.locator(".matrix :focus")
    assert here.evaluate(PLACE) == [column, row + 2]
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.keyboard.press("ArrowLeft")
    assert here.evaluate(PLACE) == [column + 2, row + 2]
    page.close()


def test_without_javascript_every_cell_is_a_stop(browser: Browser, crowded: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(crowded)

    assert page.locator(".matrix [tabindex]").count() == 0
    assert not page.get_by_text("the arrow keys move").is_visible()
    context.close()


@pytest.mark.parametrize("query", ["", "?show=changed"])
def test_it_prints_on_one_sheet(query: str, browser: Browser, crowded: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(crowded + query)
    lines = page.locator(".matrix tbody tr")
    shape = (lines.count(), lines.first.locator("td").count())
    sheet = tmp_path / "matrix.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True)
    page.close()
    pages = pypdf.PdfReader(sheet).pages
    size = [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]]

    assert (shape, len(pages), size) == ((29, 16), 1, [297, 210])
