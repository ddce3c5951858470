"""What the rows behind many deliveries say, asked for once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from recommendations.models import Comment, Decision, Delivery, TimeRequest, Update
from recommendations.notify import subjects


@dataclass(frozen=True)
class Known:
    """What the rows behind many deliveries say, asked for once."""

    subjects: dict[subjects.Key, subjects.Subject]
    decisions: dict[int, list[Decision]]
    comments: dict[int, list[Comment]]
    requests: dict[int, list[TimeRequest]]
    updates: dict[int, list[Update]]


def look_up(rows: Sequence[Delivery]) -> Known:
    """Return the rows behind the deliveries."""
    found = subjects.load((row.subject_type, row.subject_id or 0) for row in rows)
    update_ids = [pk for kind, pk in found if kind == "update"]
    duty_ids = [pk for kind, pk in found if kind == "duty"]
    decisions: dict[int, list[Decision]] = defaultdict(list)
    comments: dict[int, list[Comment]] = defaultdict(list)
    requests: dict[int, list[TimeRequest]] = defaultdict(list)
    updates: dict[int, list[Update]] = defaultdict(list)
    if update_ids:
        for decision in (
            Decision.objects.filter(submission__update__in=update_ids)
            .select_related("submission")
            .order_by("id")
        ):
            decisions[decision.submission.update_id].append(decision)
        for comment in (
            Comment.objects.filter(submission__update__in=update_ids, closed_at=None)
            .select_related("submission")
            .order_by("id")
        ):
            comments[comment.submission.update_id].append(comment)
    if duty_ids:
        for request in (
            TimeRequest.objects.filter(duty__in=duty_ids).select_related("answer").order_by("id")
        ):
            requests[request.duty_id].append(request)
        for update in Update.objects.filter(duty__in=duty_ids).order_by("id"):
            updates[update.duty_id].append(update)
    return Known(found, decisions, comments, requests, updates)
