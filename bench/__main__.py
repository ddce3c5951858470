"""`make bench`: every measurement, on a database and a Redis of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from tests import run
from tests.redis_server import redis_server
from tests.site import ROOT, database_url, environment


def main() -> int:
    """Make a database and a Redis, measure, and take them away; 1 where there is no PostgreSQL."""
    address, about = run.find_postgresql()
    if not address:
        print(f"PostgreSQL: {about}", file=sys.stderr)
        return 1
    server = address.rpartition("/")[0]
    with tempfile.TemporaryDirectory() as place, redis_server(Path(place)) as redis:
        os.environ |= {
            "DATABASE_URL": f"{server}/bench_{os.getpid()}",
            "REDIS_URL": redis.url,
            "ELSEWHERE": place,
            "DJANGO_SETTINGS_MODULE": "tests.elsewhere",
            "DELIVERY_WAIT_SECONDS": "0",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "only-for-the-bench-" * 4,
        }
        django.setup()
        from django.db import connection  # noqa: PLC0415 - not before the site is loaded

        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure(Path(place), redis)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
    return 0


def measure(folder: Path, redis: object) -> None:
    """Run every part, or with the argument `api` that one alone."""
    from bench import api, burst, first, request  # noqa: PLC0415 - not before the site is loaded
    from tests import crowd, make  # noqa: PLC0415

    print(f"load average {os.getloadavg()[0]:.1f} at the start", flush=True)
    cast = make.cast()
    api.measure(folder, cast)
    if sys.argv[1:] == ["api"]:
        return
    for broker in ("Redis", "files"):
        first.prepare(cast, broker)
    crowd.forget_all()
    request.measure(cast.ilo)
    for url in (os.environ["REDIS_URL"], ""):
        variables = environment(folder, DATABASE_URL=database_url(), REDIS_URL=url)
        subprocess.run([sys.executable, "-m", "bench.first"], cwd=ROOT, env=variables, check=True)
    burst.measure(folder, cast, redis)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    sys.exit(main())
