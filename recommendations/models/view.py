"""Saved views: the filters that a person chose, under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User


class SavedView(models.Model):
    """An address of a page with its filters, kept by a person under a name.

    `address` is a path of this site with its query; whoever opens it sees what they may.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=1000)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_unique"),
            models.CheckConstraint(
                condition=Q(address__startswith="/") & ~Q(address__startswith="//"),
                name="saved_view_is_of_this_site",
            ),
        ]

    def __str__(self) -> str:
        return self.name
