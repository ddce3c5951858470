"""`make up`: prepares everything, then runs web, worker and timetable as one."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from dotenv import dotenv_values

from hldtracker.environment import env_file, remember
from hldtracker.supervisor import Program, Supervisor, write

ROOT = Path(__file__).resolve().parent.parent
PORTS_TRIED = 100


def main() -> int:
    """Set up, start, print the address and the demo sign-ins; ends with the supervisor."""
    os.chdir(ROOT)
    variables = env_file(ROOT)
    known = {**dotenv_values(variables), **os.environ}
    if not known.get("SECRET_KEY"):
        remember(variables, "SECRET_KEY", secrets.token_urlsafe(48))
    lock = only_one(ROOT / "var")
    if lock is None:
        return 1
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare"], stdout=subprocess.PIPE, text=True, check=False
    )
    if prepared.returncode:
        return prepared.returncode
    listener = listen(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT") or 8000))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    lock.write(address)
    lock.flush()
    environment = {"BASE_URL": address, **os.environ} if not known.get("BASE_URL") else os.environ
    threading.Thread(
        target=welcome, args=(address, prepared.stdout.splitlines()), daemon=True
    ).start()
    supervisor = Supervisor(
        programs(listener.fileno(), with_redis=bool(known.get("REDIS_URL"))),
        environment=environment,
    )
    return supervisor.run()


def only_one(folder: Path) -> IO[str] | None:
    """Return the lock of this copy of the project; None where it runs already."""
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = (folder / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        print(f"It is running already: {lock.read()}. Stop that one first.", file=sys.stderr)
        lock.close()
        return None
    lock.truncate(0)
    return lock


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on the first free port; the web server inherits it, so nobody can take it."""
    for candidate in range(port, port + PORTS_TRIED):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        if candidate != port:
            print(f"Port {port} is taken; using {candidate}.", file=sys.stderr)
        return listener
    raise SystemExit(f"No port is free from {port} to {port + PORTS_TRIED - 1}.")


def programs(listener: int, *, with_redis: bool) -> list[Program]:
    """Return what runs: one worker holds the timetable, unless Redis allows several workers."""
    python = sys.executable
    web = [python, "-m", "gunicorn", "--bind", f"fd://{listener}", "hldtracker.wsgi"]
    celery = [python, "-m", "celery", "--quiet", "-A", "hldtracker"]
    worker = [*celery, "worker", "-c", "2", "-l", "info", "--without-mingle", "--without-gossip"]
    found = [Program("web", web, files=(listener,))]
    if with_redis:
        return [*found, Program("worker", worker), Program("beat", [*celery, "beat", "-l", "info"])]
    return [*found, Program("worker", [*worker, "-P", "threads", "-B"])]


def welcome(address: str, sign_ins: list[str]) -> None:
    """Print the address once the site answers, then who can sign in to the demo."""
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=120).close()  # noqa: S310 - our own
    except urllib.error.HTTPError:
        pass
    except OSError:
        return
    for line in (address, *sign_ins):
        write(line)


if __name__ == "__main__":
    sys.exit(main())
