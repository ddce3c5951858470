"""When mail may reach a person: one digest for each day of their calendar, never in quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from recommendations.models import MailSettings
from recommendations.notify import clock
from recommendations.notify.notices import How
from tests.figures import figure

ZONES = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Nairobi"),
    *("America/Anchorage", "America/Havana", "America/Los_Angeles", "America/New_York"),
    *("America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns"),
    *("Asia/Beirut", "Asia/Dhaka", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu"),
    *("Asia/Kolkata", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide"),
    *("Australia/Lord_Howe", "Europe/Dublin", "Europe/Zurich", "Europe/London"),
    *("Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "UTC"),
)
"""Thirty, among them those that put the clock forward over midnight, and before it."""

FIRST, DAYS = date(2026, 1, 1), 731
EVERY_HALF_HOUR = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
TRICKY = (time(7), time(0, 30), time(2, 30), time(23, 30))
AT = (*TRICKY, *EVERY_HALF_HOUR)[: figure(small=4, full=52)]


def settings(zone: str, **more: object) -> MailSettings:
    """Return the settings of a person in a time zone."""
    return MailSettings(time_zone=zone, **more)


def start_of(zone: str) -> datetime:
    """Return the moment at which the first of the simulated days begins in a zone."""
    return datetime.combine(FIRST, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def digests(wanted: MailSettings, *, weekday: int | None = None) -> Iterator[datetime]:
    """Yield every digest of two years, each found from the one before it."""
    moment = start_of(wanted.time_zone) - timedelta(seconds=1)
    end = moment + timedelta(days=DAYS)
    while (moment := clock.next_digest(wanted, after=moment, weekday=weekday)) < end:
        yield moment


def test_there_are_thirty_zones_and_all_are_known() -> None:
    assert len({*ZONES}) == 30
    assert [zone for zone in ZONES if zone != str(clock.zone_of(settings(zone)))] == []


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_two_years_has_one_digest(zone: str) -> None:
    days = [FIRST + timedelta(days=count) for count in range(DAYS)]
    for at in AT:
        wanted = settings(zone, digest_at=at)
        moments = list(digests(wanted))

        assert moments == sorted({*moments})
        assert [clock.local_day(wanted, moment) for moment in moments] == days, at


@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_comes_at_its_time_where_the_clock_shows_it(zone: str) -> None:
    for at in AT:
        wanted = settings(zone, digest_at=at)
        off = [
            moment
            for moment in digests(wanted)
            if moment.astimezone(ZoneInfo(zone)).time() != at and exists(zone, moment, at)
        ]
        assert off == [], at


def exists(zone: str, moment: datetime, at: time) -> bool:
    """Say whether the clock of a zone shows a time on the day of a moment."""
    local = datetime.combine(moment.astimezone(ZoneInfo(zone)).date(), at, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).astimezone(ZoneInfo(zone)).time() == at


@pytest.mark.parametrize("zone", ZONES)
def test_each_week_of_two_years_has_one_weekly_digest(zone: str) -> None:
    for at in AT:
        for weekday in (0, 5, 6):
            wanted = settings(zone, digest_at=at)
            days = [clock.local_day(wanted, one) for one in digests(wanted, weekday=weekday)]

            assert {day.weekday() for day in days} == {weekday}
            assert {later - day for day, later in zip(days, days[1:], strict=False)} == {
                timedelta(days=7)
            }


def test_a_day_that_a_country_left_out_has_no_digest_of_its_own() -> None:
    wanted = settings("Pacific/Apia", digest_at=time(7))
    moment = datetime(2011, 12, 27, tzinfo=UTC)
    found = []
    for _day in range(5):
        moment = clock.next_digest(wanted, after=moment)
        found.append(clock.local_day(wanted, moment))

    assert found == [date(2011, 12, day) for day in (27, 28, 29, 31)] + [date(2012, 1, 1)]


QUIET = (
    (time(22), time(7)),
    (time(23, 30), time(0, 30)),
    (time(1), time(2, 30)),
    (time(0), time(1)),
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("start", "end"), QUIET)
def test_nothing_leaves_in_quiet_hours_and_nothing_waits_beyond_them(
    zone: str, start: time, end: time
) -> None:
    wanted = settings(zone, quiet_from=start, quiet_until=end)
    for moment in around_changes(zone):
        leaves = clock.after_quiet(wanted, moment)
        wall = leaves.astimezone(ZoneInfo(zone)).time()

        assert not quiet_at(wall, start, end), (moment, leaves)
        assert moment <= leaves <= moment + timedelta(hours=11)
        if not quiet_at(moment.astimezone(ZoneInfo(zone)).time(), start, end):
            assert leaves == moment


def quiet_at(wall: time, start: time, end: time) -> bool:
    """Say whether a clock on the wall shows quiet hours."""
    return start <= wall < end if start < end else wall >= start or wall < end


def around_changes(zone: str) -> Iterator[datetime]:
    """Yield moments around each change of the clock in two years, and those of one plain day."""
    step = timedelta(minutes=figure(small=15, full=5))
    moment = start_of(zone)
    for _day in range(DAYS):
        following = moment + timedelta(days=1)
        changes = moment.astimezone(ZoneInfo(zone)).utcoffset() != (
            following.astimezone(ZoneInfo(zone)).utcoffset()
        )
        if changes or moment == start_of(zone):
            one = moment - timedelta(hours=12)
            while one < following + timedelta(hours=12):
                yield one
                one += step
        moment = following


def test_a_mail_at_once_waits_a_moment_and_then_for_the_end_of_the_quiet_hours() -> None:
    wait = timedelta(minutes=2)
    wanted = settings("Asia/Tokyo", quiet_from=time(22), quiet_until=time(7))
    noon, night = datetime(2026, 5, 4, 3, tzinfo=UTC), datetime(2026, 5, 4, 12, 59, tzinfo=UTC)

    assert clock.ready_at(How.AT_ONCE, wanted, at=noon, wait=wait) == noon + wait
    assert clock.ready_at(How.AT_ONCE, wanted, at=night, wait=wait) == (
        datetime(2026, 5, 4, 22, tzinfo=UTC)
    )


def test_quiet_hours_whose_end_a_change_of_the_clock_leaves_out_end_a_day_later() -> None:
    wanted = settings("Europe/Zurich", quiet_from=time(3), quiet_until=time(2, 30))

    assert clock.after_quiet(wanted, datetime(2026, 3, 28, 12, tzinfo=UTC)) == (
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC)
    )


def test_a_time_zone_that_this_machine_does_not_know_is_utc() -> None:
    wanted = settings("Europe/Atlantis", digest_at=time(7))

    assert clock.next_digest(wanted, after=datetime(2026, 5, 4, 6, tzinfo=UTC)) == (
        datetime(2026, 5, 4, 7, tzinfo=UTC)
    )
