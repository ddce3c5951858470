"""The database of the demo: when it may be thrown away, and how."""

from __future__ import annotations

import fcntl
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Event, User
from recommendations.models import Evidence


def refusal() -> str | None:
    """Return why the database cannot be thrown away, or None."""
    if not settings.HLDTRACKER_DEMO:
        return _("Only a demo is built anew, and HLDTRACKER_DEMO=1 is not set here.")
    if is_running(settings.VAR / "up.lock"):
        return _("The site is running. Stop it first.")
    if not is_empty() and holds_real_people():
        return _(
            "This database holds people who are no demo users, or what they did. "
            "It is no demo, and nothing was removed."
        )
    return None


def is_empty() -> bool:
    """Say whether the database has no tables yet."""
    return User._meta.db_table not in connection.introspection.table_names()


def holds_real_people() -> bool:
    """Say whether anybody real is in the database, or is named by an event of it."""
    named = Q(actor__is_demo=False) | Q(on_behalf_of__is_demo=False)
    return User.objects.filter(is_demo=False).exists() or Event.objects.filter(named).exists()


def is_running(lock: Path) -> bool:
    """Say whether `make up` runs in this copy of the project: it holds a lock while it does."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def throw_away() -> None:
    """Remove the file of a SQLite database, or everything in the schema of a PostgreSQL one.

    The files that were evidence go first: without their rows nobody would find them.
    """
    if not is_empty():
        for name in Evidence.objects.exclude(stored_as="").values_list("stored_as", flat=True):
            default_storage.delete(name)
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
