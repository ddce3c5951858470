"""The reports that there are: each by the question that it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from recommendations.reporting.facts import Scope
from recommendations.reporting.reports import agency as one_agency
from recommendations.reporting.reports import area as one_area
from recommendations.reporting.reports import chapter, full, late, responses, work_plan
from recommendations.reporting.reports import round as one_round
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.shape import Report
from recommendations.reporting.sentences import listed


class NotOffered(ValueError):
    """The report is not offered so (HTTP 400): not to the public, or not narrowed so. Says why."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A report that can be asked for.

    `about` names what it cannot do without, `also` what it can be narrowed by besides:
    "round", "agency", "area". One that is not `public` is for those who oversee the framework
    only.
    """

    name: str
    title: Promise
    question: Promise
    about: tuple[str, ...]
    also: tuple[str, ...] = ()
    public: bool
    build: Callable[[Asked], Report]


OFFERS = (
    Offer(
        name="round",
        title=_("Round report"),
        question=_("Where does everything stand, what moved, and who is silent?"),
        about=("round",),
        also=("area",),
        public=True,
        build=one_round.build,
    ),
    Offer(
        name="full",
        title=_("Full data"),
        question=_("Where does every agency stand on every action?"),
        about=(),
        also=("round", "agency", "area"),
        public=True,
        build=full.build,
    ),
    Offer(
        name="late",
        title=_("Late and missing"),
        question=_("What is overdue, and who has not sent what?"),
        about=(),
        also=("round", "agency", "area"),
        public=False,
        build=late.build,
    ),
    Offer(
        name="agency",
        title=_("One agency"),
        question=_("Where does an agency stand, and what did it write?"),
        about=("agency",),
        also=("round",),
        public=True,
        build=one_agency.build,
    ),
    Offer(
        name="area",
        title=_("One area"),
        question=_("Where does an area stand, and what was written on it?"),
        about=("area",),
        also=("round",),
        public=True,
        build=one_area.build,
    ),
    Offer(
        name="work_plan",
        title=_("Work plan"),
        question=_("Who does what until when, in the form of the Network on Migration?"),
        about=(),
        also=("area",),
        public=True,
        build=work_plan.build,
    ),
    Offer(
        name="chapter",
        title=_("Contributions of the agencies"),
        question=_("What did each agency answer to the questionnaire?"),
        about=(),
        also=("round", "agency"),
        public=True,
        build=chapter.build,
    ),
    Offer(
        name="responses",
        title=_("Responses to the questionnaire"),
        question=_("What was answered under each of the six headings?"),
        about=(),
        also=("round",),
        public=True,
        build=responses.build,
    ),
)
CATALOGUE = {offer.name: offer for offer in OFFERS}


def make(name: str, asked: Asked) -> Report:
    """Return a report in the language that was asked for; a fixed number of queries.

    Raises KeyError for a name that the catalogue does not hold, NotOffered where it is not for
    this scope or not narrowed as it has to be, and DidNotExist where what it is about did not
    exist yet at its moment.
    """
    offer = CATALOGUE[name]
    with translation.override(asked.language):
        if asked.scope is Scope.PUBLIC and not offer.public:
            raise NotOffered(_now("This report is for those who oversee the framework only."))
        check_filters(offer, [given for given, _code in asked.filters])
        return offer.build(asked.then())


def check_filters(offer: Offer, given: list[str]) -> None:
    """Raise NotOffered where a report lacks what it is about, or is asked for too much."""
    words = {"round": _now("round"), "agency": _now("agency"), "area": _now("area")}
    lacking = [words[one] for one in offer.about if one not in given]
    if lacking:
        raise NotOffered(
            _now("Say what this report is about: %(names)s.") % {"names": listed(lacking)}
        )
    extra = [words[one] for one in given if one not in (*offer.about, *offer.also)]
    if extra:
        raise NotOffered(
            _now("This report cannot be narrowed by: %(names)s.") % {"names": listed(extra)}
        )
