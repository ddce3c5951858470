"""Where the demo is built and thrown away, and where both are refused."""

import fcntl
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agencies.models import Event, User
from tests import make

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def demo_on(settings):
    """Say that this site is a demo."""
    settings.HLDTRACKER_DEMO = True


def test_nothing_is_thrown_away_where_the_setting_is_off(db):
    with pytest.raises(CommandError, match=r"HLDTRACKER_DEMO=1 is not set here\.$"):
        call_command("reset_demo")


def test_it_is_built_only_where_the_setting_is_on(db):
    with pytest.raises(CommandError, match=r"only where HLDTRACKER_DEMO=1 is set\.$"):
        call_command("load_demo")
    with pytest.raises(CommandError, match=r"only where HLDTRACKER_DEMO=1 is set\.$"):
        call_command("demo_accounts")
    assert (User.objects.count(), Event.objects.count()) == (0, 0)


def test_it_is_not_built_beside_real_people(demo_on, db):
    make.person("Somebody")

    with pytest.raises(CommandError, match=r"Give the demo its own database\.$"):
        call_command("load_demo")


def test_it_is_not_built_where_there_is_a_framework(demo_on, db):
    make.framework()

    with pytest.raises(CommandError, match=r"^This database is not empty\."):
        call_command("load_demo")


def test_without_a_demo_no_sign_in_is_printed(demo_on, db, capsys):
    call_command("demo_accounts")

    assert capsys.readouterr().out == ""


@pytest.fixture
def other_database(tmp_path):
    """Return the address of an empty database of the same kind, which a process may drop."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.sqlite3'}"
        return
    of = connection.settings_dict
    server = f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}"
    name = f"hldt_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as at_server:
        at_server.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        at_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


THROW_AWAY = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from recommendations.exchange import demo_database
empty = [demo_database.is_empty()]
call_command("migrate", verbosity=0)
empty.append(demo_database.is_empty())
cache = "cache_entries" in connection.introspection.table_names()
demo_database.throw_away()
empty += [demo_database.is_empty(), not connection.introspection.table_names()]
connection.cursor().execute("CREATE TABLE anew (id integer)")
print(json.dumps([cache, empty]))
"""


def test_a_database_that_was_thrown_away_is_empty_and_can_be_made_anew(other_database):
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", THROW_AWAY],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": other_database},
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.stderr == ""
    assert json.loads(process.stdout) == [True, [True, False, True, True]]


def test_a_site_that_runs_keeps_its_database(demo_on, settings, tmp_path):
    settings.VAR = tmp_path
    with (tmp_path / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match=r"^The site is running\. Stop it first\.$"):
            call_command("reset_demo")
