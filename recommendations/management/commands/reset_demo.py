"""Throw the demo away and build it anew, as of now."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.exchange import demo_database


class Command(BaseCommand):
    """Remove everything and build the demo anew; refuses where anybody real ever did anything."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask whether this is a demo and nothing else, then start from an empty database."""
        refused = demo_database.refusal()
        if refused:
            raise CommandError(refused)
        demo_database.throw_away()
        call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        call_command("demo_accounts", stdout=self.stdout)
