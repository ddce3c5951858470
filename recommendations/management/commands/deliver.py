"""One pass of the notifications without a broker: what happened is told, what is due is sent."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations.notify import passes


class Command(BaseCommand):
    """Do one pass and say what it did."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the pass."""
        self.stdout.write(str(passes.deliver(clock=timezone.now)))
