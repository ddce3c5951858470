"""What a history and the feed of events are narrowed by: person, deed, and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import Event
from recommendations.reporting.public_history import PublicChange


@dataclass(frozen=True)
class Narrowed:
    """What is left: of one person, one verb, from the first moment of a day to the last of one."""

    person: int | None = None
    verb: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def begin(self) -> datetime | None:
        """Return the moment from which on something is left."""
        return datetime.combine(self.first, time(), UTC) if self.first else None

    @property
    def end(self) -> datetime | None:
        """Return the moment before which something is left: none after the last day there is."""
        if self.last is None or self.last == date.max:
            return None
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    def of(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Return the events that are left of these."""
        if self.person is not None:
            events = events.filter(actor=self.person)
        if self.verb:
            events = events.filter(verb=self.verb)
        if self.begin:
            events = events.filter(at__gte=self.begin)
        return events.filter(at__lt=self.end) if self.end else events

    def keeps(self, change: PublicChange) -> bool:
        """Say whether a public change is left; it is of no person."""
        return (
            (not self.verb or change.did.value == self.verb)
            and (self.begin is None or change.at >= self.begin)
            and (self.end is None or change.at < self.end)
        )


def why_no_period(first: date | None, last: date | None) -> str:
    """Return why two days enclose nothing: the last is before the first. "" where they do."""
    if first and last and last < first:
        return _("Enter a day that is not before the first one.")
    return ""
