"""Compare the stored copies of states and roll-ups with what the rows say."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from recommendations.domain import rollup
from recommendations.models import Action, Framework
from recommendations.reporting.recount import Difference, differences


class Command(BaseCommand):
    """Print every difference and exit 1 if there is one; --mend rewrites the roll-ups first."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer --mend."""
        parser.add_argument(
            "--mend", action="store_true", help="rewrite the stored roll-ups that differ"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, mend if asked, and say what still differs."""
        found = confirmed()
        for difference in found:
            self.stdout.write(str(difference))
        if options["mend"] and any(difference.can_mend for difference in found):
            mend()
            left = confirmed()
            self.stdout.write(f"{len(found) - len(left)} mended")
            found = left
        if found:
            raise CommandError(f"{len(found)} stored values differ from the rows")
        self.stdout.write("every stored value says what the rows say")


def confirmed() -> list[Difference]:
    """Return the differences that two counts find: what changed in between is none."""
    frameworks = list(Framework.objects.order_by("id"))
    first = {one for framework in frameworks for one in differences(framework)}
    if not first:
        return []
    return [one for framework in frameworks for one in differences(framework) if one in first]


def mend() -> None:
    """Rewrite the roll-ups, action by action, under the claim that the workflow takes."""
    for pk in Action.objects.order_by("id").values_list("id", flat=True):
        with transaction.atomic():
            Action.objects.select_for_update(no_key=True).filter(pk=pk).first()
            rollup.refresh([pk])
