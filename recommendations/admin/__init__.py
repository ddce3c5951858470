"""The administrator's desk: wording and rounds to edit, what agencies do to read."""

from recommendations.admin import (
    agencies,
    framework,
    jobs,
    mails,
    reports,
    rounds,
    untold,
    webhooks,
)

__all__ = ["agencies", "framework", "jobs", "mails", "reports", "rounds", "untold", "webhooks"]
