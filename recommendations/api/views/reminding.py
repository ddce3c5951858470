"""A coordinator reminds agencies by hand of what they owe in a round, as on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agencies.models import Token
from recommendations.api import writing
from recommendations.api.asked import single, wrong
from recommendations.api.bodies import body_of, read, refuse_unknown
from recommendations.api.columns import Column, Kind
from recommendations.api.facts import Fact
from recommendations.api.views.writing import Writing
from recommendations.models import Round
from recommendations.notify import chasing
from recommendations.notify.chasing import Chase

MOST = 100
FACTS = (
    Fact("duties", "numbers of the duties of this round", Kind.NUMBERS),
    Fact("note", "a word of your own; the agencies read it in the mail"),
)
REMINDED: tuple[Column, ...] = (
    Column("duty", "number of the duty", Kind.INTEGER),
    Column("agency", "code of the agency that owes it", Kind.CODE),
    Column("people", "how many people are told", Kind.INTEGER),
    Column("why_not", "why nobody is told; empty where somebody is"),
)


class Remind(Writing):
    """Remind of duties of a round. Overwrites nothing, so it needs no If-Match."""

    cost = 20

    def post(self, request: Request, key: int) -> HttpResponse:
        """Have the mails written; each duty is reminded of by hand once a day."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            return self.remind(writing.object_of("round", key, self.reader), body_of(request))

        return self.once(request, work)

    def remind(self, round: Round, given: Mapping[str, Any]) -> HttpResponse:
        """Remind, and tell of each duty what was done."""

        def may(roles: Any) -> bool:
            return chasing.may(roles, round)

        writing.refuse_unless(may, _("a coordinator"), Token.Scope.REVIEW, self.reader)
        refuse_unknown(given, [fact.name for fact in FACTS])
        duties, note = duties_in(round, given.get("duties")), read(FACTS[1], given.get("note"))
        done = chasing.send(duties, by=self.reader.user, note=note or "", at=self.reader.at)
        return self.answered({"results": list(map(told, done))})


def duties_in(round: Round, numbers: Any) -> list[int]:
    """Return the duties that a body names. Raises Refused for one that the round has not."""
    sound = isinstance(numbers, list) and 1 <= len(numbers) <= MOST
    if not sound or any(type(one) is not int for one in numbers):
        message = _("Write a list of 1 to %(most)d numbers of duties, such as [12, 15].")
        raise wrong("duties", message % {"most": MOST})
    # compared here: the database refuses a number that is too large for it
    known = set(round.duties.values_list("pk", flat=True))
    for one in numbers:
        if one not in known:
            message = _("This round has no duty with the number %(number)s.")
            raise wrong("duties", message % {"number": str(one)[:20]})
    return list(numbers)


def told(one: Chase) -> dict[str, Any]:
    """Return what was done about a duty."""
    values = (one.duty.pk, one.agency.code, len(one.people), str(one.why_not))
    return dict(zip((column.name for column in REMINDED), values, strict=True))
