"""The calls: a batch is leased, each is written, sent and settled on its own.

The truth is in the rows, as for mail: a sender that dies between the answer and our settling
calls a second time with the same id; nothing is lost.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recommendations.domain import webhooks
from recommendations.models import Webhook, WebhookCall
from recommendations.notify.webhooks import hearing, signing
from recommendations.notify.webhooks.posting import Answer, Courier

BATCH = 20
LONGEST_PASS = timedelta(seconds=15)
"""After this a pass begins no more calls: mail must not wait for other systems."""
LEASE = timedelta(minutes=2)
"""Much longer than a pass and its last call: no living sender loses what it holds."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 600))
MOST_TRIES = len(WAITS) + 1
PAUSE = timedelta(minutes=1)
"""How long an address that does not answer at all is left alone, so that it holds up no others."""
ORDER = (F("webhook__failing_since").asc(nulls_first=True), "next_at", "id")
"""Addresses that take their calls come first."""
PATIENCE = timedelta(days=5)
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def everything(*, clock: Clock, courier: Courier) -> Iterator[int]:
    """Call batch after batch until nothing is due, or the pass has taken its time."""
    until = clock() + LONGEST_PASS
    while clock() < until and (dealt := call_batch(clock=clock, courier=courier, until=until)):
        yield dealt


def call_batch(*, clock: Clock, courier: Courier, until: datetime, size: int = BATCH) -> int:
    """Send the calls that are due, at most so many; return how many were leased."""
    at = clock()
    lease = claim(at=at, size=size)
    held = list(
        WebhookCall.objects.filter(lease=lease)
        .select_related("webhook__framework", "webhook__agency", "event__place")
        .order_by(*ORDER)
    )
    silent: set[int] = set()
    try:
        for call in held:
            if clock() >= until:
                break
            if call.webhook_id not in silent and not send(call, courier, lease, clock):
                silent.add(call.webhook_id)
    finally:
        WebhookCall.objects.filter(lease=lease).update(lease="", lease_until=None)
    return len(held)


def claim(*, at: datetime, size: int) -> str:
    """Lease a batch and return the name of the lease; what somebody else took is left out.

    The conditional update decides, and its conditions stand on the row itself: PostgreSQL looks
    at those once more when it had to wait for another sender.
    """
    lease = uuid.uuid4().hex
    quiet = Q(webhook__quiet_until__gt=at)
    chosen = due(at).exclude(quiet).order_by(*ORDER).values_list("pk", flat=True)[:size]
    due(at).filter(pk__in=list(chosen)).update(lease=lease, lease_until=at + LEASE)
    return lease


def due(at: datetime) -> QuerySet[WebhookCall]:
    """Return the calls that wait, are due, and that no living sender holds."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    return WebhookCall.objects.filter(free, state=WebhookCall.State.WAITING, next_at__lte=at)


def send(call: WebhookCall, courier: Courier, lease: str, clock: Clock) -> bool:
    """Send one call and settle it; say whether its address may be called again at once.

    Whether its owner may still be told, and whether it may be called, is asked again.
    """
    webhook = Webhook.objects.select_related("framework", "agency").get(pk=call.webhook_id)
    try:
        body = body_for(call, webhook)
    except Exception as error:  # whatever is wrong with one, the others go on
        log.exception("a call could not be written")
        because = f"It could not be written: {type(error).__name__}"
        finish(call, lease, WebhookCall.State.DEAD, because, at=clock())
        return True
    if not webhook.is_live:
        because = _("The webhook was switched off before.")
        finish(call, lease, WebhookCall.State.SUPPRESSED, because, at=clock())
        return True
    if body is None:
        because = _("Its owner may not know it any more.")
        finish(call, lease, WebhookCall.State.SUPPRESSED, because, at=clock())
        return True
    at = clock()
    wrong = webhooks.address_problem(webhook.address)
    signed = signing.headers(call.name, body, webhook.seeds(at), at=at)
    answer = Answer(None, wrong) if wrong else courier.post(webhook.address, signed, body)
    settle(call, lease, answer, at=clock())
    return answer.status is not None and answer.wait is None


def body_for(call: WebhookCall, webhook: Webhook) -> str | None:
    """Return what a call says now; None where its owner may not know it any more."""
    if call.event is None:
        return hearing.ping_body(webhook, call.made_at)
    heard = hearing.Hearing([call.event]).heard(webhook, call.event)
    if heard is None or heard.kind.name != call.kind:
        return None
    return hearing.body_of(heard, webhook, call.event, position=call.event.place.position)


def finish(call: WebhookCall, lease: str, state: str, because: str, *, at: datetime) -> None:
    """Settle a call that is not sent, with the reason."""
    WebhookCall.objects.filter(pk=call.pk, lease=lease).update(
        state=state,
        answer=because,
        settled_at=at,
        lease="",
        lease_until=None,
    )


def settle(call: WebhookCall, lease: str, answer: Answer, *, at: datetime) -> None:
    """Write what became of one call, and how its webhook stands, unless the lease was lost."""
    values: dict[str, Any] = {
        "lease": "",
        "lease_until": None,
        "tries": call.tries + 1,
        "status": answer.status,
        "answer": answer.text,
        "took_ms": answer.took_ms,
    }
    if answer.accepted:
        values |= {"state": WebhookCall.State.SENT, "settled_at": at}
    elif answer.gone or call.tries + 1 >= MOST_TRIES:
        values |= {"state": WebhookCall.State.DEAD, "settled_at": at}
        values["answer"] = answer.text or _("It was not accepted.")
    else:
        values["next_at"] = at + max(wait_after(call.tries), answer.wait or timedelta())
    with transaction.atomic():
        if WebhookCall.objects.filter(pk=call.pk, lease=lease).update(**values):
            judge(call.webhook_id, answer, at=at)


def judge(webhook_id: int, answer: Answer, *, at: datetime) -> None:
    """Keep how a webhook stands: since when it fails, until when it is left alone, and its end."""
    rows = Webhook.objects.filter(pk=webhook_id)
    if answer.accepted:
        rows.exclude(failing_since=None, quiet_until=None).update(
            failing_since=None, quiet_until=None
        )
        return
    values: dict[str, Any] = {"failing_since": Coalesce(F("failing_since"), at)}
    if answer.wait is not None or answer.status is None:
        values["quiet_until"] = at + (answer.wait if answer.wait is not None else PAUSE)
    rows.update(**values)
    webhook = rows.get()
    if answer.gone:
        because = _("The other side answered that it wants no more calls (410).")
        webhooks.give_up(webhook, because=because, at=at)
    elif webhook.failing_since is not None and webhook.failing_since <= at - PATIENCE:
        because = _("No call was accepted for %(days)d days.") % {"days": PATIENCE.days}
        webhooks.give_up(webhook, because=because, at=at)


def wait_after(tries: int) -> timedelta:
    """Return how long a call waits after so many tries: longer each time, with jitter."""
    return WAITS[tries] * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def repeat(call: WebhookCall, *, at: datetime) -> bool:
    """Put a settled call back into the queue, with no tries and its own id; say whether it was."""
    settled = WebhookCall.objects.exclude(state=WebhookCall.State.WAITING).filter(pk=call.pk)
    values: dict[str, Any] = {"lease": "", "lease_until": None, "settled_at": None}
    waiting = WebhookCall.State.WAITING
    return bool(settled.update(state=waiting, tries=0, next_at=at, **values))
