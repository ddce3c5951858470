"""Where an entry stands in a history: by its moment and not by a number, so none is missed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

KEY = re.compile(r"([0-9]{8}T[0-9]{12})-([0-9]{1,18})(?:-([0-9]))?")


class UnusablePlace(ValueError):
    """The text names no place in a history (HTTP 400). Says where to begin."""


class Place(NamedTuple):
    """A place in the one order of a history; of events the kind is 0."""

    at: datetime
    kind: int
    pk: int

    @property
    def key(self) -> str:
        """Return the place as an address carries it."""
        key = f"{self.at:%Y%m%dT%H%M%S%f}-{self.pk}"
        return f"{key}-{self.kind}" if self.kind else key


def place_of(key: str) -> Place:
    """Return the place that an address carries; raises UnusablePlace for anything else."""
    match = KEY.fullmatch(key)
    try:
        if match is None:
            raise ValueError
        at = datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        message = _("This is no place in the history. Begin at its newest entry.")
        raise UnusablePlace(message) from None
    return Place(at, int(match[3] or 0), int(match[2]))
