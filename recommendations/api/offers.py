"""The reports that can be asked for: what is told of each, and what a request names."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.api.columns import Column, Kind
from recommendations.api.facts import Fact, words
from recommendations.api.reader import Reader
from recommendations.background.asking import FORMAT_WORDS, offers_for
from recommendations.background.orders import is_long
from recommendations.models import Framework
from recommendations.reporting import outputs
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.catalogue import OFFERS, Offer

Names = words("Names", [(one.name, one.title) for one in OFFERS])
Formats = words("Formats", [(name, FORMAT_WORDS[name]) for name in outputs.FORMATS])
Languages = words("Languages", outputs.LANGUAGES.items())


class Scopes(TextChoices):
    """Of what a report tells."""

    PUBLIC = Scope.PUBLIC.value, _("what is published")
    INSIDE = Scope.INSIDE.value, _("what is approved, published or not")


OFFER: tuple[Column, ...] = (
    Column("name", "its name in addresses", Kind.WORD, choices=Names),
    Column("title", "title"),
    Column("question", "the question that it answers"),
    Column("needs", "what it cannot do without: round, agency, area", Kind.LIST),
    Column("takes", "what it can be narrowed by besides", Kind.LIST),
    Column("scope", "of what it tells you", Kind.WORD, choices=Scopes),
    Column("at_once", "formats in which GET answers with it at once", Kind.LIST),
    Column("ordered", "formats in which POST has it made for you", Kind.LIST),
)
CHOICES = (
    Fact("language", "its language; without it, English", Kind.WORD, Languages),
    Fact("as_of", "a settled moment, like 2013-11-23T10:00Z: its minute; without it, the newest"),
    Fact("round", "code of the round", Kind.CODE),
    Fact("agency", "code of the agency", Kind.CODE),
    Fact("area", "code of the priority area", Kind.CODE),
)
FRAMEWORK = Fact("framework", "address of the framework; without it, the default one", Kind.CODE)
FORMAT = Fact("format", "format of the file", Kind.WORD, Formats)
ORDER = (FRAMEWORK, Fact("report", "its name", Kind.WORD, Names), FORMAT, *CHOICES)
"""What a request for a report names."""


def offered_to(reader: Reader, framework: Framework) -> list[tuple[Offer, Scope]]:
    """Return the reports that a reader may ask for, each of the inside where they may see it."""
    inside = {offer.name for offer in offers_for(reader.roles, framework)}
    return [
        (offer, Scope.INSIDE if offer.name in inside else Scope.PUBLIC)
        for offer in OFFERS
        if offer.public or offer.name in inside
    ]


def told(offer: Offer, scope: Scope) -> dict[str, Any]:
    """Return what is told of a report."""
    inside = scope is Scope.INSIDE
    return {
        "name": offer.name,
        "title": str(offer.title),
        "question": str(offer.question),
        "needs": list(offer.about),
        "takes": list(offer.also),
        "scope": scope.value,
        "at_once": [one for one in outputs.FORMATS if at_once(offer.name, one, scope)],
        "ordered": list(outputs.FORMATS) if inside else [],
    }


def at_once(name: str, format: str, scope: Scope) -> bool:
    """Say whether a report is answered at once: short ones, and public ones that are kept."""
    return not is_long(name if scope is Scope.INSIDE else "", format)
