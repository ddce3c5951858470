"""Print the state machine: what may follow what, who may, what it needs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from recommendations.domain.workflow import printable


class Command(BaseCommand):
    """Print the transition table as text, or with --json as JSON."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer --json."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rows in the order of the table."""
        rows = printable()
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        columns = ("noun", "from", "to", "verb", "who", "requires", "event")
        lines = [columns] + [
            tuple(", ".join(row[name]) if name == "requires" else row[name] for name in columns)
            for row in rows
        ]
        widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
