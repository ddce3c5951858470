"""The event log: one event for each change, chained, foldable, and found out when touched."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, transaction

from agencies import history, revisions
from agencies.models import Agency, Event
from tests import make


def change_name(agency: Agency, name: str, *, at: datetime = make.NOW) -> Event:
    """Rename an agency and return the event of it."""
    revisions.revise(
        agency, values={"name": name}, by=None, at=at, note="As adopted.", version=agency.version
    )
    return history.of(agency).last()  # type: ignore[return-value]


def broken(agency: Agency) -> list[str]:
    """Return what is wrong with the chain of an agency."""
    return history.broken_links(history.of(agency))


def test_an_event_says_who_did_what_when_and_why(cast: make.Cast) -> None:
    revisions.revise(
        cast.ilo,
        values={"active": False},
        by=cast.administrator,
        at=make.later(hours=1),
        note="It was closed.",
        version=1,
    )
    event = history.of(cast.ilo).get(number=2)

    assert (event.object_type, event.object_id, event.framework_id) == ("agency", cast.ilo.pk, None)
    assert (event.verb, event.actor, event.on_behalf_of) == ("revised", cast.administrator, None)
    assert (event.at, event.note) == (make.later(hours=1), "It was closed.")
    assert event.content == '{"set":{"active":false}}'


def test_an_event_carries_the_hash_of_a_text_and_never_the_text(cast: make.Cast) -> None:
    event = change_name(cast.ilo, "Międzynarodowa Organizacja Pracy")

    assert "Organizacja" not in event.content
    assert json.loads(event.content) == {
        "set": {"name": {"sha256": history.sha256("Międzynarodowa Organizacja Pracy")}}
    }


def test_no_event_holds_a_name_or_an_address(cast: make.Cast) -> None:
    make.owed(cast)
    contents = " ".join(Event.objects.values_list("content", flat=True))

    assert [word for word in ("@example.org", "focal point", "Official") if word in contents] == []


def test_events_are_numbered_and_chained_by_object(cast: make.Cast) -> None:
    change_name(cast.ilo, "First")
    change_name(cast.ilo, "Second")
    first, second, third = history.of(cast.ilo)

    assert [event.number for event in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert broken(cast.ilo) == []


def test_folding_the_events_gives_the_row(cast: make.Cast) -> None:
    change_name(cast.ilo, "First")
    change_name(cast.ilo, "Second")
    cast.ilo.refresh_from_db()

    assert history.fold(cast.ilo) == {
        "code": "ILO",
        "acronym": {"sha256": history.sha256("ILO")},
        "name": {"sha256": history.sha256("Second")},
        "aliases": {"sha256": history.sha256("")},
        "category": "gmg",
        "clears_before_sending": False,
        "counted": True,
        "active": True,
    }
    assert history.unfaithful(cast.ilo) == {}


def test_a_row_changed_past_the_log_is_found(cast: make.Cast) -> None:
    Agency.objects.filter(pk=cast.ilo.pk).update(category="other_agency")
    cast.ilo.refresh_from_db()

    assert history.unfaithful(cast.ilo) == {"category": ("other_agency", "gmg")}


TAMPERING = {
    "note": "Another reason.",
    "content": '{"set":{}}',
    "verb": "approved",
    "at": make.NOW - timedelta(days=1),
    "framework_id": 99,
    "hash": "0" * 64,
    "previous_hash": "0" * 64,
    "number": 9,
}


@pytest.mark.parametrize("field", TAMPERING)
def test_an_event_that_was_touched_no_longer_fits_its_chain(cast: make.Cast, field: str) -> None:
    change_name(cast.ilo, "First")
    change_name(cast.ilo, "Second")
    events = list(history.of(cast.ilo))
    setattr(events[1], field, TAMPERING[field])

    assert history.broken_links(events) != []


@pytest.mark.parametrize("field", ["actor", "on_behalf_of"])
def test_an_event_under_another_name_no_longer_fits_its_chain(cast: make.Cast, field: str) -> None:
    change_name(cast.ilo, "First")
    events = list(history.of(cast.ilo))
    setattr(events[1], field, cast.stranger)

    assert len(history.broken_links(events)) == 1


def test_an_event_left_out_or_rehashed_is_missed(cast: make.Cast) -> None:
    change_name(cast.ilo, "First")
    change_name(cast.ilo, "Second")
    first, second, third = history.of(cast.ilo)
    second.note = "Another reason."
    second.hash = history.digest(second)

    assert len(history.broken_links([first, third])) == 2
    assert history.broken_links([first, second, third]) == [
        f"{third}: does not follow from the event before it"
    ]


def test_moments_of_any_offset_are_kept_as_the_same_moment(cast: make.Cast) -> None:
    geneva = timezone(timedelta(hours=2))
    event = change_name(cast.ilo, "First", at=datetime(2026, 5, 4, 12, tzinfo=geneva))

    assert event.at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert broken(cast.ilo) == []
    assert history.plain(datetime(2026, 5, 4, 12, tzinfo=geneva)) == "2026-05-04T10:00:00+00:00"
    assert history.plain(date(2026, 5, 4)) == "2026-05-04"


def test_recorded_time_never_runs_backwards_on_one_object(cast: make.Cast) -> None:
    change_name(cast.ilo, "First", at=make.later(hours=2))
    event = change_name(cast.ilo, "Second", at=make.later(hours=1))

    assert event.at == make.later(hours=2)
    named = cast.ilo.names.order_by("id").values_list("name", "recorded_at")
    assert list(named) == [
        ("Full name of ILO", make.NOW),
        ("First", make.later(hours=2)),
        ("Second", make.later(hours=2)),
    ]


def test_the_moment_of_a_change_is_the_latest_of_its_objects(cast: make.Cast) -> None:
    change_name(cast.ilo, "First", at=make.later(hours=2))

    assert history.moment([], at=make.NOW) == make.NOW
    assert history.moment([cast.ilo, cast.iom], at=make.NOW) == make.later(hours=2)
    assert history.moment([cast.ilo], at=make.later(hours=3)) == make.later(hours=3)


def test_one_change_has_one_event(cast: make.Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        history.append(cast.ilo, "revised", by=None, at=make.NOW)


def test_listeners_hear_of_events_after_the_commit(
    cast: make.Cast, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[object] = []

    def listen(sender: object, **kwargs: object) -> None:
        heard.append(sender)

    history.event_recorded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            change_name(cast.ilo, "First")
            assert heard == []
    finally:
        history.event_recorded.disconnect(listen)
    assert heard == [Event]


def test_a_listener_that_fails_harms_nobody(
    cast: make.Cast, django_capture_on_commit_callbacks: object
) -> None:
    def fail(**kwargs: object) -> None:
        raise RuntimeError

    history.event_recorded.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            event = change_name(cast.ilo, "First")
    finally:
        history.event_recorded.disconnect(fail)
    assert event.number == 2


def test_the_canonical_text_of_a_mapping_is_one() -> None:
    assert (
        history.canonical({"b": 1, "a": {"d": None, "c": "é"}}) == '{"a":{"c":"é","d":null},"b":1}'
    )
