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
    """Return the moment of the digest of a day of the person's calendar.

    Where the clock is put forward over it, the moment lies an hour later; where that is the
    next day already, an hour earlier: the next day has a digest of its own.
    """
    moment = moment_of(wanted, day, wanted.digest_at)
    if local_day(wanted, moment) == day:
        return moment
    return moment_of(wanted, day, wanted.digest_at.replace(fold=1))


def local_day(wanted: MailSettings, moment: datetime) -> date:
    """Return the day that a moment belongs to where the person is."""
    return moment.astimezone(zone_of(wanted)).date()


def moment_of(wanted: MailSettings, day: date, at: time) -> datetime:
    """Return the moment at which a clock on the person's wall first shows this time.

    With `fold=1` it is the last such moment, where the clock is put back over the time.
    """
    return datetime.combine(day, at, tzinfo=zone_of(wanted)).astimezone(UTC)


def after_quiet(wanted: MailSettings, moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    end = wanted.quiet_until
    if end is None or not is_quiet(wanted, moment):
        return moment
    day = local_day(wanted, moment)
    # On a day on which the clock is changed the end may come twice, or not at all.
    ends = sorted(
        moment_of(wanted, day + timedelta(days=more), end.replace(fold=fold))
        for more in (0, 1, 2)
        for fold in (0, 1)
    )
    return next(one for one in ends if one > moment and not is_quiet(wanted, one))


def is_quiet(wanted: MailSettings, moment: datetime) -> bool:
    """Say whether a clock on the person's wall shows their quiet hours."""
    start, end = wanted.quiet_from, wanted.quiet_until
    if start is None or end is None:
        return False
    wall = moment.astimezone(zone_of(wanted)).time()
    return start <= wall < end if start <= end else wall >= start or wall < end
