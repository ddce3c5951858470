"""Look whether the site is in order, and say what is not, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from agencies import history, triggers
from agencies.models import Event, User
from recommendations.domain import jobs
from recommendations.domain.deciders import agencies_without_decider
from recommendations.models import Framework
from recommendations.notify import watch
from recommendations.notify.delays import LATE
from recommendations.reporting.outputs import LANGUAGES, fonts

CHAINS = 200
WORKER_IS_LATE = timedelta(minutes=10)
OLDEST_POSTGRESQL = 14
PRAGMAS = {
    "foreign_keys": (1, "rows may point to nothing"),
    "recursive_triggers": (1, "an event could be replaced"),
    "journal_mode": ("wal", "readers and the writer wait for each other"),
}

Finding = tuple[bool, str]
"""What was found: whether it is a problem (else a warning), and the words for it."""


class Command(BaseCommand):
    """Run every check; exit code 1 where there is a problem. Warnings alone are no problem."""

    help = __doc__ or ""
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each check that passed and each finding of the others."""
        silent = why_silent()
        if silent:
            self.stdout.write(f"PROBLEM  database: it does not answer: {silent}")
            raise CommandError("1 problem found.")
        now = timezone.now()
        problems = 0
        for name, check in CHECKS.items():
            found = list(check(now))
            problems += sum(grave for grave, _words in found)
            if not found:
                self.stdout.write(f"ok       {name}")
            for grave, words in found:
                self.stdout.write(f"{'PROBLEM' if grave else 'warning'}  {name}: {words}")
            if found and name == "tables":
                break  # without its tables nothing else can be asked
        self.stdout.write(f"printed  {languages()}")
        if problems:
            raise CommandError(f"{problems} problem{'s' if problems > 1 else ''} found.")


def why_silent() -> str:
    """Return why the database does not answer, in its own words; "" when it does."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return " ".join(str(error).split())
    return ""


def tables(now: datetime) -> Iterator[Finding]:
    """Say whether every migration is applied, and the table of the cache is there."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield True, f"{len(missing)} migrations are not applied. Run: manage.py migrate"
    elif settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        yield (
            True,
            "the table of the cache is missing, so nobody can sign in. Run: manage.py migrate",
        )


def guards(now: datetime) -> Iterator[Finding]:
    """Say whether the triggers are there that keep events and decisions."""
    missing = triggers.missing(connection)
    if missing:
        yield True, f"missing: {', '.join(missing)}. Run: manage.py migrate --skip-checks"


def database(now: datetime) -> Iterator[Finding]:
    """Say whether the database works as the rules need it."""
    if connection.vendor == "postgresql":
        version = connection.pg_version // 10_000  # type: ignore[attr-defined]
        if version < OLDEST_POSTGRESQL:
            yield True, f"PostgreSQL {version}; {OLDEST_POSTGRESQL} or newer is needed"
        return
    with connection.cursor() as cursor:
        for name, (wanted, otherwise) in PRAGMAS.items():
            (value,) = cursor.execute(f"PRAGMA {name}").fetchone()
            if value != wanted:
                yield True, f"{name} is {value}, so that {otherwise}"


def events(now: datetime) -> Iterator[Finding]:
    """Follow the chains of what changed last; `verify_history` follows all of them."""
    newest = Event.objects.order_by("-id").values_list("object_type", "object_id")
    for object_type, object_id in sorted(set(newest[:CHAINS])):
        chain = Event.objects.filter(object_type=object_type, object_id=object_id)
        for words in history.broken_links(chain.order_by("number")):
            yield True, words


def worker(now: datetime) -> Iterator[Finding]:
    """Say whether new events wait for the worker longer than they should."""
    waiting = Event.objects.filter(place__isnull=True).order_by("id").first()
    if waiting and waiting.at < now - WORKER_IS_LATE:
        yield False, f"events wait since {waiting.at:%Y-%m-%d %H:%M} UTC. Does the worker run?"


def mail(now: datetime) -> Iterator[Finding]:
    """Say what was given up, what is late, and whether the mail server answers."""
    seen = watch.look(now)
    if seen.dead:
        letters = "mails were" if seen.dead > 1 else "mail was"
        yield False, f"{seen.dead} {letters} given up. Look at Mails in the admin: send again there"
    if seen.unwritten:
        letters = "notices" if seen.unwritten > 1 else "notice"
        yield (
            True,
            f"{seen.unwritten} {letters} could not be written. See Deliveries in the admin",
        )
    if seen.untold:
        letters = "events" if seen.untold > 1 else "event"
        yield True, f"{seen.untold} {letters} could not be told. Tell it again in the admin"
    if seen.paused_since:
        since = f"{seen.paused_since:%Y-%m-%d %H:%M} UTC"
        yield True, f"the mail server has not answered since {since}: {seen.because}"
    elif seen.oldest and now - seen.oldest > LATE:
        words = f"the oldest of {seen.waiting} should have left at {seen.oldest:%Y-%m-%d %H:%M} UTC"
        yield True, f"{words}. Does the worker run? Without one: manage.py deliver"


def background(now: datetime) -> Iterator[Finding]:
    """Say whether what people asked for waits longer than it should."""
    waiting = list(jobs.waiting_since(now - WORKER_IS_LATE))
    if waiting:
        since = f"{waiting[0].made_at:%Y-%m-%d %H:%M} UTC"
        words = f"{len(waiting)} wait since {since}. Does the worker run?"
        yield False, f"{words} Without one: manage.py run_jobs"


def switches(now: datetime) -> Iterator[Finding]:
    """Say which settings do not suit the people in this database."""
    if settings.DEBUG:
        yield False, "DEBUG is on: errors show their inside to everybody"
    real = User.objects.filter(is_demo=False).exists()
    if settings.HLDTRACKER_DEMO and real:
        yield False, "HLDTRACKER_DEMO is on, and there are real people beside the demo"
    if not settings.HLDTRACKER_DEMO and User.objects.filter(is_demo=True).exists():
        yield False, "there are demo people; without HLDTRACKER_DEMO=1 they cannot sign in"


def frameworks(now: datetime) -> Iterator[Finding]:
    """Say whether each framework can be shown, and its updates decided on."""
    if not Framework.objects.filter(is_default=True).exists():
        yield False, "no framework is the default one. Run: manage.py load_reference"
    for framework in Framework.objects.order_by("id"):
        stuck = agencies_without_decider(framework, at=now)
        if stuck:
            names = ", ".join(str(agency) for agency in stuck)
            yield (
                False,
                f"{framework}: nobody may decide on updates of {names}. "
                "Appoint a coordinator who does not belong there",
            )


def printing(now: datetime) -> Iterator[Finding]:
    """Say whether the fonts of reports are there."""
    missing = [name for name in fonts.FAMILIES if name not in fonts.fonts(False).families()]
    if missing:
        yield True, f"no PDF can be made: missing {', '.join(missing)}. Install the release anew"


def languages() -> str:
    """Return the languages in which reports are printed, and whether Chinese texts can."""
    names = ", ".join(LANGUAGES.values())
    folder = fonts.chinese_folder()
    chinese = f"from {folder}" if folder else "no font draws it (fonts-noto-cjk does)"
    return f"in {names}; Chinese in a PDF and in Word: {chinese}"


CHECKS: dict[str, Callable[[datetime], Iterator[Finding]]] = {
    "tables": tables,
    "triggers": guards,
    "database": database,
    "events": events,
    "worker": worker,
    "mail": mail,
    "settings": switches,
    "frameworks": frameworks,
    "reports": background,
    "fonts": printing,
}
