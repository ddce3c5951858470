"""The admin as a browser uses it: open a form, type, post; choose rows, confirm, post."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

REASON = "Asked for by the secretariat"


class Posted(HTMLParser):
    """What the main form of a page would send if it were posted as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.select = self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "input" and said.get("type") not in ("submit", "search"):
            a_tick = said.get("type") in ("checkbox", "radio")
            if name and (not a_tick or "checked" in said):
                typed = said.get("value", "on" if a_tick else "")
                self.values.setdefault(name, []).append(typed)
        elif tag == "select":
            self.select = name
            self.values[name] = [""]
        elif tag == "option" and "selected" in said and self.select:
            self.values[self.select] = [said.get("value", "")]
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea][0] += data.removeprefix("\r\n")


def address(obj: Any, page: str = "change") -> str:
    """Return the address of a page of the admin about a row, or about its list."""
    named = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}"
    return reverse(named, args=[obj.pk] if page in ("change", "history", "delete") else [])


def form_of(answer: HttpResponse) -> dict[str, Any]:
    """Return what the form on a page would send."""
    return Posted(answer.content.decode()).values


def opened(client: Client, obj: Any) -> dict[str, Any]:
    """Open the form of a row and return what it would send."""
    return form_of(client.get(address(obj)))


def typed_into(form: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """Return what a form sends after somebody typed into it; None empties a tick or a field."""
    form = {**form, "reason": [REASON]}
    for name, value in typed.items():
        form[name] = [] if value is None else [value]
    return form


def change(client: Client, obj: Any, **typed: Any) -> HttpResponse:
    """Open the form of a row, type, and save."""
    return client.post(address(obj), typed_into(opened(client, obj), **typed))


def add(client: Client, model: Any, **typed: Any) -> HttpResponse:
    """Open the form of a new row, type, and save."""
    form = form_of(client.get(address(model, "add")))
    return client.post(address(model, "add"), typed_into(form, **typed))


def choose(client: Client, action: str, *rows: Any) -> HttpResponse:
    """Choose rows in their list and an action: what comes is the page that asks for the reason."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    return client.post(address(rows[0], "changelist"), chosen)


def act(client: Client, action: str, *rows: Any, **typed: Any) -> HttpResponse:
    """Do an action to one row or to many: choose, give the reason, confirm."""
    form = form_of(choose(client, action, *rows))
    with zeal_ignore():  # each row is asked for and changed on its own
        return client.post(address(rows[0], "changelist"), typed_into(form, **typed))
