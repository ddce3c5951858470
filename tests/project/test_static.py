"""What is sent to every reader stays small, mirrors for Arabic, and says what it takes."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "hldtracker/static/hldtracker"
SHEET = (STATIC / "app.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.parts]
COMPONENTS = sorted((ROOT / "templates/components").glob("_*.html"))
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b"
    r"|(?<![\w-])(?:left|right|top|bottom|width|height|(?:max|min)-(?:width|height))\s*:"
    r"|(?:float|text-align|clear):\s*(?:left|right)"
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_sheet_and_the_script_are_within_their_budgets() -> None:
    assert len(gzip.compress((STATIC / "app.css").read_bytes(), 9)) <= 12_000
    assert len(gzip.compress((STATIC / "app.js").read_bytes(), 9)) <= 2_000


def test_the_sheet_knows_no_left_and_no_right() -> None:
    # A question about the window is about its width, whatever the direction of the text.
    rules = re.sub(r"@media [^{]+", "", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    assert PHYSICAL.findall(rules) == []


def test_the_sheet_never_takes_the_focus_ring_away() -> None:
    assert re.findall(r"outline:\s*(?:none|0)\b", SHEET) == []


@pytest.mark.parametrize("path", sorted(STATIC.iterdir()), ids=name)
def test_static_files_fetch_nothing_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text())
    assert [found for found in addresses if "www.w3.org" not in found] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_components_say_what_they_take(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}\n")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_forms_that_post_carry_their_token(path: Path) -> None:
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL)
    assert [form[:60] for form in forms if "{% csrf_token %}" not in form] == []


# The admin is dressed in Django's own sheet.
@pytest.mark.parametrize("path", [p for p in TEMPLATES if "admin" not in p.parts], ids=name)
def test_classes_in_pages_are_in_the_sheet(path: Path) -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", SHEET))
    used: set[str] = set()
    for value in re.findall(r'\sclass="([^"]*)"', strip_tags(path.read_text())):
        used.update(word for word in value.split() if not word.endswith("-"))
    assert used - known == set()


def strip_tags(text: str) -> str:
    """Take the template language out, so that only what is always written remains."""
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
