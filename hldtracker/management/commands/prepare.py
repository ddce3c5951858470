"""Brings the database to where the code is; on the first run also the demo."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hldtracker.environment import env_file, remember
from recommendations.management.commands.doctor import why_silent


class Command(BaseCommand):
    """Migrates, loads the reference, and prints the demo sign-ins: the first step of `make up`."""

    help = __doc__
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing and nothing else; progress goes to stderr."""
        silent = why_silent()
        if silent:
            raise CommandError(f"PROBLEM  database: it does not answer: {silent}")
        # Stands until the demo is loaded, so that a first run that was cut off is finished.
        unfinished = settings.VAR / "first-run"
        wanted = settings.HLDTRACKER_DEMO or "HLDTRACKER_DEMO" not in os.environ
        if wanted and not connection.introspection.table_names():
            unfinished.touch()
        if unfinished.exists():
            self.switch_on_demo()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stderr.write("Making the tables …")
            call_command("migrate", verbosity=0)
        if unfinished.exists():
            # It loads the reference data itself, at a moment before its first event.
            self.stderr.write("Loading the demo …")
            call_command("load_demo", stdout=self.stderr)
            unfinished.unlink()
        else:
            call_command("load_reference", stdout=self.stderr)
        if settings.HLDTRACKER_DEMO:
            call_command("demo_accounts", stdout=self.stdout)

    def switch_on_demo(self) -> None:
        """Mark this database as a demo, now and for every later start."""
        if not settings.HLDTRACKER_DEMO:
            remember(env_file(settings.BASE_DIR), "HLDTRACKER_DEMO", "1")
            settings.HLDTRACKER_DEMO = True
