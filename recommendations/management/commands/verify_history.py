"""Walk through the whole event log and check that every chain is sound."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies import history
from agencies.models import Event


class Command(BaseCommand):
    """Report each broken link of the event log; exit code 1 where there is one."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the events object by object, so that memory does not grow with the log."""
        events = Event.objects.order_by("object_type", "object_id", "number")
        count = objects = broken = 0
        one_by_one = events.iterator(chunk_size=1000)
        for _key, chain in groupby(one_by_one, key=lambda e: (e.object_type, e.object_id)):
            held = list(chain)
            count, objects = count + len(held), objects + 1
            for problem in history.broken_links(held):
                broken += 1
                self.stdout.write(problem)
        if broken:
            raise CommandError(f"{broken} broken links in {count} events of {objects} objects.")
        self.stdout.write(f"{count} events of {objects} objects: every chain is sound.")
