"""The administrator's desk: wording and rounds to edit, what agencies do to read."""

from recommendations.admin import agencies, framework, mails, reports, rounds, untold, webhooks

__all__ = ["agencies", "framework", "mails", "reports", "rounds", "untold", "webhooks"]
