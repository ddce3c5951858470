"""Who there is, who acts for whom, and the log of what they did."""

from agencies.models.agency import (
    Agency,
    AgencyCode,
    AgencyName,
    GroupMembership,
    GroupName,
    GroupTerms,
    WorkingGroup,
)
from agencies.models.base import URL_SAFE, Fact, PeriodQuerySet, Versioned, from_until, url_safe
from agencies.models.event import Cursor, Event, EventPosition
from agencies.models.person import Appointment, Handover, Membership, User
from agencies.models.token import Token

__all__ = [
    "URL_SAFE",
    "Agency",
    "AgencyCode",
    "AgencyName",
    "Appointment",
    "Cursor",
    "Event",
    "EventPosition",
    "Fact",
    "GroupMembership",
    "GroupName",
    "GroupTerms",
    "Handover",
    "Membership",
    "PeriodQuerySet",
    "Token",
    "User",
    "Versioned",
    "WorkingGroup",
    "from_until",
    "url_safe",
]
