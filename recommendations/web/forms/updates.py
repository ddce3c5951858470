"""The update form: what an agency reports on an action in a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.domain.contents import BELONGS, LONGEST, TEXTS
from recommendations.domain.evidence import TYPES
from recommendations.models import (
    Action,
    DiscontinuedBecause,
    ImplementationStatus,
    SubmissionKind,
    Update,
)
from recommendations.web.forms.fields import Day, Facts, LongText, ShortText

KINDS = [
    (SubmissionKind.REPORT, _("A report on this round")),
    (SubmissionKind.NO_CHANGE, _("Nothing new since the last round")),
    (SubmissionKind.NOTHING_TO_REPORT, _("Nothing to report")),
]
AT_MOST = format_lazy(_("Plain text, {limit} characters at most."), limit=f"{LONGEST:,}")
PUBLIC = _("Public with the update; otherwise only reviewers see it")


EVIDENCE_FIELDS = ("link_url", "link_title", "link_public", "file", "file_title", "file_public")


class UpdateForm(Facts):
    """Everything an update may say; saved as a draft whatever is missing."""

    asked = (
        "kind",
        "status",
        "done",
        "reason",
        "resume_on",
        "discontinued_because",
        "evidence_waiver",
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
    link_url = forms.CharField(
        label=_("Web address"),
        max_length=1000,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        required=False,
        help_text=_("In full, such as https://www.example.org/report"),
    )
    link_title = ShortText(label=_("What the link shows"), max_length=200)
    link_public = forms.BooleanField(label=PUBLIC, required=False)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput,
        required=False,
        allow_empty_file=True,
        help_text=format_lazy(_("At most 10 MB. Types: {types}."), types=", ".join(TYPES)),
    )
    file_title = ShortText(label=_("What the file shows"), max_length=200)
    file_public = forms.BooleanField(label=PUBLIC, required=False)
    draft_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

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

    def follow(self, draft_version: int, added: list[str]) -> None:
        """Go on from what was saved: the next save is of that version, and adds nothing twice."""
        typed = {name: self.data[name] for name in self.data}
        typed["draft_version"] = str(draft_version)
        if "link" in added:
            typed |= {"link_url": "", "link_title": "", "link_public": "on"}
        self.data = typed

    def content(self) -> dict[str, Any]:
        """Return what was typed, as a draft holds it; what could not be read is left out."""
        read = self.cleaned_data
        names = ("status", "reason", "resume_on", "discontinued_because", "superseded_by")
        content = {name: read[name] for name in (*names, "evidence_waiver") if name in read}
        if "kind" in read:
            content["kind"] = read["kind"] or SubmissionKind.REPORT
        return content | {"body": {name: read.get(name, "") for name in TEXTS}}


def initial_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content as the form shows it."""
    shown = {name: value for name, value in content.items() if name != "body"}
    return shown | {name: content.get("body", {}).get(name, "") for name in TEXTS}
