"""What many rows have in common: a version, a moment of recording, a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from agencies.models.person import User

URL_SAFE = r"^[A-Za-z0-9._-]+$"
url_safe = RegexValidator(
    URL_SAFE, _("Use letters without accents, digits, full stops, hyphens and underscores only.")
)


def from_until(name: str) -> models.CheckConstraint:
    """Return the constraint that a period does not end before it begins."""
    return models.CheckConstraint(
        condition=Q(until_on__isnull=True)
        | Q(from_on__isnull=True)
        | Q(until_on__gte=F("from_on")),
        name=name,
    )


class Versioned(models.Model):
    """A row whose every change is an Event; `version` is the number of its newest one.

    Where figures print some of its fields, `stated` names them and `restate` writes the
    Fact row that says what they are from now on. `fixed` names what is entered once and never
    revised: figures of every earlier moment count by it, and addresses carry it.
    """

    stated: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    class Meta:
        abstract = True

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Write the Fact row of the present values; rows without `stated` fields have none."""


class Fact(models.Model):
    """A row that states what held from a moment on, and is never edited.

    `recorded_by` is empty where the reference data said it, not a person.
    """

    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    recorded_by = models.ForeignKey(
        "agencies.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        abstract = True


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day until a day, both included."""

    def on(self, day: date) -> PeriodQuerySet:
        """Keep the rows that hold on this day."""
        return self.filter(Q(from_on__lte=day) & (Q(until_on__isnull=True) | Q(until_on__gte=day)))
