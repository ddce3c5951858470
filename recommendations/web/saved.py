"""Which addresses can be saved as a view: pages of ours with filters, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from recommendations.domain import saved
from recommendations.models import SavedView
from recommendations.web.addresses import with_query
from recommendations.web.visitor import Visitor

PAGES = (
    *("overview", "area-detail", "action-list", "action-detail", "agency-list", "agency-detail"),
    *("matrix", "trend", "groups", "answers"),
    *("gaps", "round-detail", "round-review-times", "queue", "history"),
)
PLACES = ("page", "after", "before", "lang")
"""Where in a list somebody was, and in which language: no part of a view."""
SHORT_LIST = 5


class NoView(ValueError):
    """The address is no page of ours that can be saved. Says what can."""


def view_of(address: str) -> str:
    """Return the address of a view: its path, and those of its parameters that are filters.

    Raises NoView for an address of another site, or of a page without figures.
    """
    try:
        parts = urlsplit(address)
        foreign = parts.scheme or parts.netloc or not parts.path.startswith("/")
        match = None if foreign or address.startswith("//") else resolve(parts.path)
    except (Resolver404, ValueError):
        match = None
    if match is None or match.view_name not in PAGES:
        raise NoView(_("Only a list of this site can be saved, such as the actions or the queue."))
    known = [name for name in getattr(match.func, "known", ()) if name not in PLACES]
    pairs = parse_qsl(parts.query, keep_blank_values=False)
    return with_query(parts.path, [(name, value) for name, value in pairs if name in known])


def short_list(who: Visitor) -> list[SavedView]:
    """Return the views that a person saved last, for the pages where they begin."""
    return list(saved.views_of(who.roles.user_id).order_by("-saved_at", "-id")[:SHORT_LIST])
