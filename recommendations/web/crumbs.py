"""The way to a page, shown above its heading."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import Round


def round_crumbs(round: Round, *, here: str = "") -> list[tuple[str, str]]:
    """Return the way to a round, or to a page about something in it."""
    slug = round.framework.slug
    found = [(_("Rounds"), reverse("round-list", args=[slug]))]
    if not here:
        return [*found, (round.code, "")]
    return [*found, (round.code, reverse("round-detail", args=[slug, round.code])), (here, "")]
