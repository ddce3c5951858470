"""Who asks the API, in which roles, with which token, and when: worked out once a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone

from agencies import tokens
from agencies.access import NOBODY, Person, Roles, roles_from
from agencies.fixed import Fixed
from agencies.listed import Listed
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


@dataclass(frozen=True)
class Standing:
    """What a person is on a day, as rows, and the frameworks there are."""

    places: list[tuple[str, int]]
    offices: list[tuple[str, int | None]]
    frameworks: list[tuple[str, int, int, int]]


@dataclass(frozen=True)
class Opened:
    """What a secret opened: a token with its person, and what that person is at the moment."""

    token: Token
    at: datetime
    standing: Standing


def beside(user: str, day: date) -> dict[str, Listed]:
    """Return what is read beside a row of which a column names the person."""
    places = Membership.objects.on(day).filter(user=OuterRef(user))
    offices = Appointment.objects.on(day).filter(user=OuterRef(user))
    return {
        "places": Listed(places, "capacity", "agency_id"),
        "offices": Listed(offices, "office", "framework_id"),
        "known": Listed(Framework.objects.all(), *KNOWN),
    }


KNOWN = ("slug", "id", "counter", "public_counter")
BESIDE = ("places", "offices", "known")
OF_TOKEN = Fixed(
    lambda secret_hash, at, day: (
        tokens.with_secret(secret_hash, at)
        .annotate(**beside("user", day))
        .values_list(*tokens.COLUMNS, *BESIDE)
    ),
    secret_hash=str,
    at=datetime,
    day=date,
)
OF_PERSON = Fixed(
    lambda user, day: (
        User.objects.filter(pk=user).annotate(**beside("pk", day)).values_list(*BESIDE)
    ),
    user=int,
    day=date,
)
OF_NOBODY = Fixed(lambda: Framework.objects.values_list(*KNOWN))


def opened_by(secret: str, *, at: datetime) -> Opened | None:
    """Return what a secret opens; one query."""
    if not tokens.may_open(secret):
        return None
    asked = {"secret_hash": tokens.hash_of(secret), "at": at, "day": at.date()}
    for row in OF_TOKEN.rows(**asked):
        token = tokens.token_of(row)
        return Opened(token, at, standing_of(row[-len(BESIDE) :]))
    return None


def standing_of(row: Any) -> Standing:
    """Return what stands beside a row."""
    return Standing(*([tuple(one) for one in listed or ()] for listed in row))


def reader_of(person: Person, opened: Opened | None) -> Reader:
    """Return who asks; at most one query, none where a secret was opened."""
    at = opened.at if opened else timezone.now()
    signed_in = person if isinstance(person, User) and person.is_active else None
    standing = Standing([], [], [])
    if opened is not None:
        standing = opened.standing
    elif signed_in is not None:
        for row in OF_PERSON.rows(user=signed_in.pk, day=at.date()):
            standing = standing_of(row)
    else:
        standing = Standing([], [], OF_NOBODY.rows())
    roles = NOBODY
    if signed_in is not None:
        places = {(agency, capacity) for capacity, agency in standing.places}
        roles = roles_from(signed_in.pk, places, standing.offices)
    token = opened.token if opened else None
    if token is not None and token.agency_id is not None:
        roles = bound(roles, token.agency_id)
    frameworks = {pk: Known(slug, *counters) for slug, pk, *counters in standing.frameworks}
    return Reader(person, roles, at, token, frameworks)
