"""Load the reference data: the framework, the agencies, their groups. May be repeated."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.exchange import reference
from recommendations.exchange.fixtures import FixtureProblem


class Command(BaseCommand):
    """Bring the reference data up to date; rows that a person edited are left alone and named."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything, or nothing where a file is wrong."""
        try:
            outcome = reference.load(at=timezone.now())
        except FixtureProblem as problem:
            raise CommandError(str(problem)) from problem
        for line in outcome.lines():
            self.stdout.write(line)
