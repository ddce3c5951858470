"""What the owner of a webhook may know of an event: asked when it is told and again when sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse

from agencies import history
from agencies.models import Event
from recommendations.domain.kinds import INSIDE, PUBLIC, Kind
from recommendations.models import (
    ACTIVE,
    AcceptanceAnswer,
    Assessment,
    Assignment,
    Decision,
    Publication,
    Round,
    Update,
    Webhook,
)
from recommendations.notify import subjects

Place = dict[str, str]
"""An agency on an action: their codes, and the address of the page that everybody can open."""
ABOUT = "submission__update__duty__assignment"


@dataclass(frozen=True)
class Heard:
    """What an owner hears: the kind, and what the call says beside it."""

    kind: Kind
    content: dict[str, Any]


class Hearing:
    """The rows behind some events, asked for once; at most ten queries, however many events."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = [one for one in events if (one.object_type, one.verb) in INSIDE]
        self.subjects = subjects.load((one.object_type, one.object_id) for one in self.events)
        self.published = self.texts(
            Publication.objects.exclude(submission__decisions__verb=Decision.Verb.RETRACT),
            "recorded_at",
            {("update", "approved"), ("round", "released")},
        )
        self.taken_out = self.texts(
            Decision.objects.filter(
                verb=Decision.Verb.RETRACT, submission__publication__isnull=False
            ),
            "decided_at",
            {("update", "retracted")},
        )
        self.assessed = self.shown_claims()
        self.dated = self.shown_dates()

    def texts(
        self, rows: QuerySet[Any], when: str, about: set[tuple[str, str]]
    ) -> dict[tuple[int, datetime], list[Assignment]]:
        """Return the assignments of texts by framework and the moment that something befell them.

        What an event of the log did, it did at its own moment.
        """
        moments = {one.at for one in self.events if (one.object_type, one.verb) in about}
        found: dict[tuple[int, datetime], list[Assignment]] = defaultdict(list)
        if not moments:
            return found
        rows = rows.filter(**{f"{when}__in": moments, f"{ABOUT}__isnull": False})
        pairs = list(rows.order_by(when, "pk").values_list(when, f"{ABOUT}_id"))
        known = Assignment.objects.select_related("action__framework", "agency").in_bulk(
            [pk for _moment, pk in pairs]
        )
        for moment, pk in pairs:
            found[known[pk].framework_id, moment].append(known[pk])
        return found

    def shown_claims(self) -> set[tuple[int, datetime]]:
        """Return which assessments rest on a text that is public: assignment and moment."""
        moments = {one.at for one in self.events if one.verb == "assessed"}
        if not moments:
            return set()
        rows = Assessment.objects.filter(
            recorded_at__in=moments, submission__publication__recorded_at__lte=F("recorded_at")
        ).exclude(submission__decisions__verb=Decision.Verb.RETRACT)
        return set(rows.values_list("assignment_id", "recorded_at"))

    def shown_dates(self) -> set[int]:
        """Return the events that set a target date of what was taken on at that moment."""
        dated = [one for one in self.events if one.verb == "target_date_changed"]
        if not dated:
            return set()
        answers: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        for pk, moment, acceptance in (
            AcceptanceAnswer.objects.filter(assignment__in={one.object_id for one in dated})
            .order_by("recorded_at", "id")
            .values_list("assignment_id", "recorded_at", "acceptance")
        ):
            answers[pk].append((moment, acceptance))
        until = {one.pk: [a for m, a in answers[one.object_id] if m <= one.at] for one in dated}
        return {pk for pk, found in until.items() if found and found[-1] in ACTIVE}

    def heard(self, webhook: Webhook, event: Event) -> Heard | None:
        """Return what the owner of a webhook may know of an event; None for nothing.

        An agency hears of its own objects and of the rounds, and of others only what the
        public can see: without the number of the event, which counts what is not public.
        """
        subject = self.subjects.get((event.object_type, event.object_id))
        if subject is None or event.framework_id != webhook.framework_id:
            return None
        kind = INSIDE[event.object_type, event.verb]
        if is_inside(webhook, subject, kind):
            return asked_for(webhook, kind, inside(event, subject))
        public = PUBLIC.get((event.object_type, event.verb))
        places = self.places(event, subject, webhook) if public else []
        return asked_for(webhook, public, {"places": places}) if public and places else None

    def places(self, event: Event, subject: subjects.Subject, webhook: Webhook) -> list[Place]:
        """Return where others see a difference: nowhere, or on whose actions, each once."""
        when = (webhook.framework_id, event.at)
        if isinstance(subject, Assignment):
            return [place(subject)] if self.is_shown(event, subject) else []
        found = (self.taken_out if event.verb == "retracted" else self.published)[when]
        if isinstance(subject, Update):
            mine = subject.duty.assignment
            found = [one for one in found if mine is not None and one.pk == mine.pk]
        return [place(one) for one in {one.pk: one for one in found if one.is_active}.values()]

    def is_shown(self, event: Event, assignment: Assignment) -> bool:
        """Say whether an event of an assignment is one that the public sees.

        Taking on and leaving is seen for ever; dates and assessments of what is taken on now.
        """
        if event.verb == "target_date_changed":
            return assignment.is_active and event.pk in self.dated
        if event.verb == "assessed":
            return assignment.is_active and (assignment.pk, event.at) in self.assessed
        return True


