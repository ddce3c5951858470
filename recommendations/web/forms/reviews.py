"""What a coordinator decides about an update."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from recommendations.domain.assessments import AGREE, DIFFER, LEAVE_OPEN
from recommendations.domain.reviews import COMMENTED
from recommendations.models import ImplementationStatus, PriorityArea
from recommendations.web.forms.fields import Day, Facts, LongText

NO_STATUS = [("", "—")]


class DecisionForm(Facts):
    """Approve or return, with the question about the claim."""

    asked = ("due_on", "claim", "status", "reason")

    comment = LongText(
        label=_("Comment to the agency"),
        help_text=_("Needed for a return. The agency reads it in full."),
    )
    comment_status = LongText(label=_("On the status"), rows=2)
    comment_done = LongText(label=_("On what was done"), rows=2)
    comment_challenges = LongText(label=_("On challenges and gaps"), rows=2)
    comment_next_steps = LongText(label=_("On next steps"), rows=2)
    comment_evidence = LongText(label=_("On evidence"), rows=2)
    due_on = Day(label=_("New due date"), help_text=_("For a return."))
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
        label=_("Why you see it so"), help_text=_("If you assess it differently."), rows=3
    )

    def field_comments(self) -> dict[str, str]:
        """Return what was said about single fields."""
        read = {name: self.cleaned_data.get(f"comment_{name}", "") for name in COMMENTED}
        return {name: text for name, text in read.items() if text.strip()}


class ReopenForm(Facts):
    """Why an approved update is opened again, and until when it is answered."""

    asked = ("comment", "due_on")

    comment = LongText(
        label=_("What the agency has to change"), help_text=_("The agency reads it in full.")
    )
    due_on = Day(label=_("New due date"))


class QueueForm(forms.Form):
    """What the review queue is narrowed by."""

    area = forms.ModelChoiceField(
        label=_("Priority area"),
        queryset=PriorityArea.objects.order_by("framework_id", "order", "id"),
        required=False,
        empty_label=_("All areas"),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.in_order(),
        required=False,
        empty_label=_("All agencies"),
    )
    sent = forms.ChoiceField(
        label=_("Submission"),
        choices=[("", _("All")), ("first", _("First")), ("again", _("Second or later"))],
        required=False,
    )
