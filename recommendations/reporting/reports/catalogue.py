"""The reports that there are: each by the question that it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.reporting.reports import full
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.shape import Report


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A report that can be asked for.

    `about` names what it cannot do without: "round", "agency", "area". One that is not
    `public` is for those who oversee the framework only.
    """

    name: str
    title: Promise
    question: Promise
    about: tuple[str, ...]
    public: bool
    build: Callable[[Asked], Report]


OFFERS = (
    Offer(
        name="full",
        title=_("Full data"),
        question=_("Where does every agency stand on every action?"),
        about=(),
        public=True,
        build=full.build,
    ),
)
CATALOGUE = {offer.name: offer for offer in OFFERS}


def make(name: str, asked: Asked) -> Report:
    """Return a report in the language that was asked for; a fixed number of queries.

    Raises KeyError for a name that the catalogue does not hold, and DidNotExist where what it
    is about did not exist yet at its moment.
    """
    with translation.override(asked.language):
        return CATALOGUE[name].build(asked)
