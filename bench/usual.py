"""The usual way, to compare with: a task and an SMTP connection for each mail, nothing settled.

The words, the templates and the headers of its mails are ours; its worker is
`celery -A bench.usual`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import django
from celery import shared_task

django.setup()

from django.utils import timezone  # noqa: E402

from agencies.models import User  # noqa: E402
from hldtracker.celery import app as app  # noqa: E402 - what `celery -A bench.usual` looks for
from recommendations.models import Assignment, Delivery, Message  # noqa: E402
from recommendations.notify import mails  # noqa: E402


@shared_task(name="bench.tell")
def tell(user_id: int, assignment_id: int) -> None:
    """Write the mail of one person about one assignment, connect, and send it."""
    user = User.objects.get(pk=user_id)
    subject = Assignment.objects.select_related("action__framework").get(pk=assignment_id)
    delivery = Delivery(
        kind="proposed",
        user=user,
        framework=subject.action.framework,
        subject_type="assignment",
        subject_id=subject.pk,
    )
    message = Message(
        user=user, kind=Message.Kind.AT_ONCE, message_id=f"<{uuid.uuid4().hex}@localhost>"
    )
    mails.write(message, [delivery], at=timezone.now()).send()


def tell_all(users: Iterable[User], assignment: Assignment) -> None:
    """Publish the tasks, as `on_commit` would."""
    for user in users:
        tell.delay(user.pk, assignment.pk)
