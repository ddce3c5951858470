"""The database refuses impossible rows: people, agencies, the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from agencies.models import (
    Agency,
    AgencyCode,
    Appointment,
    Cursor,
    Event,
    EventPosition,
    GroupMembership,
    Handover,
    Membership,
    Token,
    WorkingGroup,
)
from tests import make
from tests.impossible import change, names_of, refusal, refused_by, twin

EARLIER = make.START.replace(year=2019)


def some_group(cast: make.Cast) -> GroupMembership:
    """Return the place of the ILO in a group."""
    group = WorkingGroup.objects.create(code="gmg", name="Group", kind="interagency_group")
    return GroupMembership.objects.create(
        group=group, agency=cast.ilo, role="member", from_on=make.START
    )


def second_position(cast: make.Cast, **changes: object) -> None:
    """Give an event a place that is taken."""
    first, second = Event.objects.order_by("id")[:2]
    EventPosition.objects.create(event=first, position=1)
    EventPosition.objects.create(**{"event": second, "position": 2, **changes})


def second_cursor(cast: make.Cast) -> None:
    """Make a reader of the log twice."""
    Cursor.objects.create(name="numberer")
    Cursor.objects.create(name="numberer")


def taken_old_code(cast: make.Cast) -> None:
    """Give two agencies the same old code."""
    AgencyCode.objects.create(agency=cast.ilo, code="BIT")
    AgencyCode.objects.create(agency=cast.iom, code="bit")


def office(cast: make.Cast) -> Appointment:
    """Return the appointment of the coordinator."""
    return cast.coordinator.appointments.get()


def membership(cast: make.Cast) -> Membership:
    """Return the membership of the focal point."""
    return cast.ilo_focal_point.memberships.get()  # type: ignore[no-any-return]


def handover(cast: make.Cast) -> Handover:
    """Return a hand-over from the focal point to the alternate."""
    return Handover.objects.create(
        agency=cast.ilo,
        from_user=cast.ilo_focal_point,
        to_user=cast.ilo_alternate,
        from_on=make.START,
        until_on=make.START,
    )


def token(cast: make.Cast) -> Token:
    """Return a token of the focal point."""
    given = {"name": "Script", "secret_hash": "a", "made_at": make.NOW}
    return Token.objects.create(user=cast.ilo_focal_point, expires_at=make.later(days=1), **given)


IMPOSSIBLE: dict[str, Callable[[make.Cast], None]] = {
    "agency_code_unique": lambda cast: twin(cast.ilo, code="ilo"),
    "agency_code_url_safe": lambda cast: change(cast.ilo, code="I/LO"),
    "agency_old_code_unique": taken_old_code,
    "agency_merged_is_not_active": lambda cast: change(cast.ilo, merged_into=cast.iom.pk),
    "group_membership_from_until": lambda cast: change(some_group(cast), until_on=EARLIER),
    "group_membership_unique": lambda cast: twin(some_group(cast)),
    "WorkingGroup.code": lambda cast: twin(some_group(cast).group),
    "user_email_unique": lambda cast: twin(cast.stranger, email="STRANGER@example.org"),
    "User.email": lambda cast: twin(cast.stranger),
    "membership_from_until": lambda cast: change(membership(cast), until_on=EARLIER),
    "membership_one_without_end": lambda cast: twin(membership(cast), capacity="alternate"),
    "handover_from_until": lambda cast: change(handover(cast), until_on=EARLIER),
    "handover_to_another_person": lambda cast: change(
        handover(cast), to_user=cast.ilo_focal_point.pk
    ),
    "handover_ended_by_whom_when": lambda cast: change(handover(cast), ended_at=make.NOW),
    "handover_of_an_agency_or_of_an_office": lambda cast: change(
        handover(cast), framework=cast.framework.pk
    ),
    "appointment_from_until": lambda cast: change(office(cast), until_on=EARLIER),
    "appointment_one_without_end": lambda cast: twin(office(cast)),
    "event_number_unique": lambda cast: twin(Event.objects.order_by("id")[0], verb="invented"),
    "event_number_from_one": lambda cast: twin(Event.objects.order_by("id")[0], number=0),
    "EventPosition.event": lambda cast: second_position(
        cast, event=Event.objects.order_by("id")[0]
    ),
    "EventPosition.position": lambda cast: second_position(cast, position=1),
    "Cursor.name": second_cursor,
    "token_has_a_name": lambda cast: change(token(cast), name=""),
    "token_expires_after_it_was_made": lambda cast: change(token(cast), expires_at=make.NOW),
    "Token.secret_hash": lambda cast: twin(token(cast)),
}


@pytest.mark.parametrize("name", sorted(IMPOSSIBLE))
def test_an_impossible_row_is_refused(cast: make.Cast, name: str) -> None:
    said = refusal(lambda: IMPOSSIBLE[name](cast))

    assert refused_by(name, said), said


def test_every_constraint_is_tried() -> None:
    assert set(IMPOSSIBLE) == names_of("agencies")


def test_a_number_below_zero_is_refused_where_only_positive_ones_can_be(
    cast: make.Cast,
) -> None:
    said = refusal(lambda: Agency.objects.filter(pk=cast.ilo.pk).update(version=-1))

    assert "version" in said


def test_people_and_agencies_with_a_history_are_not_removed(cast: make.Cast) -> None:
    for row in (cast.ilo, cast.ilo_focal_point):
        said = refusal(
            lambda row=row: type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
        )  # type: ignore[misc]
        if connection.vendor == "postgresql":
            assert "violates foreign key constraint" in said
        with pytest.raises(Exception, match="protected foreign keys"):
            row.delete()
