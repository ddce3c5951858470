"""What somebody wants a report of: its choices, checked, as one `Wanted`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.access import Roles
from agencies.models import Agency
from recommendations.domain import access
from recommendations.domain.evidence import LARGEST
from recommendations.filters import CodeField
from recommendations.models import Framework, Round
from recommendations.reporting import outputs
from recommendations.reporting.beginnings import begins, moment_in
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import UnusableMoment, newest_settled, settled, written
from recommendations.reporting.reports.catalogue import OFFERS, Offer
from recommendations.reporting.reports.wanted import Wanted

FORMAT_WORDS = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": lazy("Excel workbook"),
    "csv": "CSV",
    "json": "JSON",
}
LABELS = {"round": lazy("Round"), "agency": lazy("Agency"), "area": lazy("Priority area")}

Choices = list[tuple[str, str]]


def offers_for(roles: Roles, framework: Framework) -> list[Offer]:
    """Return the reports of the inside that a person may ask for; none for a stranger.

    Whoever oversees the framework gets all; an agency those about one agency, its own.
    """
    if access.sees_inside(roles, framework.pk):
        return list(OFFERS)
    return [offer for offer in OFFERS if "agency" in offer.about] if roles.agencies else []


def choices_for(
    roles: Roles, framework: Framework, scope: Scope = Scope.INSIDE
) -> dict[str, Choices]:
    """Return what a report can be about, for a person; three queries, shared by all forms.

    Public ones can be about every agency: a shorter list would tell who is asked for something.
    """
    agencies = Agency.objects.all()
    if scope is Scope.INSIDE and not access.sees_inside(roles, framework.pk):
        agencies = agencies.filter(pk__in=roles.agencies)
    newest_first = access.visible_rounds(roles).filter(framework=framework)
    rounds = sorted(newest_first.order_by("-opens_on", "-id"), key=is_to_come)
    return {
        "round": [(one.code, one.code) for one in rounds],
        "agency": [(one.code, str(one)) for one in agencies.order_by("sort_key", "id")],
        "area": [(one.code, str(one)) for one in framework.areas.order_by("order", "id")],
    }


def extra_choice(offer: Offer, given: Iterable[str]) -> tuple[str, str] | None:
    """Return a choice that a report does not have, with what to say of it."""
    for name in LABELS:
        if name in given and name not in (*offer.about, *offer.also):
            words = _("This report cannot be narrowed by “%(name)s”.") % {"name": name}
            return name, words
    return None


def is_to_come(round: Round) -> bool:
    """Say whether a round is only planned: there is little to report on it, so it comes last."""
    return round.state == Round.State.PLANNED


def choice(name: str, choices: Choices, *, required: bool = True) -> CodeField:
    """Return the field of what a report is about."""
    said = {"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")}
    return CodeField(label=LABELS[name], choices=choices, required=required, error_messages=said)


class CheckForm(forms.Form):
    """A file to be checked; of a CSV of one table also the file that came beside it."""

    use_required_attribute = False

    file = forms.FileField(
        label=lazy("File"), error_messages={"required": lazy("Choose the file to be checked.")}
    )
    beside = forms.FileField(
        label=lazy("The .json beside it"),
        help_text=lazy("For a CSV of one table, which does not say itself what it is."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what is larger than any upload may be."""
        given = super().clean() or {}
        for name in ("file", "beside"):
            if given.get(name) and given[name].size > LARGEST:
                words = _("This file is larger than %(limit)d MB. Choose a smaller one.")
                self.add_error(name, words % {"limit": LARGEST // 1024 // 1024})
        return given


class AskForm(forms.Form):
    """The choices of one report of the catalogue.

    `own_only` where the person may ask about their own agencies alone.
    """

    use_required_attribute = False

    format = forms.ChoiceField(label=lazy("Format"))
    as_of = forms.CharField(
        label=lazy("Position on (UTC)"),
        help_text=lazy("Empty: the newest moment whose figures can no longer change."),
        widget=forms.TextInput(attrs={"type": "datetime-local"}),
        required=False,
    )
    language = forms.ChoiceField(label=lazy("Language"))

    def __init__(
        self,
        offer: Offer,
        framework: Framework,
        choices: dict[str, Choices],
        typed: Mapping[str, Any] | None = None,
        *,
        now: datetime,
        scope: Scope = Scope.INSIDE,
        own_only: bool = False,
        formats: Sequence[str] = outputs.FORMATS,
    ) -> None:
        super().__init__(typed, auto_id=f"{offer.name}-%s")
        self.offer, self.framework, self.now, self.scope = offer, framework, now, scope
        self.own_only = own_only
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            (name, FORMAT_WORDS[name]) for name in formats
        ]
        languages = list(outputs.LANGUAGES.items())
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.initial = {
            "format": formats[0],
            "language": settings.LANGUAGE_CODE,
            **self.initial,
        }
        for name in offer.about:
            self.fields[name] = choice(name, choices[name])
        for name in offer.also:
            self.fields[name] = choice(name, [("", _("All")), *choices[name]], required=False)
        self.order_fields([*offer.about, *offer.also, "as_of", "language", "format"])

    @property
    def main_fields(self) -> list[BoundField]:
        """Return what has to be chosen each time."""
        return [self[name] for name in (*self.offer.about, "format")]

    @property
    def further_fields(self) -> list[BoundField]:
        """Return what can stay as it is."""
        return [self[name] for name in (*self.offer.also, "as_of", "language")]

    def clean_as_of(self) -> datetime:
        """Return the moment: a settled one, at which the framework has figures."""
        typed = self.cleaned_data["as_of"]
        try:
            moment = moment_in(self.framework, typed, self.now)
        except UnusableMoment as problem:
            raise forms.ValidationError(str(problem)) from problem
        newest = newest_settled(self.now)
        if moment == self.now and newest < begins(self.framework):
            raise forms.ValidationError(_("Wait two minutes: the framework is newer than that."))
        if moment == self.now:
            return newest
        if not settled(moment, self.now):
            words = _("The figures of that moment can still change. Choose one up to %(at)s UTC.")
            raise forms.ValidationError(words % {"at": written(newest)})
        return moment

    @property
    def is_of_others(self) -> bool:
        """Say whether an agency asks about another one: for it there is no such report."""
        return self.own_only and "agency" in self.errors and bool(self.data.get("agency"))

    def clean(self) -> dict[str, Any]:
        """Refuse a language whose letters no font of this server draws."""
        given = super().clean() or {}
        because = outputs.why_not(given.get("format", ""), given.get("language", ""))
        if because:
            self.add_error("language", because)
        return given

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        chosen = self.cleaned_data
        return Wanted(
            framework=self.framework.slug,
            report=self.offer.name,
            format=chosen["format"],
            as_of=chosen["as_of"],
            scope=self.scope,
            language=chosen["language"],
            **{name: chosen[name] for name in (*self.offer.about, *self.offer.also)},
        )
