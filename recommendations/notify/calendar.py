"""The private address of a person's calendar of due dates: made, renewed, revoked, read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import icalendar

from agencies.models import User
from recommendations.models import MailSettings

NAME = "hldtracker"
ASKED_AGAIN = timedelta(hours=6)


@dataclass(frozen=True)
class DueDate:
    """One day of the calendar. `uid` stays the same while the day moves."""

    uid: str
    on: date
    words: str
    url: str


def give_key(user: User) -> str:
    """Make a new address for a person's calendar; the old one opens nothing any more."""
    key = secrets.token_urlsafe(32)
    MailSettings.objects.update_or_create(user=user, defaults={"calendar_key": key})
    return key


def revoke_key(user: User) -> None:
    """Let the address of a person's calendar open nothing any more."""
    MailSettings.objects.filter(user=user).update(calendar_key="")


def owner_of(key: str) -> User | None:
    """Return whose calendar an address opens; nobody's for a person who has left."""
    if not key:
        return None
    return User.objects.filter(mail_settings__calendar_key=key, is_active=True).first()


def written(days: Iterable[DueDate], *, at: datetime) -> bytes:
    """Return a calendar of whole days that block no time."""
    made = icalendar.Calendar()
    made.add("prodid", f"-//{NAME}//due dates//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", NAME)
    made.add("refresh-interval", ASKED_AGAIN, parameters={"value": "DURATION"})
    for day in days:
        event = icalendar.Event()
        event.add("uid", day.uid)
        event.add("dtstamp", at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.words)
        event.add("url", day.url)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())
