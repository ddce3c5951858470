"""The page for an address that takes only a form, or none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from recommendations.web import urls

FORMS = {
    "view-delete": "/account/views/1/",
    "hand-over-end": "/account/hand-over/",
    "token-revoke": "/account/tokens/",
    "update-send": "/updates/1/",
    "update-clear": "/updates/1/",
    "update-withdraw": "/updates/1/",
    "update-correct": "/updates/1/",
    "update-reopen": "/updates/1/",
    "update-retract": "/updates/1/",
    "evidence-add": "/updates/1/",
    "evidence-detach": "",
}
"""The addresses that take only a form, and the page on which it stands."""


def address(name: str) -> str:
    """Return an address that takes only a form."""
    return reverse(name, args=[1])


def said(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def ways_to_the_form(response: Any) -> list[str]:
    """Return where a page says that the form is."""
    return re.findall(r'<a href="([^"]*)">Go to the page with the form</a>', said(response))


def test_these_addresses_take_only_a_form(db, client):
    ours = [one for one in urls.working if isinstance(one, URLPattern)]
    numbered = [one.name for one in ours if [*one.pattern.converters] == ["pk"]]

    assert {name for name in numbered if client.get(address(name)).status_code == 405} == {*FORMS}


@pytest.mark.parametrize(("name", "page"), FORMS.items())
def test_whoever_opens_one_reads_so_and_is_led_to_the_form(name, page, db, client):
    response = client.get(address(name))

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "<h1>This address only takes a form</h1>" in said(response)
    assert "Nothing was changed." in said(response)
    assert ways_to_the_form(response) == ([page] if page else [])
    assert '<a href="/">Go to the start page</a>' in said(response)


def test_asking_for_the_head_alone_is_answered_alike(db, client):
    response = client.head(address("update-send"))

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_what_is_sent_to_a_page_that_is_only_read_says_so(cast, client):
    response = client.post("/f/hld-2013/matrix/?show=all")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert "<h1>This address takes no form</h1>" in said(response)
    assert '<a href="/f/hld-2013/matrix/?show=all">Read the page</a>' in said(response)
