"""With what another system acts for a person: tokens of the API."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.models.person import User


class Token(models.Model):
    """A token with which a program acts for a person, never for more than they are that day.

    Only the hash of its secret is kept, and `prefix` to recognise it by. `scopes` say how far
    it reaches. Bound to an agency, it acts for that one alone and in no office.
    """

    class Scope(models.TextChoices):
        READ = "read", _("Read what the person may read")
        REPORT = "report", _("Write and send for the person's agencies")
        REVIEW = "review", _("Act as coordinator, where the person is one")
        ADMIN = "admin", _("Act as administrator, where the person is one")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="tokens"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_expires_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name
