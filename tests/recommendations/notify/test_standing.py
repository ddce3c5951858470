"""What is no longer open is not mailed, and the reason is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from agencies.models import Membership
from recommendations.domain import reading
from recommendations.models import Delivery, ReviewClaim
from recommendations.notify import deliveries
from recommendations.notify.deliveries import Cause
from recommendations.notify.reminders import remind
from recommendations.notify.standing import still_stands
from tests import make

DUE = datetime(2026, 5, 31, 0, 5, tzinfo=UTC)
NEW_DUE = date(2026, 6, 15)


def mails(kind: str) -> list[Delivery]:
    """Return the mails of a kind that wait, oldest first."""
    return list(Delivery.objects.filter(kind=kind, channel="mail").order_by("id"))


def reasons(kind: str, *, at: datetime = DUE) -> list[str]:
    """Return, for each mail of a kind, why it is not sent, or "" where it is."""
    waiting = mails(kind)
    found = still_stands(waiting, at=at)
    assert set(found) <= {one.pk for one in waiting}
    return [found.get(one.pk, "") for one in waiting]


def sent(cast: make.Cast) -> None:
    """Send the update that is owed."""
    make.sent(update_of(cast), by=cast.ilo_focal_point, at=DUE)


def approved(cast: make.Cast) -> None:
    """Send and approve it."""
    sent(cast)
    make.approved(update_of(cast), by=cast.coordinator, at=DUE)


def returned(cast: make.Cast) -> None:
    """Send it, and return it with a new due date."""
    sent(cast)
    back = {"note": "Say where.", "due_on": NEW_DUE}
    make.do("return", update_of(cast), by=cast.coordinator, at=DUE, **back)


def waived(cast: make.Cast) -> None:
    """Waive it."""
    make.do("waive", update_of(cast).duty, by=cast.coordinator, at=DUE, note="A fire.")


def closed(cast: make.Cast) -> None:
    """Close its round."""
    make.do("close", update_of(cast).duty.round, by=cast.coordinator, at=DUE, note="Done.")


def given_time(cast: make.Cast) -> None:
    """Give it another due date."""
    facts = {"note": "A holiday.", "due_on": NEW_DUE}
    make.do("set_due", update_of(cast).duty, by=cast.coordinator, at=DUE, **facts)


def update_of(cast: make.Cast) -> make.Update:
    """Return the one update of the ILO."""
    return make.Update.objects.with_place().get(duty__assignment__agency=cast.ilo)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda cast: None, ""),
        (sent, "The update was sent."),
        (approved, "The update was approved."),
        (returned, "It has another due date now."),
        (waived, "The update was waived."),
        (closed, "The round is closed."),
        (given_time, "It has another due date now."),
    ],
)
def test_a_reminder_of_an_update_holds_until_it_is_owed_no_more(
    cast: make.Cast, happens: Callable[[make.Cast], None], reason: str
) -> None:
    update = make.owed(cast)
    remind(at=DUE)
    chase = Cause(
        key="chase:1:2026-05-31",
        kind="chased",
        framework_id=cast.framework.pk,
        subject=update.duty,
        facts={"due_on": "2026-05-31", "note": ""},
    )
    deliveries.tell([(chase, [cast.ilo_focal_point])], at=DUE)
    happens(cast)

    assert reasons("due") == [reason] * 3
    assert reasons("chased") == [reason]


def test_a_newer_reminder_takes_the_place_of_an_older_one(cast: make.Cast) -> None:
    make.owed(cast)
    remind(at=DUE - timedelta(days=3))
    remind(at=DUE)
    assert reasons("due") == ["A newer reminder took its place."] * 3 + [""] * 3

    Delivery.objects.filter(facts__rung=0).update(state="suppressed", because="No right.")
    assert reasons("due")[:3] == [""] * 3


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("accept", "The proposal waits for no answer any more."),
        ("withdraw", "The proposal waits for no answer any more."),
        ("consider", ""),
    ],
)
def test_a_reminder_of_an_answer_holds_until_it_is_given(
    cast: make.Cast, verb: str, reason: str
) -> None:
    proposal = make.proposed(cast, respond_by=date(2026, 5, 18))
    remind(at=DUE)
    by = cast.coordinator if verb == "withdraw" else cast.ilo_focal_point
    make.do(verb, proposal, by=by, at=DUE, note="Under a new mandate.")

    assert reasons("answer_owed") == [reason] * 3


def test_a_reminder_of_an_answer_holds_for_its_date_only(cast: make.Cast) -> None:
    proposal = make.proposed(cast, respond_by=date(2026, 5, 18))
    remind(at=DUE)
    type(proposal).objects.update(respond_by=NEW_DUE)

    assert reasons("answer_owed") == ["The answer is due on another day now."] * 3


def test_a_vacant_agency_is_told_until_somebody_acts(cast: make.Cast) -> None:
    make.owed(cast)
    Membership.objects.filter(agency=cast.ilo).update(until_on=date(2026, 5, 5))
    remind(at=DUE)
    assert reasons("vacant") == ["", ""]

    make.person("New focal point", of=cast.ilo)
    assert reasons("vacant") == ["Somebody acts for the agency now."] * 2


def test_what_was_read_and_left_is_told_until_somebody_goes_on_with_it(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    reading.claim_reading(update, by=cast.coordinator, at=make.NOW)
    remind(at=DUE)
    assert reasons("claimed_long", at=DUE + timedelta(days=2)) == [""]
    over = ["It was decided on, or is read anew."]

    reading.claim_reading(update, by=cast.coordinator, at=DUE)
    assert reasons("claimed_long") == over
    ReviewClaim.objects.update(claimed_at=make.NOW)
    assert reasons("claimed_long") == [""]
    make.do("withdraw", update, by=cast.ilo_focal_point, at=DUE, note="A wrong figure.")
    assert reasons("claimed_long") == over
    make.sent(update, by=cast.ilo_focal_point, at=DUE)
    assert reasons("claimed_long") == over


def test_a_round_that_closes_soon_is_told_until_it_is_closed_or_extended(cast: make.Cast) -> None:
    round = make.open_round(cast)
    soon = datetime.combine(date(2026, 6, 24), time(1), tzinfo=UTC)
    remind(at=soon)
    assert reasons("closing") == ["", ""]

    dates = {"due_on": NEW_DUE, "closes_on": date(2026, 7, 31), "note": "A holiday."}
    make.do("extend", round, by=cast.coordinator, at=make.NOW, **dates)
    assert reasons("closing") == ["The round closes on another day now."] * 2
    make.do("close", round, by=cast.coordinator, at=soon, note="Done.")
    assert reasons("closing") == ["The round is closed."] * 2


def test_the_week_in_numbers_and_what_is_no_reminder_always_stand(cast: make.Cast) -> None:
    make.open_round(cast)
    remind(at=DUE)

    assert reasons("summary") == ["", ""]
    assert still_stands([Delivery(pk=7, kind="approved", facts={})], at=DUE) == {}


def test_any_number_of_reminders_takes_the_same_queries(
    cast: make.Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    make.owed(cast)
    make.proposed(cast, agency=cast.iom, role="supporting", respond_by=date(2026, 5, 18))
    for days in (-14, -3, 0, 3):
        remind(at=DUE + timedelta(days=days))
    waiting = list(Delivery.objects.filter(channel="mail"))
    assert len(waiting) > 12

    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        still_stands(waiting, at=DUE)