def is_inside(webhook: Webhook, subject: subjects.Subject, kind: Kind) -> bool:
    """Say whether an owner hears of an object as the people inside do."""
    if webhook.agency_id is None:
        return True
    if isinstance(subject, Round):
        return not kind.secretariat
    agency = subjects.agency_of(subject)
    return agency is not None and agency.pk == webhook.agency_id


def asked_for(webhook: Webhook, kind: Kind, content: dict[str, Any]) -> Heard | None:
    """Return what is told, if the webhook asks for this kind."""
    return Heard(kind, content) if not webhook.events or kind.name in webhook.events else None


def inside(event: Event, subject: subjects.Subject) -> dict[str, Any]:
    """Return what those inside are told: ids and codes, no text and no person."""
    assignment, round = subjects.assignment_of(subject), subjects.round_of(subject)
    agency = subjects.agency_of(subject)
    content: dict[str, Any] = {
        "verb": event.verb,
        "number": event.number,
        "object": {
            "type": event.object_type,
            "id": event.object_id,
            "address": address_of(subject),
        },
    }
    if round is not None:
        content["round"] = round.code
    if agency is not None:
        content["agency"] = agency.code
    if assignment is not None:
        content["action"] = assignment.action.code
    return content


def place(assignment: Assignment) -> Place:
    """Return an agency on an action, with its public page."""
    return {
        "agency": assignment.agency.code,
        "action": assignment.action.code,
        "address": thread_page(assignment),
    }


def thread_page(assignment: Assignment) -> str:
    """Return the whole address of the page of an agency on an action."""
    action = assignment.action
    return whole("thread", action.framework.slug, action.code, assignment.agency.code)


def address_of(subject: subjects.Subject) -> str:
    """Return the whole address of the page about an object."""
    if isinstance(subject, Update):
        return whole("update", subject.pk)
    assignment, round = subjects.assignment_of(subject), subjects.round_of(subject)
    if assignment is not None:
        return thread_page(assignment)
    return whole("round-detail", round.framework.slug, round.code) if round else ""


def whole(name: str, *parts: Any) -> str:
    """Return a whole address of this site."""
    return settings.BASE_URL.rstrip("/") + reverse(name, args=parts)


def body_of(heard: Heard, webhook: Webhook, event: Event, *, position: int) -> str:
    """Return the canonical JSON text of a call: sorted keys, no spaces, UTF-8."""
    content = heard.content | {
        "event": event.pk,
        "position": position,
        "framework": webhook.framework.slug,
    }
    return history.canonical(
        {"type": heard.kind.name, "timestamp": history.plain(event.at), "data": content}
    )


def ping_body(webhook: Webhook, made_at: datetime) -> str:
    """Return the canonical JSON text of a test call."""
    content = {"framework": webhook.framework.slug}
    return history.canonical({"type": "ping", "timestamp": history.plain(made_at), "data": content})
