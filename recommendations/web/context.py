"""What every page shows around its content: the places one can go to, and who is signed in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.notify.delays import known_delay
from recommendations.web import kept
from recommendations.web.counts import Counts, counts_of, stays_in
from recommendations.web.demo import is_demo, keeps_mail
from recommendations.web.visitor import Visitor, visitor


class Place(NamedTuple):
    """A link around the content; `number` says how much waits there."""

    words: str
    url: str
    current: bool = False
    number: int | str | None = None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation for this visitor; pages of the admin and errors need none."""
    if request.path.startswith("/admin/"):
        return {"demo": is_demo()}
    who, slug, counts = visitor(request), stays_in(request), counts_of(request)
    signed_in = who.roles.user_id is not None
    places = links(who, slug, counts) if slug else []
    return {
        "nav": [
            Place(place.words, place.url, request.path.startswith(place.url), place.number)
            if not place.url.endswith(f"/f/{slug}/")
            else Place(place.words, place.url, request.path == place.url)
            for place in places
        ],
        "demo": is_demo(),
        "demo_mail": keeps_mail(),
        "signed_in": signed_in,
        "delayed_since": known_delay(who.at) if signed_in else None,
        "account_links": account_links(request, who, counts),
        "footer_links": footer_links(slug, who) if slug else [],
        "base": settings.BASE_URL,
        "feed_url": reverse("feed", args=[slug]) if slug else "",
        "writer": kept.signature(who.roles.user_id),
    }


def account_links(request: HttpRequest, who: Visitor, counts: Counts) -> list[Place]:
    """Return what stands at the far end: the inbox, a second role's page, the admin, the door."""
    if who.roles.user_id is None:
        return [Place(_("Sign in"), reverse("account_login"))]
    unread = counts.unread_words if counts.unread else None
    found = [Place(_("Inbox"), reverse("inbox"), number=unread)]
    if who.roles.agencies and (who.roles.coordinates or who.roles.administers):
        found.append(Place(_("My work"), reverse("work")))
    if who.roles.administers:
        found.append(Place(_("Administration"), reverse("admin:index")))
    found.append(Place(_("Saved views"), reverse("views")))
    found.append(Place(_("Notices"), reverse("notices")))
    found.append(Place(_("Sign out"), reverse("account_logout")))
    return [place._replace(current=request.path == place.url) for place in found]


def footer_links(slug: str, who: Visitor) -> list[tuple[str, str]]:
    """Return what is behind the figures; the navigation may have no room for it.

    Reports of the inside are for who oversees something, or acts for an agency.
    """
    inside = who.oversees_anything or who.roles.agencies
    return [
        *([(_("Reports"), reverse("reports", args=[slug]))] if inside else []),
        (_("Open data"), reverse("open-data", args=[slug])),
        (_("About"), reverse("about", args=[slug])),
        (_("Agencies"), reverse("agency-list", args=[slug])),
        (_("Source"), reverse("source", args=[slug])),
    ]


def links(who: Visitor, slug: str, counts: Counts) -> list[Place]:
    """Return at most five places, by what the visitor is here for."""

    def at(name: str) -> str:
        return reverse(name, args=[slug])

    actions = Place(_("Actions"), at("action-list"))
    matrix = Place(_("Matrix"), at("matrix"))
    if who.roles.coordinates:
        return [
            Place(_("Queue"), reverse("queue"), number=counts.queue),
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
