"""What the operator sets: typed, and refused in words when it is wrong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from environs import Env, EnvValidationError

from hldtracker import environment

ROOT = Path(__file__).resolve().parents[2]
KEY = "k" * 50


def parse(monkeypatch, **variables):
    for name in [*os.environ]:
        if name.isupper() and name not in ("PATH", "HOME"):
            monkeypatch.delenv(name)
    for name, value in {"SECRET_KEY": KEY, **variables}.items():
        monkeypatch.setenv(name, value)
    return environment.parse(Env(eager=False), Path("/site"))


def run(*command, **variables):
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": KEY, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_but_a_key_is_needed(monkeypatch):
    read = parse(monkeypatch)

    assert read.database["NAME"] == Path("/site/var/db.sqlite3")
    assert read.database["TEST"] == {"NAME": Path("/site/var/test_db.sqlite3")}
    assert read.base_url == "http://127.0.0.1:8000"
    assert read.allowed_hosts == ["127.0.0.1", "localhost", "127.0.0.1", "[::1]"]
    assert (read.debug, read.demo, read.redis_url) == (False, False, "")
    assert read.mail.host == ""


def test_sqlite_writers_queue_up_instead_of_failing(monkeypatch):
    options = parse(monkeypatch).database["OPTIONS"]

    assert options == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA recursive_triggers=ON",
    }


def test_an_absolute_path_of_sqlite_stays_absolute(monkeypatch):
    read = parse(monkeypatch, DATABASE_URL="sqlite:////srv/tracker.sqlite3")

    assert read.database["NAME"] == Path("/srv/tracker.sqlite3")


def test_postgresql_is_read_with_its_limits(monkeypatch):
    url = "postgres://tracker:p%40ss@db.example.org:5433/hld?sslmode=require"

    found = parse(monkeypatch, DATABASE_URL=url).database

    assert (found["USER"], found["PASSWORD"]) == ("tracker", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "5433", "hld")
    assert found["CONN_MAX_AGE"] == 0
    assert found["OPTIONS"] == {
        "application_name": "hldtracker",
        "options": "-c lock_timeout=5s -c statement_timeout=30s "
        "-c idle_in_transaction_session_timeout=60s",
        "server_side_binding": True,
        "prepare_threshold": 5,
        "sslmode": "require",
    }


def test_postgresql_behind_a_pooler_plans_each_statement_anew(monkeypatch):
    found = parse(monkeypatch, DATABASE_URL="postgres://db.example.org/hld?prepare=0").database

    assert found["OPTIONS"]["prepare_threshold"] is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        (
            "smtp+tls://me:a%2Fb@mail.example.org",
            ("mail.example.org", 587, "me", "a/b", False, True),
        ),
        ("smtps://mail.example.org:4650", ("mail.example.org", 4650, "", "", True, False)),
    ],
)
def test_mail_servers_are_read(monkeypatch, url, expected):
    mail = parse(monkeypatch, EMAIL_URL=url).mail

    assert (mail.host, mail.port, mail.user, mail.password, mail.ssl, mail.starttls) == expected


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", "", "is not set; `make up` writes one into .env"),
        ("SECRET_KEY", "short", "has 5 characters; it must have 50 or more"),
        ("PROBE_TOKEN", "short", "has 5 characters; it must have 20 or more"),
        ("PUBLISHER", "x" * 201, "must be one line of up to 200 characters"),
        ("DEBUG", "maybe", "is “maybe”; it must be 1 or 0"),
        ("DELIVERY_WAIT_SECONDS", "-1", "is -1; it must be 0 or more"),
        ("WEBHOOK_PORTS", "https", "has “https”, which is no port; it must look like 443,8443"),
        ("WEBHOOK_PORTS", "443,0", "has “0”, which is no port; it must look like 443,8443"),
        ("DELIVERY_LEASE_SECONDS", "soon", "is “soon”; it must be a whole number, 1 or more"),
        ("TRUSTED_PROXY_COUNT", "1.5", "is “1.5”; it must be a whole number, 0 or more"),
        (
            "REDIS_URL",
            "redis://127.0.0.1:6379/abc",
            "has no number after the last slash; it must look like redis://127.0.0.1:6379/0",
        ),
        ("REDIS_URL", "http://x", "starts with http; it must look like redis://127.0.0.1:6379/0"),
        (
            "BASE_URL",
            "https://tracker.example.org/path",
            "must be a scheme and a host only, as in https://tracker.example.org",
        ),
        (
            "DATABASE_URL",
            "mysql://x/y",
            "starts with mysql; it must look like "
            "sqlite:///var/db.sqlite3 or postgres://user:password@host:5432/name",
        ),
        (
            "EMAIL_URL",
            "smtp://",
            "names no host; it must look like smtp+tls://user:password@mail.example.org:587",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_words(monkeypatch, name, value, problem):
    with pytest.raises(EnvValidationError) as refused:
        parse(monkeypatch, **{name: value})

    assert refused.value.error_messages == {name: [problem]}


@pytest.mark.parametrize("host", ["a b", "tracker.example.org:8000", "https://a", "a/b", "[x]"])
def test_a_host_that_no_request_can_name_is_refused(monkeypatch, host):
    with pytest.raises(EnvValidationError) as refused:
        parse(monkeypatch, ALLOWED_HOSTS=f"tracker.example.org,{host}")

    assert refused.value.error_messages == {
        "ALLOWED_HOSTS": [
            f"has “{host}”, which is no host name; it must look like "
            "tracker.example.org,www.tracker.example.org"
        ]
    }


def test_hosts_are_names_addresses_and_whole_domains(monkeypatch):
    hosts = parse(
        monkeypatch, ALLOWED_HOSTS="tracker.example.org, .example.org,127.0.0.1,[::1],*,"
    ).allowed_hosts

    assert hosts == ["tracker.example.org", ".example.org", "127.0.0.1", "[::1]", "*"]


@pytest.mark.parametrize("url", ["redis://h", "redis://h:6379/", "rediss://:p@h:6379/15"])
def test_the_database_of_redis_is_a_number_or_left_out(monkeypatch, url):
    assert parse(monkeypatch, REDIS_URL=url).redis_url == url


def test_secrets_are_not_printed_with_the_environment(monkeypatch):
    read = parse(
        monkeypatch,
        DATABASE_URL="postgres://u:hidden@h/n",
        EMAIL_URL="smtp://u:hidden@h",
        REDIS_URL="redis://:hidden@h",
    )

    assert "hidden" not in repr(read)
    assert KEY not in repr(read)


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("-m", "celery", "-A", "hldtracker", "worker"),
        ("-m", "gunicorn", "--bind", "127.0.0.1:0", "hldtracker.wsgi"),
    ],
    ids=["manage", "celery", "gunicorn"],
)
def test_every_start_with_wrong_values_names_them_and_exits_2(command):
    ended = run(*command, DATABASE_URL="mysql://x/y", DEBUG="maybe")

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == [
        "DATABASE_URL",
        "DEBUG",
    ]


def test_a_variable_is_remembered_for_its_owner_only(tmp_path):
    path = tmp_path / ".env"

    environment.remember(path, "SECRET_KEY", KEY)
    environment.remember(path, "HLDTRACKER_DEMO", "1")

    assert path.read_text() == f"SECRET_KEY={KEY}\nHLDTRACKER_DEMO=1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_process_goes_before_the_file(tmp_path):
    (tmp_path / "env").write_text("DEBUG=maybe\n")

    assert run("manage.py", "check", ENV_FILE=str(tmp_path / "env")).returncode == 2
    assert run("manage.py", "check", ENV_FILE=str(tmp_path / "env"), DEBUG="0").returncode == 0
