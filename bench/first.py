"""From a commit to the first mail, with no wait to merge: `python -m bench.first`.

With REDIS_URL the wake-up goes over Redis, without over files. The database stands already.
"""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import django

django.setup()

from agencies.models import Agency, User  # noqa: E402
from recommendations.models import Action, Message  # noqa: E402
from tests import crowd, make  # noqa: E402
from tests.sink import sink  # noqa: E402
from tests.site import eventually, site  # noqa: E402

TURNS = 20
PARTS = (
    "nudge, broker, worker, positions",
    "fan-out",
    "bundling, lease, writing, mail server",
)


def main(folder: Path) -> None:
    """Print the median and the slowest of many single mails."""
    redis_url = os.environ.get("REDIS_URL", "")
    broker = "Redis" if redis_url else "files"
    coordinator = User.objects.get(email="coordinator@example.org")
    action = Action.objects.get(code=f"F{broker}")
    agencies = Agency.objects.filter(code__startswith=f"F{broker}").order_by("id")
    took, parts = [], []
    with (
        sink(folder / f"first-{broker}") as mails,
        site(folder, ["worker", "beat"], EMAIL_URL=mails.url, REDIS_URL=redis_url),
    ):
        time.sleep(2)  # the pass with which a worker begins is over
        for agency in agencies:
            before = mails.count()
            facts = {"agency": agency, "role": "supporting"}
            make.do("assign", action, by=coordinator, at=django.utils.timezone.now(), **facts)
            committed = time.time()
            assert eventually(lambda before=before: mails.count() > before, seconds=90, every=0.01)
            taken = mails.taken()[-1][0]
            took.append(taken - committed)
            parts.append(parts_of(committed, taken))
    print(f"commit to first mail over {broker}: {median(took):.2f} s, slowest {max(took):.2f} s")
    for name, seconds in zip(PARTS, zip(*parts, strict=True), strict=True):
        print(f"  {name}: {median(seconds):.3f} s, slowest {max(seconds):.3f} s")


def parts_of(committed: float, taken: float) -> tuple[float, ...]:
    """Return how long each part of the newest mail took, by what its rows say."""
    newest = Message.objects.latest("id")
    told = newest.deliveries.latest("id")
    moments = (committed, told.made_at.timestamp(), newest.made_at.timestamp(), taken)
    return tuple(later - earlier for earlier, later in pairwise(moments))


def prepare(cast: make.Cast, broker: str) -> None:
    """Make the agencies, with one person each, that are told over a broker."""
    make.action(cast.area, f"F{broker}", order=99)
    for number in range(TURNS):
        crowd.people(make.agency(f"F{broker}{number}"), 1)


if __name__ == "__main__":
    main(Path(os.environ["ELSEWHERE"]))
