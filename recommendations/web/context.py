"""What every page shows around its content: the places one can go to, and who is signed in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.domain import access
from recommendations.web import kept
from recommendations.web.demo import is_demo
from recommendations.web.visitor import Visitor, shown_framework, visitor


class Place(NamedTuple):
    """A link of the main navigation."""

    words: str
    url: str
    current: bool = False
    number: int | None = None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation for this visitor; pages of the admin and errors need none."""
    if request.path.startswith("/admin/"):
        return {"demo": is_demo()}
    slug, waiting = stays_in(request)
    signed_in = visitor(request).roles.user_id is not None
    places = links(visitor(request), slug, waiting) if slug else []
    return {
        "nav": [
            Place(place.words, place.url, request.path.startswith(place.url), place.number)
            if not place.url.endswith(f"/f/{slug}/")
            else Place(place.words, place.url, request.path == place.url)
            for place in places
        ],
        "demo": is_demo(),
        "signed_in": signed_in,
        "account_links": account_links(visitor(request)),
        "footer_links": footer_links(slug) if slug else [],
        "writer": kept.signature(visitor(request).roles.user_id),
    }


def account_links(who: Visitor) -> list[tuple[str, str]]:
    """Return what stands at the far end: a second role's page, the admin, the door."""
    if who.roles.user_id is None:
        return [(_("Sign in"), reverse("account_login"))]
    found = []
    if who.roles.agencies and (who.roles.coordinates or who.roles.administers):
        found.append((_("My work"), reverse("work")))
    if who.roles.administers:
        found.append((_("Administration"), reverse("admin:index")))
    found.append((_("Saved views"), reverse("views")))
    return [*found, (_("Sign out"), reverse("account_logout"))]


def footer_links(slug: str) -> list[tuple[str, str]]:
    """Return what is behind the figures, for everybody; the navigation may have no room for it."""
    return [
        (_("About"), reverse("about", args=[slug])),
        (_("Agencies"), reverse("agency-list", args=[slug])),
        (_("Source"), reverse("source", args=[slug])),
    ]


def stays_in(request: HttpRequest) -> tuple[str, int]:
    """Return the framework that the navigation stays in: the address's, else the default.

    With it comes how many updates wait for this coordinator; one query for both.
    """
    who, match = visitor(request), request.resolver_match
    waiting = access.decidable_updates(who.roles, at=who.at)
    if match and "framework" in match.kwargs:
        slug = str(match.kwargs["framework"])
        return slug, waiting.count() if who.roles.coordinates else 0
    return shown_framework(request, waiting)


def links(who: Visitor, slug: str, waiting: int) -> list[Place]:
    """Return at most five places, by what the visitor is here for."""

    def at(name: str) -> str:
        return reverse(name, args=[slug])

    actions = Place(_("Actions"), at("action-list"))
    matrix = Place(_("Matrix"), at("matrix"))
    if who.roles.coordinates:
        return [
            Place(_("Queue"), reverse("queue"), number=waiting),
            Place(_("Rounds"), at("round-list")),
            actions,
            matrix,
            Place(_("Gaps"), at("gaps")),
        ]
    if who.roles.administers:
        return [
            Place(_("Overview"), at("overview")),
            Place(_("Rounds"), at("round-list")),
            actions,
            matrix,
            Place(_("Gaps"), at("gaps")),
        ]
    if who.roles.agencies:
        return [
            Place(_("My work"), reverse("work")),
            actions,
            matrix,
            Place(_("Overview"), at("overview")),
        ]
    return [
        Place(_("Overview"), at("overview")),
        actions,
        Place(_("Agencies"), at("agency-list")),
        matrix,
        Place(_("About"), at("about")),
    ]
