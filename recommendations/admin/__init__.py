"""The administrator's desk: wording and rounds to edit, what agencies do to read."""

from recommendations.admin import framework, reports, rounds

__all__ = ["framework", "reports", "rounds"]
