"""The update form: what an agency reports on an action in a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.domain.contents import BELONGS, TEXTS
from recommendations.models import (
    Action,
    DiscontinuedBecause,
    ImplementationStatus,
    SubmissionKind,
    Update,
)
from recommendations.web.forms.fields import Day, LongText
from recommendations.web.forms.written import AT_MOST, Written

KINDS = [
    (SubmissionKind.REPORT, _("A report on this round")),
    (SubmissionKind.NO_CHANGE, _("Nothing new since the last round")),
    (SubmissionKind.NOTHING_TO_REPORT, _("Nothing to report")),
]


class UpdateForm(Written):
    """Everything an update may say; saved as a draft whatever is missing."""

    asked: tuple[str, ...] = (
        "kind",
        "status",
        "done",
        "reason",
        "resume_on",
        "discontinued_because",
        "evidence_waiver",
    )
    field_order = (
        *("kind", "status", "done", "challenges", "next_steps", "reason", "resume_on"),
        *("discontinued_because", "superseded_by", "evidence_waiver"),
    )

    kind = forms.ChoiceField(
        label=_("What do you send?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        help_text=_(
            "“Nothing new” keeps the approved status and text: say in one sentence why, under "
            "“What was done”. “Nothing to report” claims no status."
        ),
    )
    status = forms.ChoiceField(
        label=_("Status of the action"),
        choices=ImplementationStatus.choices,
        widget=forms.RadioSelect,
    )
    done = LongText(
        label=_("What was done in this round"),
        help_text=format_lazy("{} {}", _("Results first, then activities."), AT_MOST),
        rows=8,
    )
    challenges = LongText(label=_("Challenges and gaps"), help_text=AT_MOST)
    next_steps = LongText(label=_("Next steps"), help_text=AT_MOST)
    reason = LongText(label=_("Why the action is on hold"), rows=3)
    resume_on = Day(label=_("Date on which work is to resume"))
    discontinued_because = forms.ChoiceField(
        label=_("Why the action is discontinued"),
        choices=[("", "—"), *DiscontinuedBecause.choices],
        required=False,
    )
    superseded_by = forms.ModelChoiceField(
        label=_("Action that takes its place"),
        queryset=Action.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("Where another action supersedes it."),
    )
    evidence_waiver = LongText(
        label=_("Why there is no evidence"),
        help_text=_("Needed for “Implemented” where you give neither a link nor a file."),
        rows=3,
    )

    def __init__(self, *args: Any, update: Update, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignment = update.duty.assignment
        others = Action.objects.filter(framework=update.framework_id).in_order()
        if assignment is not None:
            others = others.exclude(pk=assignment.action_id)
        self.fields["superseded_by"].queryset = others  # type: ignore[attr-defined]
        if assignment is None or assignment.in_force_id is None:
            without = [pair for pair in KINDS if pair[0] != SubmissionKind.NO_CHANGE]
            self.fields["kind"].choices = without  # type: ignore[attr-defined]

    @property
    def open_parts(self) -> set[str]:
        """Return the statuses whose own fields stand open on the page.

        That of the form, and those of which a field holds something or is wrong: what was
        typed, and where a message leads, is never folded away.
        """
        filled = {
            status
            for name, (status, _nothing) in BELONGS.items()
            if self[name].value() or self[name].errors
        }
        return {str(status) for status in filled} | {str(self["status"].value() or "")}

    def content(self) -> dict[str, Any]:
        """Return what was typed, as a draft holds it; what could not be read is left out."""
        read = self.cleaned_data
        names = ("status", "reason", "resume_on", "discontinued_because", "superseded_by")
        content = {name: read[name] for name in (*names, "evidence_waiver") if name in read}
        if "kind" in read:
            content["kind"] = read["kind"] or SubmissionKind.REPORT
        return content | {"body": {name: read.get(name, "") for name in TEXTS}}
