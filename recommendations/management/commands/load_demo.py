"""Build the demo in an empty database of its own: people, assignments, three rounds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.exchange import demo
from recommendations.exchange.fixtures import FixtureProblem
from recommendations.notify import fan_out, positions


class Command(BaseCommand):
    """Load the reference data and the demo; refuses where real people are."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Build everything or nothing; a demo that is there already stays as it is."""
        if demo.is_loaded():
            self.stdout.write("The demo is there already. To build it anew: manage.py reset_demo")
            return
        now = timezone.now()
        try:
            demo.build(at=now)
        except (demo.DemoRefused, FixtureProblem) as problem:
            raise CommandError(str(problem)) from problem
        positions.number_events(at=now, everything=True)
        # The inboxes of the demo are filled from its first page on.
        while fan_out.fan_out(at=now):
            pass
        self.stdout.write("The demo is loaded.")
