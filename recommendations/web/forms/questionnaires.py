"""The questionnaire: a text for each question that the round asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from recommendations.models import RoundQuestion, SubmissionKind
from recommendations.web.forms.fields import LongText
from recommendations.web.forms.written import AT_MOST, Written

KINDS = [
    (SubmissionKind.REPORT, _("Answers to the questions")),
    (SubmissionKind.NOTHING_TO_REPORT, _("Nothing to report")),
]


class QuestionnaireForm(Written):
    """The answers of an agency; saved as a draft whatever is missing."""

    asked = ("kind",)

    kind = forms.ChoiceField(
        label=_("What do you send?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        help_text=_(
            "Questions may stay open; they are shown as not answered. With “Nothing to report” "
            "no answer is sent."
        ),
    )

    def __init__(self, *args: Any, questions: Sequence[RoundQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            hint = format_html("{}. {}", one.text.rstrip("."), AT_MOST)
            self.fields[one.field] = LongText(label=str(one), help_text=hint, rows=6)
        self.order_fields(["kind", *(one.field for one in questions)])

    def content(self) -> dict[str, Any]:
        """Return what was typed, as a draft holds it; what could not be read is left out."""
        read = self.cleaned_data
        content: dict[str, Any] = {
            "body": {one.field: read.get(one.field, "") for one in self.questions}
        }
        if "kind" in read:
            content["kind"] = read["kind"] or SubmissionKind.REPORT
        return content

    def fill(self, answers: Mapping[str, str]) -> None:
        """Put these answers into the form, as if they had been typed."""
        self.data = {name: self.data[name] for name in self.data} | dict(answers)
        self.data["kind"] = SubmissionKind.REPORT.value
        self.cleaned_data |= {**answers, "kind": SubmissionKind.REPORT.value}
