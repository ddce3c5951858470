"""The questionnaire form: last round's answers beside it, and what taking them over does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.domain import questionnaires
from recommendations.models import RoundQuestion, Submission, Update
from recommendations.web.comments import Said
from recommendations.web.forms.questionnaires import QuestionnaireForm
from recommendations.web.forms.written import Written

ALL = "all"


@dataclass(frozen=True)
class Asked:
    """A question on the form, with the agency's answer in the last round.

    `worded` is how that round asked it, where it was worded otherwise.
    """

    question: RoundQuestion
    field: BoundField
    comments: list[Said]
    answer: str
    worded: str

    @property
    def typed(self) -> bool:
        """Say whether taking the answer over would replace another text."""
        typed = str(self.field.value() or "").strip()
        return bool(typed) and not self.taken

    @property
    def taken(self) -> bool:
        """Say whether the answer stands in the form already."""
        typed = str(self.field.value() or "").replace("\r\n", "\n")
        return typed.strip() == self.answer.strip()


def beside(
    found: Update, form: QuestionnaireForm, commented: dict[str, list[Said]]
) -> dict[str, Any]:
    """Return the questions with last round's answers beside them; two queries."""
    last = questionnaires.last_answers(found)
    before = questionnaires.asked_in(last.update) if last else []
    worded = {one.field: one.text for one in before}
    rows = [
        Asked(
            one,
            form[one.field],
            commented.get(one.field, []),
            answers_of(last).get(one.field, ""),
            "" if worded.get(one.field) in (None, one.text) else worded[one.field],
        )
        for one in form.questions
    ]
    return {
        "rows": rows,
        "last": last,
        "can_take_all": any(row.answer and not row.taken and not row.typed for row in rows),
    }


def answers_of(submission: Submission | None) -> dict[str, str]:
    """Return what was answered, by field; what was left open is left out."""
    body = submission.body if submission else {}
    return {field: str(text) for field, text in body.items() if str(text).strip()}


def take_over(request: HttpRequest, found: Update, form: Written) -> dict[str, str]:
    """Fill the form from last round's answers, as its button said: field → what is to be said.

    A text that was typed stays; where it was meant alone, its field says so and offers to
    replace it. Empty where no button asked for an answer.
    """
    replace = request.POST.get("replace", "")
    chosen = replace or request.POST.get("take", "")
    if not chosen or not isinstance(form, QuestionnaireForm):
        return {}
    answers = answers_of(questionnaires.last_answers(found))
    wanted = {
        one.field: answers[one.field]
        for one in form.questions
        if one.field in answers and chosen in (one.field, ALL)
    }
    typed = {one.field: form.cleaned_data.get(one.field, "") for one in form.questions}
    taken, kept = questionnaires.take_over(typed, wanted, replace=bool(replace))
    form.fill(taken)
    told = _("Your own text was kept. “Replace my text” takes the answer over all the same.")
    return {field: told if field in kept and chosen != ALL else "" for field in wanted}
