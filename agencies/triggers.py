"""The rules that the database itself keeps, on both backends.

Events cannot be changed, removed or replaced (design, rule 6); nobody decides on a
submission that they sent or in which they saved text, or that their agency sent (rule 3).
Installed by migration and again after every migration, because a SQLite table remake drops
triggers silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

EVENT = "agencies_event"
DECISION = "recommendations_decision"
EVENT_REFUSAL = "events are append-only"
DECISION_REFUSAL = "nobody decides on a text of their own"

TEXTS = ("recommendations_submission", "recommendations_submissionperson")
OWN_TEXT = """
    EXISTS (SELECT 1 FROM recommendations_submission s
            WHERE s.id = NEW.submission_id AND s.submitted_by_id = NEW.decided_by_id)
    OR EXISTS (SELECT 1 FROM recommendations_submissionperson p
               WHERE p.submission_id = NEW.submission_id AND p.user_id = NEW.decided_by_id)
"""


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name, its table, what it refuses when, and which tables it reads."""

    name: str
    table: str
    moment: str
    refusal: str
    condition: str = ""
    each: str = "ROW"
    reads: tuple[str, ...] = ()

    def statements(self, vendor: str) -> tuple[str, ...]:
        """Return the statements that install this trigger anew on a backend."""
        if vendor == "sqlite":
            when = f"WHEN {self.condition}" if self.condition else ""
            return (
                f"DROP TRIGGER IF EXISTS {self.name}",
                f"CREATE TRIGGER {self.name} BEFORE {self.moment} ON {self.table} "
                f"FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END",
            )
        guard = f"IF {self.condition} THEN {{}} END IF; RETURN NEW;" if self.condition else "{}"
        refuse = (
            f"RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'integrity_constraint_violation';"
        )
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {guard.format(refuse)} END $$",
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            f"CREATE TRIGGER {self.name} BEFORE {self.moment} ON {self.table} "
            f"FOR EACH {self.each} EXECUTE FUNCTION {self.name}()",
        )


TRIGGERS = (
    Trigger("event_no_update", EVENT, "UPDATE", EVENT_REFUSAL),
    Trigger("event_no_delete", EVENT, "DELETE", EVENT_REFUSAL),
    Trigger("event_no_truncate", EVENT, "TRUNCATE", EVENT_REFUSAL, each="STATEMENT"),
    Trigger("decision_by_another", DECISION, "INSERT", DECISION_REFUSAL, OWN_TEXT, reads=TEXTS),
    Trigger(
        "decision_stays_by_another", DECISION, "UPDATE", DECISION_REFUSAL, OWN_TEXT, reads=TEXTS
    ),
)


def for_backend(connection: BaseDatabaseWrapper) -> tuple[Trigger, ...]:
    """Return the triggers that this backend knows; SQLite has no TRUNCATE."""
    return tuple(
        trigger
        for trigger in TRIGGERS
        if connection.vendor == "postgresql" or trigger.moment != "TRUNCATE"
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Install every trigger whose tables exist.

    SQLite renames no table while a trigger reads one that is not there.
    """
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in for_backend(connection):
            if {trigger.table, *trigger.reads} <= tables:
                for statement in trigger.statements(connection.vendor):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that are not installed, each on its own table."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else """
            SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = current_schema()::regnamespace
            AND NOT t.tgisinternal AND t.tgenabled <> 'D'
        """
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        installed = {(name, table) for name, table in cursor.fetchall()}
    return [t.name for t in for_backend(connection) if (t.name, t.table) not in installed]


def drop_before_migrate(*, using: str = "default", **kwargs: Any) -> None:
    """Take off the triggers that read other tables: the receiver of `pre_migrate`.

    SQLite remakes no table that a trigger of another one reads. They are put back afterwards;
    should the migration fail, `check_installed` and the page of readiness say that they are gone.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for trigger in for_backend(connection):
            if trigger.reads:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")


def install_after_migrate(*, using: str = "default", **kwargs: Any) -> None:
    """Install the triggers again: the receiver of `post_migrate`."""
    install(connections[using])


def check_installed(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report triggers that are missing on tables that exist: a check of the database."""
    found: list[CheckMessage] = []
    for using in databases or ():
        connection = connections[using]
        tables, absent = set(connection.introspection.table_names()), set(missing(connection))
        names = [t.name for t in TRIGGERS if t.name in absent and t.table in tables]
        if names:
            found.append(
                Error(
                    f"These triggers are missing: {', '.join(names)}.",
                    hint="Run: manage.py migrate --skip-checks",
                    obj=using,
                    id="agencies.E001",
                )
            )
    return found
