"""How far a promise is tested: in small by `make test`, in full by `make drill`."""

import os

DRILL = os.environ.get("HLDT_DRILL") == "1"


def figure(*, small: int, full: int) -> int:
    """Return the figure of this run."""
    return full if DRILL else small
