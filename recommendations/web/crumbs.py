"""The way to a page, shown above its heading."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import Framework, Round


def round_crumbs(round: Round, *, here: str = "") -> list[tuple[str, str]]:
    """Return the way to a round, or to a page about something in it."""
    slug = round.framework.slug
    if not here:
        return list_crumbs(round.framework, here=round.code)
    found = list_crumbs(round.framework, here="")[:1]
    return [*found, (round.code, reverse("round-detail", args=[slug, round.code])), (here, "")]


def list_crumbs(framework: Framework, *, here: str) -> list[tuple[str, str]]:
    """Return the way to a page below the list of rounds."""
    return [(_("Rounds"), reverse("round-list", args=[framework.slug])), (here, "")]
