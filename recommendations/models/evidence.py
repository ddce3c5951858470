"""What shows that a claim is true: links and files, and which submission they went with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from recommendations.models.update import Submission, Update


class Evidence(models.Model):
    """A link or a file that shows what an update claims.

    A file's bytes may be removed for legal reasons; the row, its hash and the reason stay.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("Link")
        FILE = "file", _("File")

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    stored_as = models.CharField(max_length=120, blank=True, editable=False)
    original_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    public = models.BooleanField(
        _("public with the update"), help_text=_("Otherwise only reviewers see it.")
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    detached_at = models.DateTimeField(null=True)
    detached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    erased_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    erased_because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="link", stored_as="") & ~Q(url=""))
                | (
                    Q(kind="file", url="", size__isnull=False)
                    & ~Q(stored_as="")
                    & ~Q(sha256="")
                    & ~Q(original_name="")
                ),
                name="evidence_link_or_file",
            ),
            models.CheckConstraint(
                condition=Q(detached_at__isnull=True, detached_by__isnull=True)
                | Q(detached_at__isnull=False, detached_by__isnull=False),
                name="evidence_detached_by_whom_when",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_by__isnull=True, erased_because="")
                | (Q(erased_at__isnull=False, erased_by__isnull=False) & ~Q(erased_because="")),
                name="evidence_erased_by_whom_when_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionEvidence(models.Model):
    """A piece of evidence that went with a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "evidence"], name="submission_evidence_unique"
            )
        ]
