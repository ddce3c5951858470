"""Who hears of what: one readable table of notices, printed in the handbook from here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.models import NoticeChoice

How = NoticeChoice.How


class To(Enum):
    """The audiences. Whoever acts for somebody else between two days hears in their place."""

    AGENCY = "agency"
    AGENCIES_OF_ROUND = "agencies_of_round"
    COORDINATORS = "coordinators"
    HANDED = "handed"
    READER = "reader"
    ASKER = "asker"
    OWNER = "owner"
    PERSON = "person"

    @property
    def words(self) -> Promise:
        """Return who that is, as the handbook says it."""
        return AUDIENCES[self]


AUDIENCES: dict[To, Promise] = {
    To.AGENCY: _("the focal points of the agency"),
    To.AGENCIES_OF_ROUND: _("the focal points of every agency that owes something in the round"),
    To.COORDINATORS: _("the coordinators of the framework"),
    To.HANDED: _("the two people of the hand-over, and who acts beside them"),
    To.READER: _("the coordinator who reads it, and the others"),
    To.ASKER: _("who asked for it"),
    To.OWNER: _("the focal points of the agency whose it is, or the coordinators"),
    To.PERSON: _("the person"),
}


FOR_AGENCIES = frozenset({To.AGENCY, To.AGENCIES_OF_ROUND})


@dataclass(frozen=True)
class Notice:
    """One row: which event, told to whom, how unless they chose otherwise.

    `duty` asks something of the reader: it can be bundled and never switched off. `undone_by`
    names later events of the same object after which it is not sent any more. `answers`
    are later events after which the reader has nothing to do about it.
    """

    kind: str
    words: Promise
    to: To
    how: str
    events: tuple[tuple[str, str], ...] = ()
    duty: bool = False
    undone_by: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def is_for_agencies(kind: str) -> bool:
    """Say whether a kind is told to agencies, not to coordinators."""
    return BY_KIND[kind].to in FOR_AGENCIES


def words_of(kind: str) -> str:
    """Return what a kind is called; its name alone where an older release made it."""
    return str(BY_KIND[kind].words) if kind in BY_KIND else kind


def of(noun: str, *verbs: str) -> tuple[tuple[str, str], ...]:
    """Return the events of an object that a notice is about."""
    return tuple((noun, verb) for verb in verbs)


ANSWERED = ("accepted", "partially_accepted", "declined", "under_consideration")
SENT = ("submitted",)
NOTICES: tuple[Notice, ...] = (
    Notice(
        "proposed",
        _("An action is proposed to your agency"),
        To.AGENCY,
        How.AT_ONCE,
        of("assignment", "proposed"),
        duty=True,
        undone_by=("withdrawn",),
        answers=ANSWERED,
    ),
    Notice(
        "answered",
        _("An agency answers a proposal"),
        To.COORDINATORS,
        How.DAILY,
        of("assignment", *ANSWERED),
    ),
    Notice(
        "unassigned",
        _("An assignment of your agency is withdrawn or ended"),
        To.AGENCY,
        How.AT_ONCE,
        of("assignment", "withdrawn", "ended"),
    ),
    Notice(
        "round_opened",
        _("A round opens, with what your agency owes"),
        To.AGENCIES_OF_ROUND,
        How.AT_ONCE,
        of("round", "opened", "reopened"),
        duty=True,
        undone_by=("closed",),
    ),
    Notice(
        "submitted",
        _("An agency sends an update"),
        To.COORDINATORS,
        How.DAILY,
        of("update", "submitted"),
        duty=True,
        undone_by=("withdrawn",),
        answers=("returned", "approved"),
    ),
    Notice(
        "taken_back",
        _("An agency takes back what it sent"),
        To.COORDINATORS,
        How.DAILY,
        of("update", "withdrawn"),
        undone_by=SENT,
    ),
    Notice(
        "returned",
        _("An update is returned, with comments"),
        To.AGENCY,
        How.AT_ONCE,
        of("update", "returned", "reopened", "retracted"),
        duty=True,
        answers=SENT,
    ),
    Notice(
        "approved",
        _("An update is approved"),
        To.AGENCY,
        How.AT_ONCE,
        of("update", "approved"),
        undone_by=("reopened", "retracted"),
    ),
    Notice(
        "assessed",
        _("The coordinator sees another status than your agency claims"),
        To.AGENCY,
        How.AT_ONCE,
        of("assignment", "assessed"),
    ),
    Notice(
        "commented",
        _("A comment on what your agency sent, or an answer to one"),
        To.AGENCY,
        How.DAILY,
        of("update", "commented"),
    ),
    Notice(
        "comment_answered",
        _("An answer to a comment"),
        To.COORDINATORS,
        How.DAILY,
        of("update", "comment_answered", "suggestion_taken"),
    ),
    Notice(
        "due_date_changed",
        _("A due date of your agency is changed"),
        To.AGENCY,
        How.AT_ONCE,
        of("duty", "due_date_changed", "waived"),
    ),
    Notice(
        "extended",
        _("A round is extended"),
        To.AGENCIES_OF_ROUND,
        How.AT_ONCE,
        of("round", "extended"),
    ),
    Notice(
        "time_asked",
        _("An agency asks for more time"),
        To.COORDINATORS,
        How.AT_ONCE,
        of("duty", "time_asked"),
        duty=True,
        answers=("time_granted", "time_refused", "met", "waived", "due_date_changed"),
    ),
    Notice(
        "time_answered",
        _("More time is granted or refused"),
        To.AGENCY,
        How.AT_ONCE,
        of("duty", "time_granted", "time_refused"),
    ),
    Notice(
        "handed_over",
        _("Duties are handed over, or back"),
        To.HANDED,
        How.AT_ONCE,
        of("handover", "handed_over", "ended", "taken_back"),
    ),
    Notice(
        "webhook_given_up",
        _("A webhook is switched off because its calls are not accepted"),
        To.OWNER,
        How.AT_ONCE,
        of("webhook", "given_up"),
        undone_by=("switched_on",),
    ),
    Notice("due", _("What is due, and what is overdue"), To.AGENCY, How.DAILY, duty=True),
    Notice("answer_owed", _("A proposal waits for your answer"), To.AGENCY, How.DAILY, duty=True),
    Notice("vacant", _("Nobody can act for an agency"), To.COORDINATORS, How.DAILY, duty=True),
    Notice(
        "claimed_long", _("An update was read and left without a decision"), To.READER, How.DAILY
    ),
    Notice("closing", _("A round closes soon"), To.COORDINATORS, How.DAILY),
    Notice("chased", _("A coordinator reminds you"), To.AGENCY, How.AT_ONCE, duty=True),
    Notice("summary", _("The week in numbers"), To.COORDINATORS, How.WEEKLY),
    Notice("job_ready", _("A report that you asked for is ready"), To.ASKER, How.AT_ONCE),
    Notice("job_failed", _("A report that you asked for could not be made"), To.ASKER, How.AT_ONCE),
    Notice("password_reset", _("Set a new password"), To.PERSON, How.AT_ONCE, duty=True),
    Notice("address_change", _("Confirm a new address"), To.PERSON, How.AT_ONCE, duty=True),
    Notice("account_changed", _("Your account was changed"), To.PERSON, How.AT_ONCE, duty=True),
    Notice("account_closed", _("Your account was closed"), To.PERSON, How.AT_ONCE, duty=True),
)
BY_KIND = {notice.kind: notice for notice in NOTICES}
BY_EVENT = {event: notice for notice in NOTICES for event in notice.events}
ENDING = frozenset(verb for one in NOTICES for verb in (*one.answers, *one.undone_by))
"""The verbs that put an end to some notice."""
CHOICES = tuple(notice for notice in NOTICES if notice.to is not To.PERSON)
"""The rows that a person may set; mails about the account are always sent at once."""


def printable() -> list[dict[str, str]]:
    """Return the table in words, for the handbook."""
    return [
        {
            "notice": str(notice.words),
            "events": ", ".join(f"{noun} {verb}" for noun, verb in notice.events) or "–",
            "to": str(notice.to.words),
            "how": str(How(notice.how).label),
            "off": "no" if notice.duty else "yes",
        }
        for notice in NOTICES
    ]
