"""A reviewer in a process of their own: approves every submitted update, then says how it went.

Started by a test, with the address of its database in the environment. Waits for a line, so
that all reviewers begin together; prints how often each answer came, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import django

django.setup()

from agencies.models import User  # noqa: E402 - models need the set-up above
from recommendations.domain import workflow  # noqa: E402
from recommendations.models import Update  # noqa: E402
from tests import make  # noqa: E402
from tests.at_once import said  # noqa: E402


def approve(update: Update, reviewer: User) -> object:
    """Approve an update as it was when it was read; return what came of it."""
    try:
        return workflow.perform(
            "approve", update, by=reviewer, at=make.NOW, version=update.version, claim="agree"
        )
    except Exception as answer:
        return answer


def main(reviewer_id: int) -> None:
    """Decide on all updates that were submitted when the process began."""
    reviewer = User.objects.get(pk=reviewer_id)
    updates = list(Update.objects.with_place().awaiting_review().order_by("id"))
    print("ready", flush=True)
    sys.stdin.readline()
    answers = Counter(said(approve(update, reviewer)) for update in updates)
    print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
