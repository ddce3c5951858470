"""The moment that a figure is about: read from an address, and when it is settled."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

EARLIEST = 1900
"""The first year of any figure: earlier ones are slips of the pen."""

WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(Z|[+-][0-9]{2}:[0-9]{2})?|Z)?",
    re.IGNORECASE,
)
"""A day, perhaps a time, and after a time perhaps how far it is from UTC, as RFC 3339 has it."""
LOST_PLUS = re.compile(r"(T.*) (?=[0-9]{2}:[0-9]{2}$)", re.IGNORECASE)
END_OF_DAY = "23:59"
SETTLING = timedelta(minutes=2)
"""A change that began within a moment is committed by then, or given up."""


class UnusableMoment(ValueError):
    """The text names no moment, or one that has not come yet (HTTP 400). Says what to write."""


def moment_of(text: str | None, now: datetime) -> datetime:
    """Return the moment that `?as_of=` names: as RFC 3339 writes it, or `YYYY-MM-DDTHH:MM`.

    Without a zone it is in UTC. Without a text it is `now`, to the second, so that what was just
    approved is counted. A day alone is its end, 23:59; today alone is `now`. Raises
    UnusableMoment, with words for the reader, for anything else and for the future.
    """
    if not text:
        return now
    match = WRITTEN.fullmatch(with_plus(text.strip()))
    day, clock, zone = match.groups() if match else ("", None, None)
    try:
        told = f"{day}T{clock or END_OF_DAY}{(zone or 'Z').upper()}"
        moment = datetime.fromisoformat(told).astimezone(UTC)
        if moment.year < EARLIEST:
            raise ValueError
    except (ValueError, OverflowError):
        raise UnusableMoment(
            _("Write the moment like 2013-11-23T10:00 (in UTC), or a day like 2013-11-23.")
        ) from None
    if clock is None and moment.date() == now.astimezone(UTC).date():
        return now
    if moment > now:
        raise UnusableMoment(
            _("That moment has not come yet. Choose one up to %(now)s UTC.") % {"now": written(now)}
        )
    return moment


def minute_of(text: str | None, now: datetime) -> datetime:
    """Return the whole minute in which the moment lies that a text names; `now` stays as it is.

    Pages and reports have an address for each minute, to be cited. Raises UnusableMoment.
    """
    moment = moment_of(text, now)
    return moment if moment == now else moment.replace(second=0, microsecond=0)


def with_plus(text: str) -> str:
    """Return a moment as it was meant: a + that stands bare in an address arrives as a blank."""
    return LOST_PLUS.sub(r"\1+", text)


def settled(moment: datetime, now: datetime) -> bool:
    """Say whether the figures of a moment can no longer change: it is two minutes old."""
    return now - moment >= SETTLING


def newest_settled(now: datetime) -> datetime:
    """Return the newest whole minute whose figures can no longer change."""
    return (now - SETTLING).astimezone(UTC).replace(second=0, microsecond=0)


def written(moment: datetime) -> str:
    """Return a moment in words, in UTC: "23 Nov 2013, 10:00"."""
    utc = moment.astimezone(UTC)
    parts = {"day": day_written(utc), "time": formats.date_format(utc, "H:i")}
    return pgettext("a day and a time", "%(day)s, %(time)s") % parts


def day_written(moment: datetime) -> str:
    """Return the day of a moment in words, in UTC: "23 Nov 2013"."""
    return formats.date_format(moment.astimezone(UTC), pgettext("format of a date", "j M Y"))


def precisely(value: date, precision: str) -> str:
    """Return a date as exactly as it is known: a day, a month, a quarter or a year."""
    if precision == "quarter":
        quarter = (value.month + 2) // 3
        words = pgettext("a quarter of a year", "Q%(quarter)d %(year)d")
        return words % {"quarter": quarter, "year": value.year}
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return formats.date_format(value, pgettext("format of a month", "M Y"))
    return formats.date_format(value, pgettext("format of a date", "j M Y"))
