"""`make test` and `make drill`: the tests on every database found, and what ran where.

SQLite always; PostgreSQL, Redis and Chromium where they are found. What meets no database says
the same on each, and runs beside SQLite alone. With CI or REQUIRE_SERVICES set, what is not
found is a failure.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "tests"
TRUE = ("1", "true", "yes", "on")
JOURNEYS = "tests/journeys"
MODULES = ("--dist", "loadscope", "--no-loadscope-reorder")
"""Each process takes a module at a time: what it sets up once is set up in one of them."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    """Run the passes that this machine allows; 0 when all of them went well."""
    RESULTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    required = any(os.environ.get(name, "").lower() in TRUE for name in ("CI", "REQUIRE_SERVICES"))
    postgresql, about_postgresql = find_postgresql()
    redis_url, about_redis = find_redis()
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), "")
    environment = {
        **os.environ,
        "REQUIRE_SERVICES": "1" if required else "",
        "TEST_REDIS_URL": redis_url,
        "CHROMIUM": chromium,
    }
    # A test that needs Redis asks for TEST_REDIS_URL; the site under test runs without.
    environment.pop("REDIS_URL", None)
    # Hundreds of programs start here: each would compile every module anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    drill = arguments[:1] == ["drill"]
    marks = "drill and not browser" if drill else "not browser"
    chosen = ["-k", arguments[1]] if drill and arguments[1:] and arguments[1] else []
    report: list[tuple[str, bool, str]] = []
    ran = 0

    def run(name: str, database: str, marks: str, about: str, folder: str = "tests") -> None:
        nonlocal ran
        ok, counts, tests = run_pytest(
            name,
            {**environment, "DATABASE_URL": database},
            ["-m", marks, "-n", "2", *([] if folder == JOURNEYS else MODULES), *chosen, folder],
        )
        ran += tests
        report.append((name, ok, f"{counts}{about}"))

    sqlite = "sqlite:///var/tests/suite.sqlite3"
    run("SQLite", sqlite, marks, "")
    if postgresql:
        run("PostgreSQL", postgresql, f"{marks} and database", f" ({about_postgresql})")
    else:
        report.append(("PostgreSQL", not required, f"not run: {about_postgresql}"))
    report.append(("Brokers", bool(redis_url) or not required, f"files; {about_redis}"))
    if chromium:
        browser = "drill and browser" if drill else "browser"
        run("Browser", sqlite, browser, f" ({chromium})", JOURNEYS)
    else:
        report.append(("Browser", not required, "not run: Chromium is not found"))
    return conclude(report, ran=ran)


def run_pytest(
    name: str, environment: dict[str, str], arguments: list[str]
) -> tuple[bool, str, int]:
    """Run pytest once; return whether it went well, the counts in words, and how many ran."""
    print(f"\n=== {name} ===", flush=True)
    results = RESULTS / f"{name.lower()}.xml"
    results.unlink(missing_ok=True)
    started = time.monotonic()
    code = subprocess.call(
        [sys.executable, "-m", "pytest", f"--junitxml={results}", *arguments],
        cwd=ROOT,
        env=environment,
    )
    if not results.exists():
        return False, f"pytest ended with exit code {code}", 0
    suite = ET.parse(results).getroot().find("testsuite")
    assert suite is not None
    total, failed, broken, skipped = (
        int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")
    )
    ran = total - skipped
    counts = (
        f"{ran - failed - broken} passed, {failed + broken} failed, {skipped} skipped "
        f"in {time.monotonic() - started:.0f} s"
    )
    # 5: this selection holds no test, as when a part of the drill has no journey in a browser.
    return code in (0, 5), counts, ran


def find_postgresql() -> tuple[str, str]:
    """Return the address of a PostgreSQL where databases may be made, or why there is none."""
    named = os.environ.get("DATABASE_URL_TEST_PG")
    places = ["postgres@127.0.0.1:5432", f"{getpass.getuser()}@127.0.0.1:5432"]
    reason = "nothing answers at 127.0.0.1:5432"
    for address in [named] if named else [f"postgres://{place}/hldtracker" for place in places]:
        server = address.rpartition("/")[0] + "/postgres"
        try:
            with psycopg.connect(server, connect_timeout=3) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                if row and row[0]:
                    version = connection.info.server_version // 10_000
                    return address, f"PostgreSQL {version} at {connection.info.host}"
                reason = f"{connection.info.user} may not create databases"
        except psycopg.OperationalError as error:
            text = str(error).strip().splitlines()[-1]
            if "refused" not in text:
                reason = text
    return "", reason


def find_redis() -> tuple[str, str]:
    """Return the address of a Redis for tests, or why there is none."""
    url = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/15"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            version = client.info("server")["redis_version"]
    except (redis.RedisError, ValueError) as error:
        return "", f"Redis not run: it does not answer ({type(error).__name__})"
    return url, f"Redis {version} at {client.connection_pool.connection_kwargs['host']}"


def conclude(report: list[tuple[str, bool, str]], *, ran: int) -> int:
    """Print what ran where, and what did not and why; nothing at all is a failure."""
    if not ran:
        report = [*report, ("Tests", False, "none ran: no test has these words in its name")]
    print("\nWhat ran where:")
    for name, ok, words in report:
        print(f"  {'ok  ' if ok else 'FAIL'}  {name:<11} {words}")
    return 0 if all(ok for _, ok, _ in report) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
