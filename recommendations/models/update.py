"""What is reported: an update, its draft, its frozen submissions, its evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Fact, User, Versioned
from recommendations.models.framework import Action
from recommendations.models.round import Duty
from recommendations.models.vocabulary import (
    OPEN_REVIEW_STATES,
    DiscontinuedBecause,
    ImplementationStatus,
    ReviewState,
    SubmissionKind,
)


class UpdateQuerySet(models.QuerySet["Update"]):
    """Named questions about updates."""

    def awaiting_review(self) -> UpdateQuerySet:
        """Keep those that wait for a coordinator's decision."""
        return self.filter(review_state=ReviewState.SUBMITTED)

    def with_place(self) -> UpdateQuerySet:
        """Load the round, action and agency that every list names."""
        return self.select_related(
            "duty__round__framework",
            "duty__agency",
            "duty__assignment__agency",
            "duty__assignment__action__area",
        )

    def with_texts(self) -> UpdateQuerySet:
        """Load the unsent text, the text in force, and the number of what was last sent."""
        sent = Submission.objects.filter(update=OuterRef("pk")).order_by("-number")
        rows = self.select_related("draft", "duty__assignment__in_force")
        return rows.annotate(last_number=Coalesce(Subquery(sent.values("number")[:1]), 0))


class Update(Versioned):
    """One document of a duty; its text is a Draft, then numbered Submissions.

    `drafts_saved` is the version of the newest draft; it rises with each saving and is
    never used twice.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="updates")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    review_state = models.CharField(
        _("review state"),
        max_length=12,
        choices=ReviewState.choices,
        default=ReviewState.DRAFT,
        editable=False,
    )
    drafts_saved = models.PositiveIntegerField(default=0, editable=False)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=Q(review_state__in=OPEN_REVIEW_STATES),
                name="update_one_open_per_duty",
            ),
            models.CheckConstraint(
                condition=Q(review_state__in=ReviewState.values), name="update_review_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review_state", "id"], name="update_review_state")
        ]

    def __str__(self) -> str:
        return str(self.duty)

    @property
    def framework_id(self) -> int:
        """Return the framework of the round."""
        return self.duty.framework_id

    @property
    def agency_id(self) -> int:
        """Return the agency whose update it is."""
        return self.duty.answerable_id


class Content(models.Model):
    """What an update says: the claim about the action, and the text."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=SubmissionKind.choices, default=SubmissionKind.REPORT
    )
    status = models.CharField(
        _("status of the action"), max_length=20, choices=ImplementationStatus.choices, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    resume_on = models.DateField(_("to be resumed on"), null=True, blank=True)
    discontinued_because = models.CharField(
        _("why discontinued"), max_length=20, choices=DiscontinuedBecause.choices, blank=True
    )
    superseded_by = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence_waiver = models.TextField(_("why there is no evidence"), blank=True)
    body = models.JSONField(_("text"), default=dict, blank=True)

    class Meta:
        abstract = True


CONTENT_FIELDS = (
    "kind",
    "status",
    "reason",
    "resume_on",
    "discontinued_because",
    "superseded_by",
    "evidence_waiver",
    "body",
)


class Draft(Content):
    """What an agency has typed and not sent. Private to the agency; makes no event."""

    update = models.OneToOneField(Update, on_delete=models.PROTECT, related_name="draft")
    version = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.update}"


class UpdateAuthor(models.Model):
    """A person who saved text or added evidence, and so may never decide on the update."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="authors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["update", "user"], name="update_author_unique")
        ]


class Submission(Content):
    """What an agency sent, frozen. `repeats` is the approved text that "nothing new" repeats."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeated_by"
    )
    evidence = models.ManyToManyField(
        "recommendations.Evidence", through="SubmissionEvidence", related_name="submissions"
    )
    content_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="submissions_on_behalf"
    )
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["update", "number"], name="submission_number_unique"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="submission_cleared_by_whom_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="nothing_to_report", status="")
                | Q(kind__in=["report", "no_change"]),
                name="submission_nothing_claims_nothing",
            ),
            models.CheckConstraint(
                condition=Q(kind="no_change", repeats__isnull=False)
                | Q(~Q(kind="no_change"), repeats__isnull=True),
                name="submission_no_change_repeats",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", *ImplementationStatus.values]),
                name="submission_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="on_hold") | (~Q(reason="") & Q(resume_on__isnull=False)),
                name="submission_on_hold_says_why",
            ),
            models.CheckConstraint(
                condition=(~Q(status="discontinued") & Q(discontinued_because=""))
                | Q(status="discontinued", discontinued_because__in=DiscontinuedBecause.values),
                name="submission_discontinued_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(discontinued_because="superseded") | Q(superseded_by__isnull=False),
                name="submission_superseded_by_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.update}, {self.number}"

    @property
    def sender(self) -> str:
        """Return who sent it, and on whose behalf, as every page says it."""
        if self.on_behalf_of is None:
            return str(self.submitted_by)
        names = {"by": self.submitted_by, "person": self.on_behalf_of}
        return gettext("%(by)s on behalf of %(person)s") % names


class SubmissionPerson(models.Model):
    """Somebody who may never decide on a submission, frozen when it was sent.

    Who had saved text in the update wrote it. Who was of the agency belonged to it: a membership
    that is given an earlier end afterwards opens no way to decide.
    """

    class How(models.TextChoices):
        WROTE = "wrote", _("wrote")
        BELONGED = "belonged", _("belonged")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "user", "how"], name="submission_person_unique"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["wrote", "belonged"]), name="submission_person_how_known"
            ),
        ]


class Withdrawal(Fact):
    """The agency took a submission back before a decision."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="withdrawal"
    )


class Clearance(Fact):
    """An officer of the agency cleared one version of a draft for sending.

    A draft that is saved again needs a clearance of its own.
    """

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="clearances")
    draft_version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["update", "draft_version"], name="clearance_one_per_version"
            )
        ]
