"""Jobs in the background: asked for once, held by one worker at a time, kept for thirty days.

A job is nobody's state and makes no event. Every change is one conditional update, so that of
two workers one finds the row taken, and a worker that lost its lease changes nothing any more.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.access import Roles
from agencies.history import canonical
from agencies.models import User
from recommendations.domain import access
from recommendations.models import Framework, Job

KEPT = timedelta(days=30)
MOST_TRIES = 2
"""A job whose worker or program broke down is begun once more, and then given up."""
MOST_UNDER_WAY = 5
"""Jobs of one person that wait or run: more than anybody reads at a time."""
AT_ONCE = 1
"""Jobs that run at a time: the other process of a worker sends the mail."""

UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)
FOUND_AGAIN = (*UNDER_WAY, Job.State.READY)


class TooMany(Exception):
    """The person has as many jobs under way as one may have. Says what to do."""

    def __init__(self) -> None:
        words = _("%(most)d of your reports are being made. Wait until one is ready.")
        super().__init__(words % {"most": MOST_UNDER_WAY})


def visible_jobs(roles: Roles) -> QuerySet[Job]:
    """Return the jobs that exist for a person: their own."""
    return Job.objects.filter(owner=roles.user_id) if roles.user_id else Job.objects.none()


def sees_job(roles: Roles, job: Job) -> bool:
    """Say whether a job exists for a person: `visible_jobs` as a predicate."""
    return roles.user_id is not None and job.owner_id == roles.user_id


def asks_for_reports(roles: Roles, framework_id: int) -> bool:
    """Say whether a person may ask for reports of the inside: all, or those of their agency."""
    return access.sees_inside(roles, framework_id) or bool(roles.agencies)


def may_have(roles: Roles, framework_id: int, agency_id: int | None) -> bool:
    """Say whether a person may have a report of the inside.

    `agency_id` is the one agency that it is about, None where it is about more. Asked again
    when it is made and whenever its file is fetched.
    """
    return access.sees_inside(roles, framework_id) or roles.is_in(agency_id)


def ask(
    kind: str, parameters: Mapping[str, Any], *, framework: Framework, by: User, at: datetime
) -> Job:
    """Return the job of a request: the one that there is, or a new one that waits.

    Raises TooMany.
    """
    text = canonical(parameters)
    request = hashlib.sha256(f"{kind} {text}".encode()).hexdigest()
    same = Job.objects.filter(owner=by, request=request, state__in=FOUND_AGAIN)
    known = same.first()
    if known is not None:
        return known
    if Job.objects.filter(owner=by, state__in=UNDER_WAY).count() >= MOST_UNDER_WAY:
        raise TooMany
    try:
        with transaction.atomic():
            return Job.objects.create(
                owner=by,
                framework=framework,
                kind=kind,
                parameters=text,
                request=request,
                made_at=at,
            )
    except IntegrityError:  # asked for in another window at the same moment
        return same.get()


def claim(*, at: datetime, lease: timedelta) -> Job | None:
    """Take the job that waits longest; None where none does, or enough are running.

    One whose worker died waits again once its lease has ended.
    """
    running = Job.objects.filter(state=Job.State.RUNNING, lease_until__gte=at)
    if running.count() >= AT_ONCE:
        return None
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=at)
    waiting = Job.objects.filter(free, tries__lt=MOST_TRIES)
    for pk in list(waiting.order_by("made_at", "id").values_list("pk", flat=True)[:10]):
        name = uuid.uuid4().hex
        taken = waiting.filter(pk=pk).update(
            state=Job.State.RUNNING,
            lease=name,
            lease_until=at + lease,
            tries=F("tries") + 1,
            progress=0,
        )
        if taken:
            return Job.objects.select_related("framework", "owner").get(pk=pk)
    return None


def broken_down(*, at: datetime) -> QuerySet[Job]:
    """Return the jobs whose last try ended with the death of its worker."""
    return Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=at, tries__gte=MOST_TRIES)


def held(pk: int, lease: str) -> QuerySet[Job]:
    """Return the job, if this lease still holds it."""
    return Job.objects.filter(pk=pk, lease=lease, state=Job.State.RUNNING)


def move(pk: int, lease: str, percent: int) -> None:
    """Say how far a job is, in percent."""
    held(pk, lease).update(progress=percent)


def finish(pk: int, lease: str, *, at: datetime, **values: Any) -> bool:
    """Write that a job is ready, with its file or its outcome; False where the lease is lost."""
    return settle(pk, lease, Job.State.READY, at=at, progress=100, **values)


def give_up(pk: int, lease: str, why: str, *, at: datetime) -> bool:
    """Write why nothing was made; False where the lease is lost."""
    return settle(pk, lease, Job.State.FAILED, at=at, outcome=why)


def settle(pk: int, lease: str, state: str, *, at: datetime, **values: Any) -> bool:
    """End a job in a state; False where the lease is lost."""
    ended = {"finished_at": at, "expires_at": at + KEPT, "lease": "", "lease_until": None}
    return bool(held(pk, lease).update(state=state, **ended, **values))


def put_back(pk: int, lease: str) -> bool:
    """Let a job whose program broke down wait once more; False where it had its second try."""
    again = held(pk, lease).filter(tries__lt=MOST_TRIES)
    return bool(again.update(state=Job.State.WAITING, lease="", lease_until=None, progress=0))


def failed() -> QuerySet[Job]:
    """Return the jobs that came to nothing and are not forgotten yet."""
    return Job.objects.filter(state=Job.State.FAILED)


def waiting_since(before: datetime) -> QuerySet[Job]:
    """Return the jobs that were asked for before a moment and that nobody has begun."""
    return Job.objects.filter(state=Job.State.WAITING, made_at__lt=before).order_by("made_at")


def expired(*, at: datetime) -> QuerySet[Job]:
    """Return the jobs whose time is over and whose file is still there."""
    ended = (Job.State.READY, Job.State.FAILED)
    return Job.objects.filter(state__in=ended, expires_at__lte=at)


def forget(job: Job) -> None:
    """Note that the file of a job is gone."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.EXPIRED, stored_as="", size=None)
