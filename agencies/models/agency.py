"""The agencies, the groups they form, and the names they had."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agencies.models.base import URL_SAFE, Fact, Versioned, from_until, url_safe

if TYPE_CHECKING:
    from agencies.models.person import User


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Named questions about agencies."""

    def counted(self) -> AgencyQuerySet:
        """Keep the agencies that stand in the denominators (the 28 of the chapter)."""
        return self.filter(counted=True)

    def in_order(self) -> AgencyQuerySet:
        """Sort by acronym the same way on every database."""
        return self.order_by("sort_key", "id")


class Agency(Versioned):
    """An agency, or another contributor, that can be answerable for an action."""

    class Category(models.TextChoices):
        GMG = "gmg", _("Global Migration Group member")
        OTHER_AGENCY = "other_agency", _("Other agency")
        SPECIAL_PROCEDURE = "special_procedure", _("Special procedure")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        CONTRIBUTOR = "contributor", _("Contributor")

    stated = ("code", "acronym", "name", "active")
    fixed = ("code", "category", "counted")

    code = models.CharField(
        _("code"), max_length=40, validators=[url_safe], help_text=_("In addresses. Never reused.")
    )
    acronym = models.CharField(_("acronym"), max_length=40)
    name = models.CharField(_("full name"), max_length=200)
    aliases = models.CharField(_("other names"), max_length=400, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    counted = models.BooleanField(
        _("counted among the agencies"),
        default=True,
        help_text=_("The Special Representative contributes, but is not one of the 28."),
    )
    active = models.BooleanField(_("active"), default=True)
    clears_before_sending = models.BooleanField(
        _("an officer clears before sending"),
        default=False,
        help_text=_("An update is sent only after a clearing officer of the agency cleared it."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    sort_key = models.CharField(max_length=40, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="agency_code_unique"),
            models.CheckConstraint(condition=Q(code__regex=URL_SAFE), name="agency_code_url_safe"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(active=False),
                name="agency_merged_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.acronym

    def clean(self) -> None:
        """Refuse a code whose old addresses lead to another agency."""
        if self._state.adding and AgencyCode.objects.filter(code__iexact=self.code).exists():
            words = _("An agency had this code, and its addresses. Choose another.")
            raise ValidationError({"code": words})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort key in step: the two databases collate text differently."""
        self.sort_key = self.acronym.casefold()
        super().save(*args, **kwargs)

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record what the agency is called from now on, and whether it is active.

        Figures of earlier moments keep the old name and code, and an agency that ended since.
        """
        self.names.create(
            code=self.code,
            acronym=self.acronym,
            name=self.name,
            active=self.active,
            recorded_at=at,
            recorded_by=by,
        )


class AgencyName(Fact):
    """What an agency was called from a moment on, and whether it was active."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    code = models.CharField(max_length=40)
    acronym = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)


class AgencyCode(models.Model):
    """A code that an agency had: its old addresses redirect, nobody else gets it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="old_codes")
    code = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="agency_old_code_unique")
        ]


class WorkingGroup(Versioned):
    """A group of agencies: the Global Migration Group, its working groups and task forces."""

    stated = ("name", "kind", "parent")
    fixed = ("code",)

    class Kind(models.TextChoices):
        INTERAGENCY_GROUP = "interagency_group", _("Inter-agency group")
        THEMATIC_WORKING_GROUP = "thematic_working_group", _("Thematic working group")
        TASK_FORCE = "task_force", _("Task force")

    code = models.CharField(_("code"), max_length=60, unique=True, validators=[url_safe])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    since = models.CharField(_("since"), max_length=40, blank=True)
    until = models.CharField(_("until"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("where the source says so"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    def __str__(self) -> str:
        return self.name

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record what the group is called from now on; figures of earlier moments keep the old."""
        self.names.create(
            name=self.name, kind=self.kind, parent=self.parent, recorded_at=at, recorded_by=by
        )


class GroupName(Fact):
    """What a group was called from a moment on, of which kind it was, and of what a part."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=WorkingGroup.Kind.choices)
    parent = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class GroupMembership(Versioned):
    """The place of an agency in a group; without an agency the source lists nobody."""

    stated = ("from_on", "until_on")
    fixed = ("group", "agency", "role")

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair")
        TROIKA = "troika", _("Troika")
        LEAD = "lead", _("Lead")
        CO_LEAD = "co_lead", _("Co-lead")
        FOUNDER = "founder", _("Founder")
        MEMBER = "member", _("Member")

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="group_memberships",
        help_text=_("Empty: not listed in the source."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("group membership")
        verbose_name_plural = _("group memberships")
        constraints: ClassVar = [
            from_until("group_membership_from_until"),
            models.UniqueConstraint(
                fields=["group", "agency", "role"],
                condition=Q(until_on__isnull=True),
                name="group_membership_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.agency or _('not listed')}, {self.get_role_display()}"

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record from when until when the place holds, as far as it is known now."""
        self.terms.create(
            from_on=self.from_on, until_on=self.until_on, recorded_at=at, recorded_by=by
        )


class GroupTerms(Fact):
    """From when until when an agency had a place in a group, as it was known from a moment on."""

    membership = models.ForeignKey(GroupMembership, on_delete=models.PROTECT, related_name="terms")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
