"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replace_table

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from agencies import triggers
from agencies.models import Event
from recommendations.models import Decision, Submission, SubmissionPerson
from tests import make

EVENTS = "events are append-only"
OWN = "nobody decides on a text of their own"


def run(statement: str) -> None:
    """Run SQL as somebody with the application's connection would."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


REWRITING: dict[str, Callable[[Event], object]] = {
    "save": lambda event: event.save(),
    "delete": lambda event: event.delete(),
    "update all": lambda event: Event.objects.update(note="Never happened"),
    "delete all": lambda event: Event.objects.all().delete(),
    "raw delete": lambda event: Event.objects.all()._raw_delete("default"),
    "bulk update": lambda event: Event.objects.bulk_update([event], ["note"]),
    "update or create": lambda event: Event.objects.update_or_create(
        pk=event.pk, defaults={"note": "Never happened"}
    ),
    "SQL update": lambda event: run("UPDATE agencies_event SET note = 'Never happened'"),
    "SQL update of nothing new": lambda event: run("UPDATE agencies_event SET note = note"),
    "SQL delete": lambda event: run("DELETE FROM agencies_event"),
    "upsert": lambda event: Event.objects.bulk_create(
        [event],
        update_conflicts=True,
        update_fields=["note"],
        unique_fields=["object_type", "object_id", "number"],
    ),
}


@pytest.mark.parametrize("way", REWRITING)
def test_an_event_is_neither_changed_nor_removed(cast: make.Cast, way: str) -> None:
    before = list(Event.objects.order_by("id").values())
    event = Event.objects.order_by("id")[0]
    event.note = "Never happened"

    with pytest.raises(IntegrityError, match=EVENTS), transaction.atomic():
        REWRITING[way](event)

    assert list(Event.objects.order_by("id").values()) == before


def replace(event: Event) -> None:
    """Put another row in the place of an event, as SQLite can."""
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.concrete_fields)
    run(f"INSERT OR REPLACE INTO agencies_event ({columns}) SELECT {columns} FROM agencies_event")


def test_an_event_is_not_replaced_on_sqlite(cast: make.Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    before = list(Event.objects.order_by("id").values())

    with pytest.raises(IntegrityError, match=EVENTS), transaction.atomic():
        replace(Event.objects.order_by("id")[0])

    assert list(Event.objects.order_by("id").values()) == before


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement", ["TRUNCATE agencies_event CASCADE", "TRUNCATE agencies_user CASCADE"]
)
def test_the_log_is_not_emptied_on_postgresql(cast: make.Cast, statement: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    # Constraints wait for the end of a transaction; TRUNCATE would speak of those first.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    before = Event.objects.count()

    with pytest.raises(IntegrityError, match=EVENTS), transaction.atomic():
        run(statement)

    assert Event.objects.count() == before


def submission_of(cast: make.Cast) -> Submission:
    """Return what the alternate wrote and the focal point sent."""
    update = make.owed(cast)
    make.drafted(update, by=cast.ilo_alternate)
    make.sent(update, by=cast.ilo_focal_point)
    return Submission.objects.get()


@pytest.mark.parametrize("who", ["ilo_focal_point", "ilo_alternate"])
@pytest.mark.parametrize("verb", ["approve", "return", "reopen", "retract"])
def test_no_decision_is_by_who_sent_or_wrote_the_text(cast: make.Cast, who: str, verb: str) -> None:
    submission = submission_of(cast)
    decision = Decision(
        submission=submission,
        verb=verb,
        comment="Fine.",
        due_on=make.NOW.date(),
        decided_at=make.NOW,
        decided_by=getattr(cast, who),
    )

    with pytest.raises(IntegrityError, match=OWN), transaction.atomic():
        decision.save()
    with pytest.raises(IntegrityError, match=OWN), transaction.atomic():
        Decision.objects.bulk_create([decision])

    assert Decision.objects.count() == 0


@pytest.mark.parametrize("how", ["wrote", "belonged"])
def test_no_decision_is_by_who_is_written_down_beside_the_text(cast: make.Cast, how: str) -> None:
    submission = submission_of(cast)
    SubmissionPerson.objects.create(submission=submission, user=cast.coordinator, how=how)

    decision = Decision(submission=submission, verb="approve", decided_at=make.NOW)
    decision.decided_by = cast.coordinator

    with pytest.raises(IntegrityError, match=OWN), transaction.atomic():
        decision.save()


def test_no_decision_is_handed_to_who_wrote_the_text(cast: make.Cast) -> None:
    submission = submission_of(cast)
    make.approved(submission.update, by=cast.coordinator)

    with pytest.raises(IntegrityError, match=OWN), transaction.atomic():
        Decision.objects.update(decided_by=cast.ilo_alternate)

    assert Decision.objects.get().decided_by == cast.coordinator


def test_who_sent_it_cannot_decide_even_without_a_place_in_the_list_of_authors(
    cast: make.Cast,
) -> None:
    submission = submission_of(cast)
    SubmissionPerson.objects.all().delete()

    with pytest.raises(IntegrityError, match=OWN), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            verb="approve",
            decided_at=make.NOW,
            decided_by=cast.ilo_focal_point,
        )


def drop(name: str) -> None:
    """Drop a trigger, as the remake of a table on SQLite does."""
    table = next(trigger.table for trigger in triggers.TRIGGERS if trigger.name == name)
    run(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


ON_BOTH = [
    "event_no_update",
    "event_no_delete",
    "decision_by_another",
    "decision_stays_by_another",
]


def test_every_trigger_is_there_after_the_migrations(db: None) -> None:
    assert triggers.missing(connection) == []
    truncate = ["event_no_truncate"] if connection.vendor == "postgresql" else []
    installed = [trigger.name for trigger in triggers.for_backend(connection)]
    assert sorted(installed) == sorted(ON_BOTH + truncate)


@pytest.mark.parametrize("name", ON_BOTH)
def test_a_missing_trigger_is_named_and_comes_back(db: None, name: str) -> None:
    drop(name)
    assert triggers.missing(connection) == [name]

    triggers.install(connection)
    assert triggers.missing(connection) == []


def test_no_trigger_reads_a_table_that_a_migration_may_remake(committed: None) -> None:
    reading = [one.name for one in triggers.TRIGGERS if one.reads]
    triggers.drop_before_migrate()
    gone = triggers.missing(connection)
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(SubmissionPerson)
    triggers.install_after_migrate()

    assert gone == (reading if connection.vendor == "sqlite" else [])
    assert triggers.missing(connection) == []


def test_a_trigger_of_the_name_on_another_table_is_none(db: None) -> None:
    drop("event_no_delete")
    there = replace_table(triggers.TRIGGERS[1], table="recommendations_decision")
    for statement in there.statements(connection.vendor):
        run(statement)

    assert triggers.missing(connection) == ["event_no_delete"]


def test_a_trigger_that_is_switched_off_is_missing_on_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot switch a trigger off")
    run("ALTER TABLE agencies_event DISABLE TRIGGER event_no_delete")

    assert triggers.missing(connection) == ["event_no_delete"]


def test_installing_twice_changes_nothing(cast: make.Cast) -> None:
    triggers.install(connection)
    triggers.install(connection)

    with pytest.raises(DatabaseError, match=EVENTS), transaction.atomic():
        run("DELETE FROM agencies_event")


def test_a_migration_puts_back_what_the_remake_of_a_table_dropped(committed: None) -> None:
    make.cast()
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(Event)  # type: ignore[attr-defined]
        else:
            drop("event_no_update")
    assert "event_no_update" in triggers.missing(connection)

    call_command("migrate", verbosity=0)

    assert triggers.missing(connection) == []
    with pytest.raises(IntegrityError, match=EVENTS):
        run("UPDATE agencies_event SET note = 'Never happened'")
