"""Whose log each person reads: a literal table, and the same rule as a queryset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agencies.access import roles_of
from agencies.models import Event, GroupMembership, Handover, User, Versioned, WorkingGroup
from recommendations.domain import logs
from recommendations.models import (
    Action,
    Assignment,
    Duty,
    KeyElement,
    Question,
    Round,
    Update,
    Webhook,
)
from tests import make

ACTORS = (
    "focal point",
    "other focal point",
    "coordinator",
    "administrator",
    "observer",
    "stranger",
)
INSIDE = (True, False, True, True, False, False)
OVERSEERS = (False, False, True, True, False, False)
READS: dict[str, tuple[bool, ...]] = {
    "framework": OVERSEERS,
    "priorityarea": OVERSEERS,
    "action": OVERSEERS,
    "keyelement": OVERSEERS,
    "question": OVERSEERS,
    "round open": (True, True, True, True, False, False),
    "round planned": OVERSEERS,
    "assignment": INSIDE,
    "duty": INSIDE,
    "update": INSIDE,
    "agency": INSIDE,
    "workinggroup": OVERSEERS,
    "groupmembership": OVERSEERS,
    "user, of the agency": (True, False, False, True, False, False),
    "user, stranger": (False, False, False, True, False, True),
    "membership": INSIDE,
    "appointment of the coordinator": (False, False, True, True, False, False),
    "appointment of the administrator": (False, False, False, True, False, False),
    "handover of the agency": INSIDE,
    "webhook of the agency": OVERSEERS,
}
"""Everything is the ILO's, and so is the focal point; "other" is of another agency."""


def person(cast: make.Cast, actor: str) -> User:
    """Return the person who is meant."""
    return {
        "focal point": cast.ilo_focal_point,
        "other focal point": cast.iom_focal_point,
        "coordinator": cast.coordinator,
        "administrator": cast.administrator,
        "observer": cast.observer,
        "stranger": cast.stranger,
    }[actor]


@pytest.fixture
def objects(cast: make.Cast) -> dict[str, Versioned]:
    """Return one object for each row of the table."""
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    group = WorkingGroup.objects.create(code="GMG", name="Group", kind="interagency_group")
    handover = Handover.objects.create(
        agency=cast.ilo,
        from_user=cast.ilo_focal_point,
        to_user=cast.ilo_alternate,
        from_on=make.START,
        until_on=make.START,
    )
    framework = cast.framework
    return {
        "framework": framework,
        "priorityarea": cast.area,
        "action": cast.action,
        "keyelement": KeyElement.objects.create(framework=framework, code="a", text="T", order=1),
        "question": Question.objects.create(framework=framework, number=1, heading="H", text="T"),
        "round open": update.duty.round,
        "round planned": make.planned_round(framework, "2026-H2"),
        "assignment": Assignment.objects.get(),
        "duty": Duty.objects.get(),
        "update": update,
        "agency": cast.ilo,
        "workinggroup": group,
        "groupmembership": GroupMembership.objects.create(
            group=group, agency=cast.ilo, role="member"
        ),
        "user, of the agency": cast.ilo_focal_point,
        "user, stranger": cast.stranger,
        "membership": cast.ilo_focal_point.memberships.get(),
        "appointment of the coordinator": cast.coordinator.appointments.get(),
        "appointment of the administrator": cast.administrator.appointments.get(),
        "handover of the agency": handover,
        "webhook of the agency": Webhook.objects.create(
            framework=framework,
            agency=cast.ilo,
            address="https://hooks.example.org/",
            registered_at=make.NOW,
        ),
    }


def test_each_person_reads_the_logs_that_the_table_says(
    cast: make.Cast, objects: dict[str, Versioned]
) -> None:
    roles = [roles_of(person(cast, actor), at=make.NOW) for actor in ACTORS]

    assert {
        name: tuple(logs.reads_events(one, obj) for one in roles) for name, obj in objects.items()
    } == READS


