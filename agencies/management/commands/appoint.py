"""Give a person an office; the way in for the first administrator of an installation."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from agencies import people, revisions
from agencies.models import Appointment, User

PASSWORD = "APPOINT_PASSWORD"  # noqa: S105 - the name of a variable
NOTE = "Appointed from the command line"


class Command(BaseCommand):
    """Appoint a person, whom it enters where nobody has the address yet.

    A person without a password gets one from the environment variable APPOINT_PASSWORD,
    or is asked for it; it is never an argument, because those can be read by others.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say who, and what they become."""
        parser.add_argument("email", help="the address with which the person signs in")
        parser.add_argument("--office", choices=Appointment.Office.values, required=True)
        parser.add_argument("--name", default="", help="needed where the person is new")
        parser.add_argument("--framework", default="", help="slug; all frameworks without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enter, give a password, appoint: all of it or nothing."""
        at = timezone.now()
        framework = framework_at(options["framework"])
        email = options["email"].strip().lower()
        user = User.objects.filter(email__iexact=email).first() or User(
            email=email, name=options["name"].strip()
        )
        if user.pk and not user.is_active:
            raise CommandError(f"{email} is deactivated. An administrator can activate it again.")
        if not user.pk and not user.name:
            raise CommandError(f"Nobody has the address {email} yet: give the person a --name.")
        password = "" if user.has_usable_password() and user.pk else new_password(user)
        try:
            with transaction.atomic():
                lines = appoint(user, options["office"], framework, password, at=at)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write("\n".join(lines))


def appoint(user: User, office: str, framework: Any, password: str, *, at: datetime) -> list[str]:
    """Do what is missing, and return what was done, line by line."""
    lines = []
    if not user.pk:
        people.enter(user, by=None, at=at, note=NOTE)
        lines.append(f"Entered {user.email}.")
    if password:
        people.set_password(user, password, by=None, at=at, note=NOTE, version=user.version)
        lines.append("Password set.")
    place = f"{office} of {framework.slug if framework else 'all frameworks'}"
    held = Appointment.objects.on(at.date()).filter(user=user, office=office, framework=framework)
    if held.exists():
        lines.append(f"{user.email} is {place} already.")
        return lines
    appointment = Appointment(user=user, office=office, framework=framework, from_on=at.date())
    revisions.create(appointment, by=None, at=at, note=NOTE)
    lines.append(f"{user.email} is {place} from {at.date()} on.")
    return lines


def framework_at(slug: str) -> Any:
    """Return the framework of this address, or None for all of them."""
    if not slug:
        return None
    model: Any = Appointment._meta.get_field("framework").related_model
    found = model._default_manager.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no framework {slug}.")
    return found


def new_password(user: User) -> str:
    """Return a good password, from the environment or typed twice."""
    password = os.environ.get(PASSWORD, "")
    if not password and not sys.stdin.isatty():
        raise CommandError(f"Set {PASSWORD}, or run this where it can ask for the password.")
    if not password:
        password = getpass("Password: ")
        if getpass("The same again: ") != password:
            raise CommandError("The two passwords differ. Nothing was changed.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
