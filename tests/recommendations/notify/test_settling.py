"""What was dealt with leaves the inbox by itself; what came after it stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db.models import F

from agencies import history
from agencies.models import User
from recommendations.models import Delivery, Duty, Update
from recommendations.notify import fan_out, positions, reminders
from tests import make

pytestmark = pytest.mark.usefixtures("db")


def read(*, at: datetime = make.NOW) -> None:
    """Let everything that happened be told."""
    positions.number_events(at=at)
    while fan_out.fan_out(at=at):
        pass


def waiting(user: User) -> list[str]:
    """Return the kinds of the lines that wait in an inbox, and need action."""
    lines = Delivery.objects.filter(
        user=user, channel="inbox", needs_action=True, settled_at=None, read_at=None
    )
    return list(lines.order_by("id").values_list("kind", flat=True))


def sent_in_round(cast: make.Cast) -> Update:
    """Return an update that was sent in an open round."""
    assignment = make.accepted(cast)
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    return make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point)


def test_an_answer_takes_the_proposal_out_of_the_inbox(cast: make.Cast) -> None:
    proposed = make.proposed(cast)
    read()
    assert waiting(cast.ilo_alternate) == ["proposed"]

    make.do("accept", proposed, by=cast.ilo_focal_point)
    read()
    assert waiting(cast.ilo_alternate) == []


def test_a_decision_takes_an_update_out_and_sending_again_brings_it_back(cast: make.Cast) -> None:
    update = sent_in_round(cast)
    read()
    assert waiting(cast.coordinator) == ["submitted"]

    due_on = make.later(days=9).date()
    make.do("return", update, by=cast.coordinator, note="Why?", due_on=due_on)
    make.sent(update, by=cast.ilo_focal_point)
    read()
    assert waiting(cast.coordinator) == ["submitted"]
    lines = Delivery.objects.filter(user=cast.coordinator, kind="submitted", channel="inbox")
    assert [line.settled_at for line in lines.order_by("id")] == [make.NOW, None]
    assert "returned" not in waiting(cast.ilo_alternate)


def test_sending_ends_the_reminders_of_its_duty(cast: make.Cast) -> None:
    assignment = make.accepted(cast)
    opened = make.planned_round(cast.framework, "2026-H1")
    make.do("open", opened, by=cast.coordinator)
    due = datetime.combine(Duty.objects.get(assignment=assignment).due_on, make.NOW.timetz())
    reminders.remind(at=due)
    assert "due" in waiting(cast.ilo_focal_point)

    make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point, at=due)
    read(at=due)
    progress = Delivery.objects.filter(
        user=cast.ilo_focal_point, kind="due", channel="inbox", settled_at=None
    )
    assert [Duty.objects.get(pk=line.subject_id).kind for line in progress] == []


def test_a_whole_batch_of_events_is_settled_at_once(cast: make.Cast) -> None:
    update = sent_in_round(cast)
    read()
    for number in range(fan_out.BATCH):
        type(update).objects.filter(pk=update.pk).update(version=F("version") + 1)
        update.refresh_from_db()
        verb = "submitted" if number < fan_out.BATCH - 1 else "withdrawn"
        history.append(update, verb, by=cast.ilo_focal_point, at=make.NOW)
    read()

    lines = Delivery.objects.filter(user=cast.coordinator, kind="submitted", channel="inbox")
    assert lines.count() == fan_out.BATCH
    assert waiting(cast.coordinator) == []
