"""The kinds of events that webhooks are called with: one table, printed in the handbook."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """One kind: its name in calls, its meaning, the events of the log that it stands for.

    `inside` is for the agency whose object it is and for the secretariat; the others hear of
    what the public can see. `secretariat` is for the secretariat alone.
    """

    name: str
    words: str | Promise
    events: tuple[tuple[str, str], ...]
    inside: bool = True
    secretariat: bool = False


def own(noun: str, verb: str, words: str | Promise, *, secretariat: bool = False) -> Kind:
    """Return a kind that stands for one event of the log."""
    return Kind(f"{noun}.{verb}", words, ((noun, verb),), secretariat=secretariat)


KINDS: tuple[Kind, ...] = (
    own("assignment", "proposed", _("An action is proposed to an agency")),
    own("assignment", "accepted", _("An agency takes an action on")),
    own("assignment", "partially_accepted", _("An agency takes an action on in part")),
    own("assignment", "under_consideration", _("An agency considers a proposal")),
    own("assignment", "declined", _("An agency declines")),
    own("assignment", "withdrawn", _("A proposal is withdrawn")),
    own("assignment", "ended", _("An assignment is ended")),
    own("assignment", "taken_over", _("An agency takes over from one that was merged into it")),
    own("assignment", "target_date_changed", _("A target date is set or changed")),
    own("assignment", "assessed", _("A coordinator assesses an assignment")),
    own("round", "opened", _("A round opens")),
    own("round", "extended", _("A round is extended")),
    own("round", "closed", _("A round closes")),
    own("round", "reopened", _("A round opens again")),
    own("round", "held", _("Publication of a round is held"), secretariat=True),
    own("round", "released", _("A held round is released"), secretariat=True),
    own("duty", "owed", _("An update is owed")),
    own("duty", "due_date_changed", _("A due date is changed")),
    own("duty", "time_asked", _("More time is asked for")),
    own("duty", "time_granted", _("More time is granted")),
    own("duty", "time_refused", _("More time is refused")),
    own("duty", "met", _("An update that was owed is approved")),
    own("duty", "reopened", _("An update is owed again")),
    own("duty", "waived", _("An update is no longer owed")),
    own("update", "submitted", _("An update is sent")),
    own("update", "withdrawn", _("An update that was sent is taken back")),
    own("update", "commented", _("A coordinator comments")),
    own("update", "comment_answered", _("A comment is answered")),
    own("update", "returned", _("An update is returned")),
    own("update", "approved", _("An update is approved")),
    own("update", "reopened", _("An approved update is reopened")),
    own("update", "retracted", _("An approved text is retracted")),
    Kind(
        "public.taken_on",
        _("Another agency has taken an action on"),
        (
            ("assignment", "accepted"),
            ("assignment", "partially_accepted"),
            ("assignment", "taken_over"),
        ),
        inside=False,
    ),
    Kind(
        "public.left",
        _("Another agency no longer works on an action"),
        (("assignment", "ended"),),
        inside=False,
    ),
    Kind(
        "public.target_date_changed",
        _("Another agency has a new target date"),
        (("assignment", "target_date_changed"),),
        inside=False,
    ),
    Kind(
        "public.assessed",
        _("A published claim of another agency is assessed"),
        (("assignment", "assessed"),),
        inside=False,
    ),
    Kind(
        "public.published",
        _("Texts are published: of another agency, or of a round that was held"),
        (("update", "approved"), ("round", "released")),
        inside=False,
    ),
    Kind(
        "public.taken_out",
        _("A published text of another agency is taken out"),
        (("update", "retracted"),),
        inside=False,
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
INSIDE = {event: kind for kind in KINDS if kind.inside for event in kind.events}
PUBLIC = {event: kind for kind in KINDS if not kind.inside for event in kind.events}
PING = "ping"
"""The kind of a test call, which stands for no event."""


def words_of(name: str) -> str:
    """Return a kind in words."""
    return str(BY_NAME[name].words) if name in BY_NAME else str(_("Test call"))


def kinds_for(*, secretariat: bool) -> tuple[Kind, ...]:
    """Return the kinds that an agency can hear of, or the secretariat."""
    if secretariat:
        return tuple(kind for kind in KINDS if kind.inside)
    return tuple(kind for kind in KINDS if not kind.secretariat)


def printable() -> list[dict[str, str]]:
    """Return the table in words, for the handbook."""
    return [{"kind": one.name, "when": str(one.words), "whom": str(whom(one))} for one in KINDS]


def whom(kind: Kind) -> str | Promise:
    """Return who hears of a kind."""
    if kind.secretariat:
        return _("the secretariat")
    if not kind.inside:
        return _("other agencies")
    if kind.events[0][0] == "round":
        return _("agencies, the secretariat")
    return _("the agency, the secretariat")
