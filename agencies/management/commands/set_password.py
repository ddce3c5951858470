"""Give a person a new password, until the site sends invitations."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies import people
from agencies.management.commands.appoint import new_password
from agencies.models import User


class Command(BaseCommand):
    """Set the password of a person who was entered in the admin; every session of theirs ends.

    It is read from the environment variable APPOINT_PASSWORD, or asked for; it is never an
    argument, because those can be read by others.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say who."""
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the password, with its event."""
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        people.set_password(
            user,
            new_password(user),
            by=None,
            at=timezone.now(),
            note="Set on the command line",
            version=user.version,
        )
        self.stdout.write(f"{user.email} can sign in with the new password.")
