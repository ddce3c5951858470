"""The program behind `tests.site`: `python -m tests.supervised PART…`, on the port PORT."""

from __future__ import annotations

import os
import sys

from hldtracker import up
from hldtracker.supervisor import Supervisor


def main(parts: list[str]) -> int:
    """Run these parts of the site until told to stop."""
    listener = up.listen("127.0.0.1", int(os.environ["PORT"]))
    every = up.programs(listener.fileno(), with_redis=bool(os.environ.get("REDIS_URL")))
    return Supervisor([one for one in every if one.name in parts]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
