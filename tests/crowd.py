"""Many agencies with many focal points, and something that all of one are told."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Cursor, Event, Membership, User
from recommendations.models import Action, Assignment, Delivery, Message
from recommendations.notify import passes
from recommendations.web import kept
from tests import make
from tests.site import Site


def people(of: Agency, count: int) -> list[User]:
    """Give an agency so many more focal points."""
    made = User.objects.bulk_create(
        User(
            email=f"{of.code.lower()}-{number}@example.org",
            name=f"Person {number} of {of.code}",
            version=1,
        )
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(
            user=person,
            agency=of,
            capacity=Membership.Capacity.FOCAL_POINT,
            from_on=make.START,
        )
        for person in made
    )
    return made


def agencies(count: int, *, with_people: int) -> list[Agency]:
    """Make agencies with so many focal points each."""
    made = [make.agency(f"X{number}") for number in range(count)]
    for agency in made:
        people(agency, with_people)
    return made


def forget_all() -> None:
    """Pass over all that has happened so far."""
    passes.positions.number_events(at=timezone.now())
    numbered = Cursor.objects.get(name="numberer").position
    Cursor.objects.update_or_create(name="fan-out", defaults={"position": numbered})


def propose(cast: make.Cast, to: Agency) -> None:
    """Let something happen that every focal point of an agency is told."""
    facts = {"agency": to, "role": "supporting"}
    make.do("assign", cast.action, by=cast.coordinator, at=timezone.now(), **facts)


def unsent() -> bool:
    """Say whether something is still to be read, told or sent now; digests may wait for theirs."""
    now = timezone.now()
    waiting = Delivery.objects.filter(channel="mail", state="waiting", ready_at__lte=now)
    cursors = dict(Cursor.objects.values_list("name", "position"))
    return (
        Event.objects.filter(place__isnull=True).exists()
        or cursors["numberer"] != cursors["fan-out"]
        or waiting.exists()
        or Message.objects.filter(state="waiting").exists()
    )


def cookies_of(user: User) -> str:
    """Return the cookie of a person who has signed in."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


@dataclass
class Proposer:
    """A coordinator who proposes an action to one agency after another over HTTP."""

    site: Site
    coordinator: User
    cookies: str
    action: Action
    answers: list[int]

    def propose(self, to: Agency) -> int:
        """Propose the action to an agency once, and return the status of the answer."""
        version = Action.objects.values_list("version", flat=True).get(pk=self.action.pk)
        status = self.site.ask(
            "POST",
            f"/f/hld-2013/actions/{self.action.code}/assign/",
            cookies=self.cookies,
            form={
                "writer": kept.signature(self.coordinator.pk),
                "version": version,
                "agency": to.pk,
                "role": "supporting",
            },
        )
        self.answers.append(status)
        return status

    def insist(self, agencies: Sequence[Agency]) -> None:
        """Propose it to these agencies, again and again where the web dies meanwhile."""
        for agency in agencies:
            until = time.monotonic() + 60
            while not Assignment.objects.filter(action=self.action, agency=agency).exists():
                assert time.monotonic() < until, f"still not proposed: {self.answers[-5:]}"
                try:
                    self.propose(agency)
                except OSError:
                    time.sleep(0.02)
