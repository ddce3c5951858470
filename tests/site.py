"""A whole site in processes of its own, as `make up` runs it, to be watched and killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "t" * 32
PARTS = ("web", "worker", "beat")


def eventually(true: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Wait until something is true, and say whether it became so."""
    until = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < until:
        time.sleep(every)
    return found


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def database_url() -> str:
    """Return the address of the database of this test, for other processes."""
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    password = f":{its['PASSWORD']}" if its["PASSWORD"] else ""
    return f"postgres://{its['USER']}{password}@{its['HOST']}:{its['PORT'] or 5432}/{its['NAME']}"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the variables of a program that works on the database of this test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.elsewhere",
        "DATABASE_URL": database_url(),
        "ELSEWHERE": str(folder),
        "DELIVERY_WAIT_SECONDS": "0",
        "PYTHONWARNINGS": "ignore",
        **more,
    }


@contextlib.contextmanager
def running(
    command: Sequence[str], variables: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a session of its own; nothing of it is left behind."""
    with log.open("ab") as written:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for pid in [*below(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def stat_of(pid: int) -> list[str]:
    """Return what the kernel says about a process, from its state on; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def children_of(pid: int) -> list[int]:
    """Return the living children of a process, oldest first."""
    every = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    found = ((one, stat_of(one)) for one in every)
    return sorted(one for one, said in found if said and said[1] == str(pid) and said[0] != "Z")


def below(pid: int) -> list[int]:
    """Return all that a process started, and what those started."""
    return [one for child in children_of(pid) for one in (child, *below(child))]


def cpu_of(pids: Sequence[int]) -> float:
    """Return the seconds of processor time that these processes have used."""
    return sum(int(said[11]) + int(said[12]) for pid in pids if (said := stat_of(pid))) / TICKS


@dataclass
class Site:
    """The processes of a site, and its address."""

    pid: int
    port: int
    log: Path

    def part(self, name: str) -> int | None:
        """Return the first process of web, worker or beat, if it runs."""
        asked = {"web": "gunicorn", "worker": "worker", "beat": "beat"}[name]
        for pid in children_of(self.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if asked in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                    return pid
        return None

    def processes(self, name: str) -> list[int]:
        """Return the first process of a part and all that it started."""
        first = self.part(name)
        return [first, *below(first)] if first else []

    def answers(self) -> bool:
        """Say whether the web answers."""
        try:
            return self.ask("GET", "/healthz") == 200
        except OSError:
            return False

    def ask(
        self, method: str, path: str, *, cookies: str = "", form: Mapping[str, object] | None = None
    ) -> int:
        """Make one request and return the status; OSError where nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        headers = {"Cookie": f"csrftoken={TOKEN}; {cookies}", "X-CSRFToken": TOKEN}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form, doseq=True)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            line.close()


@contextlib.contextmanager
def site(
    folder: Path, parts: Sequence[str] = PARTS, *, log: str = "site.log", **variables: str
) -> Iterator[Site]:
    """Run web, worker and timetable under the supervisor of `make up`, until they answer."""
    port = free_port()
    more = {"BASE_URL": f"http://127.0.0.1:{port}", "PORT": str(port), **variables}
    command = [sys.executable, "-m", "tests.supervised", *parts]
    with running(command, environment(folder, **more), folder / log) as process:
        found = Site(process.pid, port, folder / log)
        if "web" in parts:
            assert eventually(found.answers, seconds=60), found.log.read_text()
        if "worker" in parts:
            ready = eventually(lambda: " ready." in found.log.read_text(), seconds=60)
            assert ready, found.log.read_text()
        yield found