def test_every_kind_of_the_log_is_in_the_table(objects: dict[str, Versioned]) -> None:
    tried = {str(obj._meta.model_name) for obj in objects.values()}

    assert set(logs.kinds()) - tried == {"milestone"}


def test_the_events_of_an_object_are_visible_to_those_who_read_its_log_alone(
    cast: make.Cast, objects: dict[str, Versioned]
) -> None:
    for name, obj in objects.items():
        of_it = Event.objects.filter(object_type=obj._meta.model_name, object_id=obj.pk)
        for actor, reads in zip(ACTORS, READS[name], strict=True):
            events = logs.visible_events(roles_of(person(cast, actor), at=make.NOW), obj)
            if not name.startswith("round"):
                assert set(events) == (set(of_it) if reads else set()), (name, actor)


def test_what_was_planned_of_a_round_stays_with_those_who_planned_it(
    cast: make.Cast, objects: dict[str, Versioned]
) -> None:
    round = objects["round open"]

    def verbs(user: User) -> list[str]:
        events = logs.visible_events(roles_of(user, at=make.NOW), round)
        return list(events.order_by("number").values_list("verb", flat=True))

    assert verbs(cast.coordinator) == ["created", "opened"]
    assert verbs(cast.ilo_focal_point) == ["opened"]
    assert verbs(cast.observer) == []


Parts = Callable[[User, Versioned], set[tuple[str, int]]]


@pytest.fixture
def parts() -> Parts:
    """Return what the events of an object with its parts are about, for a person."""

    def about(user: User, obj: Versioned) -> set[tuple[str, int]]:
        events = logs.visible_events(roles_of(user, at=make.NOW), obj, with_parts=True)
        return set(events.values_list("object_type", "object_id"))

    return about


def test_what_belongs_to_an_object_comes_with_it_as_far_as_its_reader_may(
    cast: make.Cast, parts: Parts
) -> None:
    ilo = make.accepted(cast, role="co_lead")
    iom = make.proposed(cast, agency=cast.iom, role="co_lead")
    update = make.update_in(make.open_round(cast), ilo)
    action, round = Action.objects.get(), Round.objects.get()
    of_ilo = {
        ("assignment", ilo.pk),
        ("duty", update.duty_id),
        ("update", update.pk),
    }

    assert parts(cast.coordinator, action) == of_ilo | {
        ("assignment", iom.pk),
        ("action", action.pk),
    }
    assert parts(cast.ilo_focal_point, ilo) == of_ilo
    assert parts(cast.iom_focal_point, ilo) == set()
    assert parts(cast.iom_focal_point, round) == {("round", round.pk)}
    assert parts(cast.ilo_focal_point, round) == {("round", round.pk)} | (
        of_ilo - {("assignment", ilo.pk)}
    )
    assert parts(cast.ilo_focal_point, update) == of_ilo - {("assignment", ilo.pk)}


def test_a_person_reads_of_their_own_roles_and_an_administrator_of_all(
    cast: make.Cast, parts: Parts
) -> None:
    someone: Any = cast.ilo_coordinator
    expected = {
        ("user", someone.pk),
        ("membership", someone.memberships.get().pk),
        ("appointment", someone.appointments.get().pk),
    }

    assert parts(someone, someone) == parts(cast.administrator, someone) == expected
    assert parts(cast.ilo_focal_point, someone) == set()


def test_an_administrator_of_another_framework_reads_nothing_of_this_one(cast: make.Cast) -> None:
    other = make.framework("another", is_default=False)
    guest = make.person("Guest")
    guest.appointments.create(office="administrator", framework=other, from_on=make.START)
    roles = roles_of(guest, at=make.NOW)
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)

    for obj in (cast.framework, cast.action, update, update.duty, update.duty.round):
        assert not logs.reads_events(roles, obj)
    assert not logs.reads_events(roles, cast.coordinator.appointments.get())
    assert logs.reads_events(roles, other)


def test_an_update_of_nobody_is_read_by_nobody(cast: make.Cast) -> None:
    update = Update.objects.get(pk=make.owed(cast).pk)

    assert not logs.reads_events(roles_of(None, at=make.NOW), update)
