"""Who asks, in which roles, and when: worked out once for each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from agencies.access import Person, Roles, roles_of
from agencies.models import User
from recommendations.models import Framework
from recommendations.web import kept


class SignInNeeded(Exception):
    """The page is for people who are signed in; the visitor is sent there and comes back.

    `page` is where to come back to, for addresses that only take forms.
    """

    def __init__(self, page: str = "") -> None:
        super().__init__()
        self.page = page


@dataclass(frozen=True)
class Visitor:
    """The person behind a request, what they are today, and the moment of the request."""

    person: Person
    roles: Roles
    at: datetime

    @property
    def today(self) -> date:
        """Return the day of the request, UTC."""
        return self.at.date()

    @property
    def user(self) -> User:
        """Return the signed-in person; raises SignInNeeded for anybody else."""
        if not isinstance(self.person, User):
            raise SignInNeeded
        return self.person

    @property
    def oversees_anything(self) -> bool:
        """Say whether the person coordinates or administers some framework."""
        return bool(self.roles.coordinates or self.roles.administers)


def visitor(request: HttpRequest) -> Visitor:
    """Return the visitor of a request; the roles are read once."""
    known: Visitor | None = getattr(request, "_visitor", None)
    if known is None:
        at = timezone.now()
        known = Visitor(request.user, roles_of(request.user, at=at), at)
        request._visitor = known  # type: ignore[attr-defined]
    return known


def signed_in(request: HttpRequest, *, page: str = "") -> Visitor:
    """Return the visitor of a page for people who are signed in; raises SignInNeeded.

    `page` is where others come back to, where this address only takes forms.
    """
    who = visitor(request)
    if who.roles.user_id is None:
        raise SignInNeeded(page)
    return who


def framework_at(slug: str) -> Framework:
    """Return the framework of an address, or 404."""
    return get_object_or_404(Framework, slug=slug)


def first_framework() -> Framework | None:
    """Return the framework that is shown where the address names none, if there is one."""
    return in_order(Framework.objects.all()).first()


def in_order(frameworks: QuerySet[Any]) -> QuerySet[Any]:
    """Sort frameworks: the default one first."""
    return frameworks.order_by("-is_default", "id")


def default_framework() -> Framework:
    """Return the framework that is shown where the address names none, or 404."""
    framework = first_framework()
    if framework is None:
        raise Http404
    return framework


def sign_in(request: HttpRequest, *, page: str = "") -> HttpResponse:
    """Send somebody to the sign-in page, and back afterwards, with what they typed."""
    if request.method == "POST":
        return kept.keep(request, page or kept.page_before(request))
    return redirect_to_login(request.get_full_path())
