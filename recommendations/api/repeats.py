"""Requests that come twice: the header Idempotency-Key, and the answer kept under it.

A change and its answer are committed together, so that a process that dies between them
leaves neither. What was refused changed nothing, so its key is free again at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.api.asked import wrong
from recommendations.api.columns import Unreadable, refuse_unstorable
from recommendations.api.problems import Refused
from recommendations.domain.repeats import KEPT
from recommendations.models import Repeat

HEADER = "Idempotency-Key"
LEASE = timedelta(seconds=60)
"""Longer than any request lives: after this the process that answered it is dead."""
LONGEST = 255
HEADERS = ("Content-Type", "ETag", "Location")
"""What is kept of an answer beside its status and body."""


@dataclass(frozen=True)
class Asking:
    """A request with a key: whose it is, its key, and the hash of all that it asks for."""

    owner: str
    key: str
    request_hash: str


def key_in(header: str) -> str:
    """Return the key of a request. Raises Refused for one that cannot be kept."""
    try:
        refuse_unstorable(header)
    except Unreadable as problem:
        raise wrong(HEADER, str(problem)) from problem
    if len(header) > LONGEST:
        raise wrong(HEADER, _("Write at most %(most)d characters.") % {"most": LONGEST})
    return header.strip()


def once(
    asking: Asking, work: Callable[[], HttpResponse], *, together: bool = True
) -> HttpResponse:
    """Do the work of a request once, and return its answer; for a repeat, the kept answer.

    The work and its answer are committed together, unless it is work in parts (`together`
    false), of which each is done once by a key of its own.

    Raises Refused where the key was used for another request (HTTP 422), or where the same
    request is being answered right now (HTTP 409).
    """
    lease = uuid.uuid4().hex
    kept = claim(asking, lease, at=timezone.now())
    if kept is not None:
        return replayed(kept)
    try:
        with transaction.atomic() if together else nullcontext():
            answer = work()
            if not keep(asking, lease, answer):
                raise being_answered(LEASE)
    except BaseException:
        free(asking, lease)
        raise
    return answer


def claim(asking: Asking, lease: str, *, at: datetime) -> Repeat | None:
    """Take the key of a request for this process, in a transaction of its own.

    Returns the kept answer where there is one already.
    """
    mine = {
        "request_hash": asking.request_hash,
        "claimed_at": at,
        "lease": lease,
        "lease_until": at + LEASE,
    }
    known = Repeat.objects.filter(owner=asking.owner, key=asking.key)
    try:
        with transaction.atomic():
            Repeat.objects.create(owner=asking.owner, key=asking.key, **mine)
        return None
    except IntegrityError:
        found = known.first()
    if found is None:  # freed in between
        raise being_answered(timedelta(seconds=1))
    if found.claimed_at <= at - KEPT:
        taken = known.filter(lease=found.lease).update(**mine, status=None, body="", headers={})
    elif found.request_hash != asking.request_hash:
        raise Refused(
            "key-used-otherwise",
            _("This key came with another request before. A new request needs a new key."),
        )
    elif found.status is not None:
        return found
    elif found.lease_until > at:
        raise being_answered(found.lease_until - at)
    else:
        taken = known.filter(lease=found.lease, status=None).update(**mine)
    if not taken:
        raise being_answered(LEASE)
    return None


def keep(asking: Asking, lease: str, answer: HttpResponse) -> bool:
    """Keep the answer; False where another process has taken the request over meanwhile."""
    headers = {name: answer[name] for name in HEADERS if name in answer}
    mine = Repeat.objects.filter(owner=asking.owner, key=asking.key, lease=lease)
    body = answer.content.decode()
    return mine.update(status=answer.status_code, body=body, headers=headers) == 1


def free(asking: Asking, lease: str) -> None:
    """Give the key free: nothing was changed."""
    Repeat.objects.filter(
        owner=asking.owner, key=asking.key, lease=lease, status__isnull=True
    ).delete()


def being_answered(wait: timedelta) -> Refused:
    """Return the refusal of a request that another process answers right now."""
    return Refused(
        "being-answered",
        _("The same request is being answered. Repeat it with the same key in a moment."),
        headers={"Retry-After": str(max(1, round(wait.total_seconds())))},
    )


def replayed(kept: Repeat) -> HttpResponse:
    """Return the kept answer, and say that it is one."""
    answer = HttpResponse(kept.body.encode(), status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer
