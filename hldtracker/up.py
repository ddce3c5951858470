"""`make up`: prepares everything, then runs web, worker and timetable as one."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from dotenv import dotenv_values

from hldtracker.environment import env_file, remember
from hldtracker.supervisor import Program, Supervisor, die_with_parent, write

ROOT = Path(__file__).resolve().parent.parent
PORTS_TRIED = 100
HIGHEST_PORT = 65535
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - recognized, not chosen


def main() -> int:
    """Set up, start, print the address and the demo sign-ins; ends with the supervisor."""
    os.chdir(ROOT)
    host, port = place(os.environ)
    variables = env_file(ROOT)
    known = {**dotenv_values(variables), **os.environ}
    if not known.get("SECRET_KEY"):
        remember(variables, "SECRET_KEY", secrets.token_urlsafe(48))
    lock = only_one(ROOT / "var")
    if lock is None:
        return 1
    prepared = first([sys.executable, "manage.py", "prepare"])
    if prepared.returncode:
        return prepared.returncode
    listener = listen(host, port)
    bound_to, bound = listener.getsockname()
    address, near = f"http://{reachable(host)}:{bound}", f"http://{bound_to}:{bound}"
    lock.write(address)
    lock.flush()
    environment = {"BASE_URL": address, **os.environ} if not known.get("BASE_URL") else os.environ
    threading.Thread(
        target=welcome, args=(near, [address, *prepared.stdout.splitlines()]), daemon=True
    ).start()
    supervisor = Supervisor(
        programs(listener.fileno(), with_redis=bool(known.get("REDIS_URL"))),
        environment=environment,
    )
    return supervisor.run()


def first(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run what comes before the site; it ends with us, so that the next start finds nobody."""
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=die_with_parent,  # one call into the kernel, no lock
    )


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


def place(environment: Mapping[str, str]) -> tuple[str, int]:
    """Return where to listen: HOST and the first port to try. Exits 2 when either is wrong."""
    host, port = environment.get("HOST") or "127.0.0.1", environment.get("PORT") or "8000"
    problems = []
    try:
        with socket.socket() as trial:
            trial.bind((host, 0))
    except (OSError, UnicodeError):
        problems.append(f"HOST: is “{host}”; it must be a name or an address of this machine")
    if not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= HIGHEST_PORT:
        problems.append(f"PORT: is “{port}”; it must be a number from 1 to {HIGHEST_PORT}")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        raise SystemExit(2)
    return host, int(port)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on the first free port; the web server inherits it, so nobody can take it."""
    last = min(port + PORTS_TRIED - 1, HIGHEST_PORT)
    for candidate in range(port, last + 1):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        if candidate != port:
            print(f"Port {port} is taken; using {candidate}.", file=sys.stderr)
        return listener
    raise SystemExit(f"No port is free from {port} to {last}.")


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


def reachable(host: str) -> str:
    """Return under which name or address a browser finds what listens on a host.

    What listens on every address of this machine is found from elsewhere under the one that
    leads out of it; asking for the way there sends nothing.
    """
    if host != EVERY_ADDRESS:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect(("192.0.2.1", 9))  # an address that belongs to nobody
        except OSError:
            return "127.0.0.1"
        return str(way_out.getsockname()[0])


def welcome(near: str, lines: list[str]) -> None:
    """Print the address once the site answers near by, then who can sign in to the demo."""
    try:
        urllib.request.urlopen(f"{near}/healthz", timeout=120).close()  # noqa: S310 - our own
    except urllib.error.HTTPError:
        pass
    except OSError:
        return
    for line in lines:
        write(line)


if __name__ == "__main__":
    sys.exit(main())
