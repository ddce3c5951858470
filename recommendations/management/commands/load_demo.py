"""Build the demo in an empty database of its own: people, assignments, three rounds, reports."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.models import User
from recommendations.background import demo_reports
from recommendations.exchange import demo, demo_people
from recommendations.exchange.fixtures import FixtureProblem
from recommendations.models import Framework
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
        coordinator = User.objects.get(email=dict(demo_people.SIGN_INS)["Coordinator"])
        demo_reports.add_reports(Framework.objects.get(is_default=True), by=coordinator, at=now)
        positions.number_events(at=now, everything=True)
        # The inboxes of the demo are filled from its first page on.
        while fan_out.fan_out(at=now):
            pass
        self.stdout.write("The demo is loaded.")
