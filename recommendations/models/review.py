"""What is decided: decisions, comments, assessments, and what became public when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Fact, User
from recommendations.models.assignment import Assignment
from recommendations.models.update import Submission, Update
from recommendations.models.vocabulary import ImplementationStatus


class Decision(models.Model):
    """A coordinator's decision on a submission: approved or returned, later reopened.

    A trigger refuses a decider who sent the text or saved some of it.
    """

    class Verb(models.TextChoices):
        APPROVE = "approve", _("Approved")
        RETURN = "return", _("Returned")
        REOPEN = "reopen", _("Reopened")
        RETRACT = "retract", _("Retracted")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    comment = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(verb__in=["approve", "return"]),
                name="decision_one_per_submission",
            ),
            models.UniqueConstraint(fields=["submission", "verb"], name="decision_each_verb_once"),
            models.CheckConstraint(
                condition=Q(verb__in=["approve", "return", "reopen", "retract"]),
                name="decision_verb_known",
            ),
            models.CheckConstraint(
                condition=Q(verb="approve") | ~Q(comment=""), name="decision_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(verb="return") | Q(due_on__isnull=False), name="return_has_due_date"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["verb", "decided_at"], name="decision_as_of")]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_verb_display()}"


class Comment(models.Model):
    """What a reviewer says about a submission, or about one field of it.

    `suggestion` is a text that the agency can take over; `on_text` is the hash of the text
    that it was written about. Only a reviewer closes a comment; a change of the text does not.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="comments")
    field = models.CharField(_("field"), max_length=40, blank=True)
    text = models.TextField(_("comment"))
    suggestion = models.TextField(_("suggested text"), blank=True)
    on_text = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(suggestion=""), name="comment_has_text"
            ),
            models.CheckConstraint(
                condition=Q(suggestion="") | (~Q(field="") & ~Q(on_text="")),
                name="comment_suggestion_is_for_a_field",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="comment_closed_by_whom_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CommentAnswer(models.Model):
    """What the agency, or the reviewer again, says to a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"))
    took_suggestion = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(took_suggestion=True), name="comment_answer_has_text"
            )
        ]


class SavedPhrase(models.Model):
    """A sentence that a coordinator writes often, to be put into a comment with one click."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_phrases")
    text = models.TextField(_("phrase"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="saved_phrase_has_text")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DecisionDraft(models.Model):
    """What a reviewer has typed about an update and not sent. Theirs alone; makes no event."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="decision_drafts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decision_drafts")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["update", "user"], name="decision_draft_unique")
        ]


class ReviewClaim(models.Model):
    """A reviewer reads this update since a moment: a mark that expires, not a state."""

    update = models.OneToOneField(Update, on_delete=models.PROTECT, related_name="review_claim")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_claims")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Assessment(Fact):
    """The coordinator's view of how far an assignment is, resting on one submission."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="assessments")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=20, choices=ImplementationStatus.choices)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ImplementationStatus.values), name="assessment_status_known"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignment", "-recorded_at", "-id"], name="assessment_as_of")
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_status_display()}"


class Publication(Fact):
    """From this moment the public sees this submission."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="publication"
    )
