"""What a coordinator decides about an update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from recommendations.domain import conversation
from recommendations.domain.assessments import AGREE, DIFFER, LEAVE_OPEN
from recommendations.domain.contents import commented
from recommendations.domain.questionnaires import asked_in
from recommendations.filters import Sent
from recommendations.models import ImplementationStatus, PriorityArea, SubmissionKind, Update
from recommendations.web.forms.fields import Day, Facts, LongText

NO_STATUS = [("", "—")]
ON_FIELDS = {
    "status": _("On the status"),
    "done": _("On what was done"),
    "challenges": _("On challenges and gaps"),
    "next_steps": _("On next steps"),
    "evidence": _("On evidence"),
}


def comments_on(update: Update) -> dict[str, str | Promise]:
    """Return the fields of an update that can be commented on, and what each box is called."""
    questions = asked_in(update)
    answers = {one.field: _("On “%(question)s”") % {"question": one} for one in questions}
    fields = commented(questions)
    return {name: label for name, label in (ON_FIELDS | answers).items() if name in fields}


class DecisionForm(Facts):
    """Comment, approve or return, with the question about the claim."""

    asked = ("due_on", "claim", "status", "reason")

    comment = LongText(
        label=_("Comment to the agency"),
        help_text=_("The agency reads it in full."),
        needed=_("needed for a return"),
    )
    due_on = Day(label=_("New due date"), needed=_("needed for a return"))
    claim = forms.ChoiceField(
        label=_("Do you agree with this status?"),
        choices=[
            (AGREE, _("I agree")),
            (DIFFER, _("I assess it differently")),
            (LEAVE_OPEN, _("I leave it open")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    status = forms.ChoiceField(
        label=_("Status as you see it"),
        choices=[*NO_STATUS, *ImplementationStatus.choices],
        required=False,
        help_text=_("If you assess it differently."),
    )
    reason = LongText(
        label=_("Why you see it so"), needed=_("needed if you assess it differently"), rows=3
    )

    def __init__(self, *args: Any, labels: Mapping[str, str | Promise], **kwargs: Any) -> None:
        """Make the form; `labels` says which fields of the update can be commented on."""
        super().__init__(*args, **kwargs)
        self.commented = tuple(labels)
        self.suggested = conversation.suggested(self.commented)
        for name, label in labels.items():
            self.fields[f"comment_{name}"] = LongText(label=label, rows=2)
            if name in self.suggested:
                self.fields[f"suggest_{name}"] = LongText(
                    label=format_lazy(_("{field}: suggested text"), field=label),
                    help_text=_("The agency takes it over in one click."),
                )

    def field_comments(self) -> dict[str, str]:
        """Return what was said about single fields."""
        return {name: self.cleaned_data.get(f"comment_{name}", "") for name in self.commented}

    def suggestions(self) -> dict[str, str]:
        """Return the texts that were suggested for single fields."""
        return {name: self.cleaned_data.get(f"suggest_{name}", "") for name in self.suggested}

    def typed(self) -> dict[str, str]:
        """Return everything that was typed, to be kept; nothing where all is as it opened."""
        found = {name: str(self[name].value() or "") for name in self.fields}
        texts = [text for name, text in found.items() if name not in ("due_on", "claim")]
        return found if any(text.strip() for text in texts) else {}

    def follow(self, **texts: str) -> None:
        """Go on with these texts in their fields, as if they had been typed."""
        self.data = {name: self[name].value() for name in self.fields} | texts

    @property
    def by_field(self) -> list[tuple[str, BoundField, BoundField | None]]:
        """Return each field that can be commented on: name, comment, and suggested text."""
        return [
            (
                name,
                self[f"comment_{name}"],
                self[f"suggest_{name}"] if name in self.suggested else None,
            )
            for name in self.commented
        ]


class ReopenForm(Facts):
    """Why an approved update is opened again, and until when it is answered."""

    asked = ("comment", "due_on")

    comment = LongText(
        label=_("What the agency has to change"), help_text=_("The agency reads it in full.")
    )
    due_on = Day(label=_("New due date"))


class QueueForm(forms.Form):
    """What the review queue is narrowed by; an area is named with its framework."""

    area = forms.TypedChoiceField(label=_("Priority area"), required=False, empty_value=None)
    agency = forms.TypedChoiceField(label=_("Agency"), required=False, empty_value=None)
    sent = forms.ChoiceField(
        label=_("Submission"),
        choices=[("", _("All")), *Sent.choices],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("All")), (SubmissionKind.NO_CHANGE, _("Nothing new"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the form with the areas and agencies that there are; two queries."""
        super().__init__(*args, **kwargs)
        areas = PriorityArea.objects.select_related("framework")
        areas = areas.order_by("framework_id", "order", "id")
        named = {f"{one.framework.slug}.{one.code}": one for one in areas}
        self.offer("area", _("All areas"), named)
        agencies = {one.code: one for one in Agency.objects.in_order()}
        self.offer("agency", _("All agencies"), agencies)

    def offer(self, name: str, every: str | Promise, found: Mapping[str, Any]) -> None:
        """Let a field choose among objects by their codes."""
        field = cast(forms.TypedChoiceField, self.fields[name])
        field.choices = [("", every), *((code, str(one)) for code, one in found.items())]
        field.coerce = found.__getitem__
