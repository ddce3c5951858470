"""How a person wants to hear of things: read for the page of notices, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from agencies.access import Roles
from agencies.models import User
from recommendations.models import MailSettings, NoticeChoice
from recommendations.notify import clock, deliveries
from recommendations.notify.deliveries import Wishes
from recommendations.notify.notices import CHOICES, FOR_AGENCIES, How, Notice, To

FOR_COORDINATORS = {To.COORDINATORS, To.READER}


def notices_for(roles: Roles) -> list[Notice]:
    """Return the notices that can reach a person in what they are today."""
    audiences: set[To] = set()
    if roles.agencies:
        audiences |= FOR_AGENCIES | {To.HANDED, To.OWNER}
    if roles.coordinates:
        audiences |= FOR_COORDINATORS | {To.HANDED, To.OWNER}
    if roles.agencies or roles.coordinates or roles.administers:
        audiences.add(To.ASKER)
    return [notice for notice in CHOICES if notice.to in audiences]


def chosen(user: User, notices: Iterable[Notice]) -> dict[str, str]:
    """Return how a person hears of each of these notices, by its kind; two queries."""
    wishes = Wishes([user.pk])
    return {notice.kind: wishes.how(user.pk, notice) for notice in notices}


def settings_of(user: User) -> MailSettings:
    """Return the settings of a person, or the usual ones, not saved."""
    return MailSettings.objects.filter(user=user).first() or MailSettings(user=user)


def choose(user: User, wanted: Mapping[str, str]) -> None:
    """Keep how a person wants to hear of some notices; what is as usual needs no row."""
    usual = {notice.kind: notice.how for notice in CHOICES}
    same = [kind for kind, how in wanted.items() if how == usual[kind]]
    rows = [
        NoticeChoice(user=user, kind=kind, how=how)
        for kind, how in wanted.items()
        if kind not in same
    ]
    with transaction.atomic():
        NoticeChoice.objects.filter(user=user, kind__in=same).delete()
        NoticeChoice.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["how"]
        )


def keep(
    user: User, *, settings: Mapping[str, Any], wanted: Mapping[str, str], at: datetime
) -> None:
    """Keep the settings and the choices of a person, both or neither; waiting mail follows."""
    with transaction.atomic():
        MailSettings.objects.update_or_create(user=user, defaults=dict(settings))
        choose(user, wanted)
        deliveries.time_again(user, at=at)


def switch_off(user: User) -> None:
    """Switch every notice off that only informs, also those of offices that are to come."""
    choose(user, {notice.kind: How.OFF for notice in CHOICES if not notice.duty})


def next_digests(wanted: MailSettings, hows: Iterable[str], *, at: datetime) -> dict[str, datetime]:
    """Return when the digests that a person gets are due next: daily, weekly, or none of them."""
    used = set(hows)
    found = {}
    if How.DAILY in used:
        found["daily"] = clock.next_digest(wanted, after=at)
    if How.WEEKLY in used:
        found["weekly"] = clock.next_digest(wanted, after=at, weekday=wanted.digest_weekday)
    return found
