"""What lists can be narrowed by: the same for pages, API and reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import django_filters
from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.models import (
    Action,
    ActionWording,
    Framework,
    Role,
    RollUp,
    Submission,
)


class Line(Protocol):
    """Where an action stands."""

    @property
    def code(self) -> str:
        """Return the code of the action."""

    @property
    def standing(self) -> str:
        """Return its roll-up."""


class Place(Protocol):
    """The place of an agency on an action."""

    @property
    def action_code(self) -> str:
        """Return the code of the action."""

    @property
    def agency_code(self) -> str:
        """Return the code of the agency."""

    @property
    def role(self) -> str:
        """Return lead, co-lead or supporting."""


class Listed(Protocol):
    """A list of actions as of a moment, for a reader: what the figures say about them."""

    @property
    def as_of(self) -> datetime:
        """Return the moment."""

    @property
    def lines(self) -> Sequence[Line]:
        """Return where each action stands."""

    @property
    def standings(self) -> Sequence[Place]:
        """Return who is on them."""

    @property
    def areas(self) -> Iterable[Any]:
        """Return the areas that there are, with code and title."""

    @property
    def agencies(self) -> Iterable[Any]:
        """Return the agencies that there are, with code and acronym."""


class InAnyCase:
    """A choice among codes that finds each in whatever case."""

    def spelled(self, value: Any) -> Any:
        """Return a code as it is written, if it is one."""
        codes: Any = self.choices  # type: ignore[attr-defined]
        written = {str(code).casefold(): code for code, _label in codes}
        return written.get(str(value).casefold(), value)

    def to_python(self, value: Any) -> Any:
        """Return what was chosen."""
        return self.spelled(super().to_python(value))  # type: ignore[misc]

    def prepare_value(self, value: Any) -> Any:
        """Return what the page shows as chosen."""
        return self.spelled(super().prepare_value(value))  # type: ignore[misc]


class CodeField(InAnyCase, forms.ChoiceField):
    """A code of those that there are."""


class FilterField(InAnyCase, django_filters.fields.ChoiceField):  # type: ignore[misc]
    """The same where a list is narrowed."""


class CodeFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """Narrows by a code."""

    field_class = FilterField


class ActionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Actions by area, status, agency, role and words.

    Status and places are those of a moment and a reader, so they come from the figures
    (`listed`). A value that does not exist is an error of the form, not an empty list.
    """

    area = CodeFilter(label=_("Priority area"), field_name="area__code", empty_label=_("All areas"))
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=RollUp.choices, empty_label=_("Any status"), method="by_status"
    )
    agency = CodeFilter(label=_("Agency"), empty_label=_("All agencies"), method="by_place")
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, empty_label=_("Any role"), method="by_place"
    )
    q = django_filters.CharFilter(label=_("Words"), method="by_words", max_length=200)

    def __init__(self, data: Mapping[str, Any], *, framework: Framework, listed: Listed) -> None:
        super().__init__(data, queryset=Action.objects.filter(framework=framework).in_order())
        self.listed = listed
        areas = [(area.code, f"{area.code} {area.title}") for area in listed.areas]
        self.filters["area"].extra["choices"] = areas
        agencies = [(agency.code, agency.acronym) for agency in listed.agencies]
        self.filters["agency"].extra["choices"] = agencies

    def by_status(self, actions: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """Keep the actions that stand so."""
        return actions.filter(
            code__in=[line.code for line in self.listed.lines if line.standing == value]
        )

    def by_place(self, actions: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """Keep the actions on which the agency is, in that role; asked for either of the two."""
        agency, role = (self.form.cleaned_data.get(key) for key in ("agency", "role"))
        codes = {
            place.action_code
            for place in self.listed.standings
            if (not agency or place.agency_code == agency) and (not role or place.role == role)
        }
        return actions.filter(code__in=codes)

    def by_words(self, actions: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """Keep the actions that hold every word in their code, short title or official text.

        Titles and texts are those of the moment, as the list prints them.
        """
        wordings = ActionWording.objects.filter(
            action=OuterRef("pk"), recorded_at__lte=self.listed.as_of
        ).order_by("-recorded_at", "-id")
        actions = actions.annotate(
            title_then=Subquery(wordings.values("short_title")[:1]),
            text_then=Subquery(wordings.values("official_text")[:1]),
        )
        for word in value.split():
            actions = actions.filter(
                Q(code__icontains=word)
                | Q(title_then__icontains=word)
                | Q(text_then__icontains=word)
            )
        return actions

    @property
    def said(self) -> list[tuple[str, str]]:
        """Return what is filtered, in words: the label and the value."""
        if not self.form.is_valid():
            return []
        return [
            (str(field.label), str(dict(getattr(field, "choices", ())).get(value, value)))
            for name, field in self.form.fields.items()
            if (value := self.form.cleaned_data[name])
        ]


class Sent(TextChoices):
    """Whether the text that waits is the first of its update."""

    FIRST = "first", _("First")
    AGAIN = "again", _("Second or later")


Updates = TypeVar("Updates", bound=QuerySet[Any])


def by_sending(updates: Updates, *, sent: str = "", kind: str = "") -> Updates:
    """Keep the updates whose newest text was sent so, or is of this kind.

    What an agency took back does not count: it is its own again.
    """
    newest = Submission.objects.filter(update=OuterRef("pk"), withdrawal__isnull=True)
    newest = newest.order_by("-number")
    found: Any = updates.annotate(
        sent_at=Subquery(newest.values("submitted_at")[:1]),
        sent_number=Subquery(newest.values("number")[:1]),
        sent_kind=Subquery(newest.values("kind")[:1]),
    )
    if sent:
        found = found.filter(sent_number=1) if sent == Sent.FIRST else found.exclude(sent_number=1)
    if kind:
        found = found.filter(sent_kind=kind)
    narrowed: Updates = found.filter(sent_number__isnull=False) if sent else found
    return narrowed


def in_area(text: str, path: str = "") -> Q:
    """Return the condition that an area, at this path, is the one with a code, in whatever case.

    It may be named with its framework: hld-2013.A.
    """
    slug, _point, code = text.partition(".")
    at = f"{path}__" if path else ""
    alone = Q(**{f"{at}code__iexact": text})
    return alone | Q(**{f"{at}framework__slug__iexact": slug, f"{at}code__iexact": code})
