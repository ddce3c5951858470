"""Who asks the API, in which roles, with which token, and when: worked out once a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.utils import timezone

from agencies.access import NOBODY, Person, Roles, roles_from
from agencies.fixed import Fixed
from agencies.models import Appointment, Membership, Token, User
from recommendations.domain import access
from recommendations.models import Framework
from recommendations.reporting.facts import Scope


class SignInNeeded(Exception):
    """This is for people and systems that are signed in (HTTP 401)."""


class ScopeMissing(Exception):
    """The token does not reach this far (HTTP 403). Says which scope it needs."""

    def __init__(self, message: str, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


@dataclass(frozen=True)
class Known:
    """A framework as every request knows it: its address, and how far its counters are."""

    slug: str
    counter: int
    public_counter: int


@dataclass(frozen=True)
class Reader:
    """The person behind a request, what they are today, and the frameworks there are.

    With a token the person is never more than they are themselves: bound to an agency they
    act for that one alone, and hold no office. `roles` are those to read with.
    """

    person: Person
    roles: Roles
    at: datetime
    token: Token | None = None
    frameworks: Mapping[int, Known] = field(default_factory=dict)

    @property
    def user(self) -> User:
        """Return the person who is signed in; raises SignInNeeded for anybody else."""
        if not isinstance(self.person, User):
            raise SignInNeeded
        return self.person

    @property
    def owner(self) -> str:
        """Return under which name what is repeated or counted is kept: the token, the person."""
        return f"token:{self.token.pk}" if self.token else f"person:{self.user.pk}"

    @property
    def acting(self) -> Roles:
        """Return the roles to write with: those that the scopes of the token leave."""
        scopes = self.token.scopes if self.token else Token.Scope.values
        return narrowed(self.roles, scopes)

    @property
    def sees_inside(self) -> bool:
        """Say whether something that is not public may exist for this person."""
        return self.roles.has_part

    def scope_of(self, framework_id: int, agency_id: int | None = None) -> Scope:
        """Return whose figures the person sees: inside for those who oversee the framework."""
        inside = access.sees_inside(self.roles, framework_id) or self.roles.is_in(agency_id)
        return Scope.INSIDE if inside else Scope.PUBLIC


def narrowed(roles: Roles, scopes: Any) -> Roles:
    """Return the roles that these scopes let a token use for writing."""
    nothing: frozenset[Any] = frozenset()
    report = Token.Scope.REPORT in scopes
    return replace(
        roles,
        agencies=roles.agencies if report else nothing,
        clears=roles.clears if report else nothing,
        coordinates=roles.coordinates if Token.Scope.REVIEW in scopes else nothing,
        administers=roles.administers if Token.Scope.ADMIN in scopes else nothing,
    )


def bound(roles: Roles, agency_id: int) -> Roles:
    """Return the roles of a token that is bound to one agency: that one, and no office."""
    only = frozenset({agency_id})
    return Roles(user_id=roles.user_id, agencies=roles.agencies & only, clears=roles.clears & only)


def reader_of(person: Person, token: Token | None) -> Reader:
    """Return who asks; one query."""
    at = timezone.now()
    signed_in = person if isinstance(person, User) and person.is_active else None
    rows = (
        FRAMEWORKS.rows() if signed_in is None else STANDING.rows(user=signed_in.pk, day=at.date())
    )
    roles = NOBODY
    if signed_in is not None:
        places = {(pk, word) for kind, word, pk, *_ in rows if kind == "membership"}
        offices = [(word, pk) for kind, word, pk, *_ in rows if kind == "appointment"]
        roles = roles_from(signed_in.pk, places, offices)
        if token is not None and token.agency_id is not None:
            roles = bound(roles, token.agency_id)
    frameworks = {
        pk: Known(word, *counters) for kind, word, pk, *counters in rows if kind == "framework"
    }
    return Reader(person, roles, at, token, frameworks)


def alike(
    kind: str, rows: QuerySet[Any], word: str, pk: str, *, counted: bool = False
) -> QuerySet[Any, Any]:
    """Return rows of any kind in the one shape that a union needs."""
    none = Value(0, output_field=IntegerField())
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            its_kind=Value(kind, output_field=CharField()),
            its_word=F(word),
            its_id=F(pk),
            inside=F("counter") if counted else none,
            outside=F("public_counter") if counted else none,
        )
        .values_list("its_kind", "its_word", "its_id", "inside", "outside")
    )
    return found


def standing(user: int, day: date) -> QuerySet[Any, Any]:
    """Return the frameworks, and what a person is on a day."""
    places = Membership.objects.on(day).filter(user=user)
    offices = Appointment.objects.on(day).filter(user=user)
    return frameworks().union(
        alike("membership", places, "capacity", "agency_id"),
        alike("appointment", offices, "office", "framework_id"),
        all=True,
    )


def frameworks() -> QuerySet[Any, Any]:
    """Return the frameworks, and how far their counters are."""
    return alike("framework", Framework.objects.all(), "slug", "id", counted=True)


STANDING = Fixed(standing, user=int, day=date)
FRAMEWORKS = Fixed(frameworks)
