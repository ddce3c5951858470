"""What a report is about, found by the codes that a person or a file names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.models import Framework
from recommendations.reporting.sentences import listed


class Unknown(LookupError):
    """There is no such framework, round, agency or area (HTTP 404). Says which there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def framework_called(slug: str) -> Framework:
    """Return the framework of this address; without one the default. Raises Unknown."""
    every = Framework.objects.order_by("-is_default", "id")
    found = every.filter(slug=slug).first() if slug else every.first()
    if found is None:
        words = _("There is no framework “%(name)s”.") % {"name": slug}
        raise Unknown(f"{words} {those(every.values_list('slug', flat=True))}")
    return found


def about(framework: Framework, codes: Mapping[str, str]) -> dict[str, Any]:
    """Return the round, agency and area that these codes name, by those words.

    Codes are read without regard to case; an agency is found by a code that it had, too. Raises
    Unknown, which says which there are.
    """
    places: dict[str, tuple[Any, str]] = {
        "round": (
            framework.rounds.order_by("opens_on", "id"),
            _("There is no round “%(name)s”."),
        ),
        "agency": (Agency.objects.in_order(), _("There is no agency “%(name)s”.")),
        "area": (framework.areas.order_by("order", "id"), _("There is no area “%(name)s”.")),
    }
    found = {}
    for name, code in codes.items():
        rows, words = places[name]
        found[name] = rows.filter(code__iexact=code).first()
        if found[name] is None and name == "agency":
            found[name] = rows.filter(old_codes__code__iexact=code).first()
        if found[name] is None:
            told = words % {"name": code}
            raise Unknown(f"{told} {those(rows.values_list('code', flat=True))}")
    return found


def those(names: Iterable[str]) -> str:
    """Return "Those that there are: A, B."."""
    there = list(names)
    if not there:
        return _("There is none yet.")
    return _("Those that there are: %(names)s.") % {"names": listed(there)}
