"""Print who can sign in to the demo: role, e-mail, password, with tabs between."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies.models import User
from recommendations.exchange import demo_people


class Command(BaseCommand):
    """Print a line for each demo person who is offered to newcomers and can sign in."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the lines; nothing where the database holds no demo."""
        if not settings.HLDTRACKER_DEMO:
            raise CommandError("Demo people sign in only where HLDTRACKER_DEMO=1 is set.")
        password = demo_people.password()
        there = {person.email: person for person in User.objects.filter(is_demo=True)}
        for role, email in demo_people.SIGN_INS:
            if email in there and there[email].is_active:
                self.stdout.write(f"{role}\t{email}\t{password}")
