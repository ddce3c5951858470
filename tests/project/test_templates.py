"""Templates that compile, and pages that stay whole under the strict policy."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import get_template

from tests.project.house import ROOT, stylesheets, templates

TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
PHYSICAL = re.compile(
    r"""(?x)
    (?:^|[;{\s]) (?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)
      (?:-(?:width|style|color|radius))? | left | right
      | border-(?:top|bottom)-(?:left|right)-radius) \s*:
    | (?:text-align|float|clear) \s*:\s* (?:left|right)\b
    """
)


def name(path):
    return str(path.relative_to(ROOT))


class Inline(HTMLParser):
    """Collects what the policy would block: styles, scripts and handlers inside the page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "style":
            self.found.append("<style>")
        # JSON for a script is read, not run.
        if tag == "script" and "src" not in attributes and "json" not in attributes.get("type", ""):
            self.found.append("<script> without src")
        for attribute, value in attributes.items():
            if attribute == "style" or attribute.startswith(("on", "hx-on")):
                self.found.append(f"{tag} {attribute}")
            if value and value.strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {attribute}=javascript:")


@pytest.mark.parametrize("path", templates(), ids=name)
def test_a_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", templates(), ids=name)
def test_a_template_holds_nothing_inline(path):
    if "email" in path.parts:
        pytest.skip("mail readers know no stylesheets")
    parser = Inline()
    parser.feed(TAGS.sub("", path.read_text()))

    assert parser.found == []


@pytest.mark.parametrize("path", templates(), ids=name)
def test_a_template_marks_nothing_as_safe(path):
    assert re.findall(r"(?<!help_text)\|\s*safe\b|autoescape off", path.read_text()) == []


@pytest.mark.parametrize("path", stylesheets(), ids=name)
def test_a_stylesheet_knows_start_and_end_but_not_left_and_right(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert PHYSICAL.findall(text) == []


@pytest.mark.parametrize("path", stylesheets(), ids=name)
def test_a_stylesheet_fetches_nothing_from_elsewhere(path):
    assert re.findall(r"@import[^;]*|url\(\s*['\"]?(?:https?:)?//[^)]*", path.read_text()) == []
