"""When a mail may reach a person: their digest, their quiet hours, in their own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recommendations.models import MailSettings
from recommendations.notify.notices import How


def zone_of(wanted: MailSettings) -> ZoneInfo:
    """Return a person's time zone; UTC where this machine does not know theirs."""
    try:
        return ZoneInfo(wanted.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def ready_at(how: str, wanted: MailSettings, *, at: datetime, wait: timedelta) -> datetime:
    """Return from when on a mail may leave: after a short wait, or with the next digest."""
    if how == How.DAILY:
        return next_digest(wanted, after=at)
    if how == How.WEEKLY:
        return next_digest(wanted, after=at, weekday=wanted.digest_weekday)
    return after_quiet(wanted, at + wait)


def next_digest(wanted: MailSettings, *, after: datetime, weekday: int | None = None) -> datetime:
    """Return the first moment of a digest after `after`, on that weekday where one is given.

    There is one for each day of the person's calendar, also on the days on which the clock
    is put forward over it or back over it.
    """
    day = local_day(wanted, after) - timedelta(days=1)
    for _day in range(16):
        moment = digest_on(wanted, day)
        if moment > after and weekday in (None, day.weekday()):
            return moment
        day += timedelta(days=1)
    raise AssertionError("no digest within two weeks")


def digest_on(wanted: MailSettings, day: date) -> datetime:
    """Return the moment of the digest of a day of the person's calendar."""
    return moment_of(wanted, day, wanted.digest_at)


def local_day(wanted: MailSettings, moment: datetime) -> date:
    """Return the day that a moment belongs to where the person is."""
    return moment.astimezone(zone_of(wanted)).date()


def moment_of(wanted: MailSettings, day: date, at: time) -> datetime:
    """Return the moment at which a clock on the person's wall first shows this time."""
    return datetime.combine(day, at, tzinfo=zone_of(wanted)).astimezone(UTC)


def after_quiet(wanted: MailSettings, moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    start, end = wanted.quiet_from, wanted.quiet_until
    if start is None or end is None or start == end:
        return moment
    day = local_day(wanted, moment)
    for first in (day - timedelta(days=1), day):
        last = first if start < end else first + timedelta(days=1)
        if moment_of(wanted, first, start) <= moment < moment_of(wanted, last, end):
            return moment_of(wanted, last, end)
    return moment
