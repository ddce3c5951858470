"""Whether what this site shows is made up: readers are told so on every page."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection

from agencies.models import User


@dataclass
class Seen:
    """What a web process found in the database when it started."""

    demo_people: bool = False


SEEN = Seen()


def look() -> None:
    """Look for demo people, once for each web process: no page has to ask for them.

    A database that does not answer, or has no tables yet, shows nothing that is made up.
    """
    with suppress(DatabaseError):
        SEEN.demo_people = User.objects.filter(is_demo=True).exists()
    connection.close()


def is_demo() -> bool:
    """Say whether the site is a demo, or holds the people of one without being switched to it."""
    return bool(settings.HLDTRACKER_DEMO) or SEEN.demo_people


def keeps_mail() -> bool:
    """Say whether mails are kept to be read here: in a demo without a mail server, nowhere else."""
    return bool(settings.HLDTRACKER_DEMO and not settings.EMAIL_HOST)
