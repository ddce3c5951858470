"""One pass over the background jobs without a broker: what waits is made."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations.background import running


class Command(BaseCommand):
    """Do one pass and say what it did."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the pass."""
        self.stdout.write(str(running.run_jobs(clock=timezone.now)))
