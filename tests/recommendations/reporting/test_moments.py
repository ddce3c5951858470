"""The moment of a figure: how an address names it, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from recommendations.reporting.moments import UnusableMoment, minute_of, moment_of, settled

NOW = datetime(2026, 5, 4, 9, 30, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, ""])
def test_without_a_moment_it_is_now_to_the_second(text: str | None) -> None:
    assert moment_of(text, NOW) == NOW


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-04T09:30", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
        ("2026-05-04T09:30Z", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
        (" 2013-11-23T10:00 ", datetime(2013, 11, 23, 10, 0, tzinfo=UTC)),
        ("2013-11-23", datetime(2013, 11, 23, 23, 59, tzinfo=UTC)),
        ("2026-05-03", datetime(2026, 5, 3, 23, 59, tzinfo=UTC)),
        ("2026-05-04T09:30:20Z", datetime(2026, 5, 4, 9, 30, 20, tzinfo=UTC)),
        ("2026-05-04t09:30:20z", datetime(2026, 5, 4, 9, 30, 20, tzinfo=UTC)),
        ("2026-05-04T09:30:19.123Z", datetime(2026, 5, 4, 9, 30, 19, 123000, tzinfo=UTC)),
        ("2026-05-04T09:30:19.123456", datetime(2026, 5, 4, 9, 30, 19, 123456, tzinfo=UTC)),
        ("2026-05-04T11:30+02:00", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
        ("2026-05-04T11:30:20 02:00", datetime(2026, 5, 4, 9, 30, 20, tzinfo=UTC)),
        ("2026-05-03T23:00:00-05:30", datetime(2026, 5, 4, 4, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_what_it_names_and_a_day_is_its_end(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


def test_a_page_has_the_minute_in_which_a_moment_lies_and_now_to_the_second() -> None:
    texts = ("2026-05-04T09:29:59.9Z", "2026-05-04T09:29", None)
    minute = datetime(2026, 5, 4, 9, 29, tzinfo=UTC)

    assert [minute_of(text, NOW) for text in texts] == [minute, minute, NOW]


def test_today_is_now() -> None:
    assert moment_of("2026-05-04", NOW) == NOW


def test_today_is_the_day_in_utc() -> None:
    late_in_new_york = NOW.astimezone(timezone(timedelta(hours=-10)))
    assert moment_of("2026-05-04", late_in_new_york) == NOW


@pytest.mark.parametrize("text", ["2026-05-04T09:31", "2026-05-05", "9999-12-31T23:59"])
def test_a_moment_that_has_not_come_is_refused_and_says_what_is_possible(text: str) -> None:
    with pytest.raises(UnusableMoment) as refusal:
        moment_of(text, NOW)
    assert str(refusal.value) == (
        "That moment has not come yet. Choose one up to 4 May 2026, 09:30 UTC."
    )


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-13-01",
        "2026-02-30T10:00",
        "2026-05-04T25:00",
        "2026-05-04T09:30:60",
        "2026-05-04 09:30",
        "2026-05-04T09:30+0200",
        "2026-05-04T09:30+25:00",
        "2026-05-03+02:00",
        "2026-05-04T09",
        "9999-12-31T23:59-01:00",
        "0001-01-01T00:00",
        "२०२६-05-04",
        "2026-05-04\x00",
    ],
)
def test_anything_else_is_refused_and_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UnusableMoment) as refusal:
        moment_of(text, NOW)
    assert str(refusal.value) == (
        "Write the moment like 2013-11-23T10:00 (in UTC), or a day like 2013-11-23."
    )


def test_a_moment_is_settled_when_it_is_two_minutes_old() -> None:
    assert settled(NOW - timedelta(minutes=2), NOW) is True
    assert settled(NOW - timedelta(seconds=119), NOW) is False
