"""A burst: one event tells 3,000 people. Ours and the usual way, by turns."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from agencies.models import Agency, User
from bench import usual
from recommendations.models import Assignment
from tests import crowd, make
from tests.redis_server import Redis
from tests.sink import Sink, sink
from tests.site import environment, eventually, running

MAILS, ROUNDS = 3_000, 3
APPS = {"ours": "hldtracker", "usual": "bench.usual"}
WORKER = ("worker", "-c", "2", "-l", "info", "--without-mingle", "--without-gossip")


def measure(folder: Path, cast: make.Cast, redis: Redis) -> None:
    """Print mails a second of both ways, and the ratio of their medians."""
    agencies = crowd.agencies(2 * ROUNDS, with_people=MAILS)
    for agency in agencies[1::2]:
        crowd.propose(cast, agency)
    crowd.forget_all()
    speeds: dict[str, list[float]] = {"ours": [], "usual": []}
    for turn, agency in enumerate(agencies):
        way = ("ours", "usual")[turn % 2]
        redis.forget()
        with sink(folder / f"burst-{turn}") as mails, worker(way, mails):
            begun = time.time()
            tell(way, cast, agency)
            first, last = wait_for(mails, begun)
        speeds[way].append(MAILS / last)
        print(f"  {way:<5} {MAILS / last:5.0f} mails/s, first after {first:.2f} s", flush=True)
    ours, theirs = median(speeds["ours"]), median(speeds["usual"])
    print(f"burst of {MAILS}: {ours:.0f} against {theirs:.0f} mails/s: {ours / theirs:.2f} ×")


@contextlib.contextmanager
def worker(way: str, mails: Sink) -> Iterator[None]:
    """Run a worker of two processes that sends to this mail server."""
    log = mails.folder / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", APPS[way], *WORKER]
    with running(command, environment(mails.folder, EMAIL_URL=mails.url), log):
        assert eventually(lambda: " ready." in log.read_text(), seconds=60), log.read_text()
        time.sleep(2)  # the pass with which a worker begins is over
        yield


def tell(way: str, cast: make.Cast, agency: Agency) -> None:
    """Commit an event, which wakes our worker; or publish a task for each of its people."""
    if way == "ours":
        crowd.propose(cast, agency)
    else:
        assignment = Assignment.objects.get(agency=agency)
        usual.tell_all(User.objects.filter(memberships__agency=agency), assignment)


def wait_for(mails: Sink, begun: float) -> tuple[float, float]:
    """Return after how many seconds the first and the last mail came."""
    complete = eventually(lambda: mails.count() >= MAILS, seconds=600, every=0.2)
    assert complete, f"only {mails.count()} mails came"
    came = [at for at, _name, _to in mails.taken()]
    return min(came) - begun, max(came) - begun
