"""The administrator's desk: every save asks for a reason and becomes an event."""

from agencies.admin import agencies, handovers, log, people

__all__ = ["agencies", "handovers", "log", "people"]
