"""From what happened to who is told: reads the event log in its one order, each event once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from agencies.models import Cursor, Event, User
from recommendations.models import Submission, Untold
from recommendations.notify import deliveries, failures, settling, subjects
from recommendations.notify.audiences import Audiences
from recommendations.notify.deliveries import Cause
from recommendations.notify.notices import BY_EVENT

READER = "fan-out"
BATCH = 500
OLD_NEWS = timedelta(days=30)
"""What happened longer ago is passed over: a site that was restored tells nobody of last year."""

LEADS = ("update", "round", "assignment")
FOLLOWS = {("duty", "due_date_changed"), ("duty", "waived")}
"""What happens to a duty along with something that is told already."""


def fan_out(*, at: datetime) -> int:
    """Write the deliveries of the next events; return how many events were read.

    The cursor moves in the transaction that writes them: no event is told twice or lost. Two
    readers at once read one after the other. An event that cannot be told is set aside, with
    the error, and the others go on.
    """
    Cursor.objects.get_or_create(name=READER)
    with transaction.atomic():
        Cursor.objects.filter(name=READER).update(position=F("position"))
        since = Cursor.objects.get(name=READER).position
        events = list(
            Event.objects.filter(place__position__gt=since)
            .select_related("place", "actor")
            .order_by("place__position")[:BATCH]
        )
        if events:
            _done, errors = failures.apart(lambda some: tell(some, at=at), events)
            Untold.objects.bulk_create(
                Untold(event_id=pk, failed_at=at, because=because) for pk, because in errors.items()
            )
            last = events[-1].place.position
            Cursor.objects.filter(name=READER).update(position=last, moved_at=at)
    return len(events)


def tell(events: Sequence[Event], *, at: datetime) -> None:
    """Write what these events tell and settle what they end, all of it or nothing."""
    fresh = [event for event in events if event.at > at - OLD_NEWS]
    with transaction.atomic():
        deliveries.tell(told(fresh, at=at), at=at)
        settling.settle(events, at=at)


def tell_again(untold: Untold, *, by: User, note: str, at: datetime) -> None:
    """Tell what could not be told, to those whom it concerns today, however old it is.

    Raises what goes wrong this time; the event stays set aside.
    """
    event = Event.objects.select_related("place", "actor").get(pk=untold.event_id)
    with transaction.atomic():
        deliveries.tell(told([event], at=at), at=at)
        settling.settle([event], at=at)
        Untold.objects.filter(pk=untold.pk).update(told_at=at, told_by=by, note=note)


def told(events: Sequence[Event], *, at: datetime) -> Iterable[tuple[Cause, list[User]]]:
    """Yield each event that is told to somebody, with whom; never the person who did it."""
    about = [event for event in events if (event.object_type, event.verb) in BY_EVENT]
    said_already = followers(about) | agreeing(about)
    about = [event for event in about if event.pk not in said_already]
    found = subjects.load((event.object_type, event.object_id) for event in about)
    agencies = (subjects.agency_of(subject) for subject in found.values())
    audiences = Audiences(at, agencies={agency.pk for agency in agencies if agency})
    for event in about:
        subject = found.get((event.object_type, event.object_id))
        if subject is None:
            continue
        notice = BY_EVENT[event.object_type, event.verb]
        cause = Cause(
            key=f"event:{event.pk}",
            kind=notice.kind,
            framework_id=subjects.framework_id_of(subject),
            event=event,
            subject=subject,
            facts={"verb": event.verb},
        )
        people = audiences.of(notice, subject)
        yield cause, [user for user in people if user.pk != event.actor_id]


def followers(events: Sequence[Event]) -> set[int]:
    """Return the events of duties that only follow from another that is told; one query."""
    following = [event for event in events if (event.object_type, event.verb) in FOLLOWS]
    if not following:
        return set()
    leading = set(
        Event.objects.filter(
            at__in={event.at for event in following}, object_type__in=LEADS
        ).values_list("at", "actor_id")
    )
    return {event.pk for event in following if (event.at, event.actor_id) in leading}


def agreeing(events: Sequence[Event]) -> set[int]:
    """Return the assessments that say what the agency says: no news for it; one query."""
    assessed = {event.pk: json.loads(event.content) for event in events if event.verb == "assessed"}
    if not assessed:
        return set()
    claims = dict(
        Submission.objects.filter(
            pk__in={content["submission"] for content in assessed.values()}
        ).values_list("pk", "status")
    )
    return {
        pk
        for pk, content in assessed.items()
        if claims.get(content["submission"]) == content["status"]
    }
