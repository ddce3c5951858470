"""The people, the agencies they act for and the offices they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.models.base import PeriodQuerySet, Versioned, from_until


class UserManager(BaseUserManager["User"]):
    """Find people by their address, in whatever case they type it."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this e-mail address."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """Create a person who can sign in once they have a password."""
        user = self.model(email=self.normalize_email(email), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Versioned):
    """A person who signs in. What they may do follows from memberships and appointments."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demo user"), default=False, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Refuse: rights come from `access.may`, never from Django's permission table."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Refuse, as `has_perm` does."""
        return False


class Membership(Versioned):
    """A person acts for an agency between two days: focal point, alternate or clearing officer."""

    class Capacity(models.TextChoices):
        FOCAL_POINT = "focal_point", _("Focal point")
        ALTERNATE = "alternate", _("Alternate")
        CLEARING_OFFICER = "clearing_officer", _("Clearing officer")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity.choices)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            from_until("membership_from_until"),
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(until_on__isnull=True),
                name="membership_one_without_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_capacity_display()}, {self.agency}"


class Appointment(Versioned):
    """A person is coordinator, administrator or observer of one framework, or of all."""

    class Office(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        ADMINISTRATOR = "administrator", _("Administrator")
        OBSERVER = "observer", _("Observer")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    framework = models.ForeignKey(
        "recommendations.Framework",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text=_("Empty: all frameworks."),
    )
    office = models.CharField(_("office"), max_length=20, choices=Office.choices)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints: ClassVar = [
            from_until("appointment_from_until"),
            models.UniqueConstraint(
                F("user"),
                F("office"),
                Coalesce(F("framework"), 0),
                condition=Q(until_on__isnull=True),
                name="appointment_one_without_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_office_display()}"


class Handover(Versioned):
    """A person hands the duties of an agency, or of a coordinator, to another between two days.

    It changes no right: the other has rights of their own already. It says who is reminded
    and whose work list leads, and it ends by itself after its last day. Without an agency it is
    the office of a coordinator, of one framework or of all. `ended_at` is set where somebody
    ended it before that, or took it back before it began.
    """

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    framework = models.ForeignKey(
        "recommendations.Framework",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers",
    )
    from_user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handovers_given", verbose_name=_("from")
    )
    to_user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handovers_taken", verbose_name=_("to")
    )
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    note = models.TextField(_("note"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints: ClassVar = [
            from_until("handover_from_until"),
            models.CheckConstraint(
                condition=~Q(from_user=F("to_user")), name="handover_to_another_person"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=True) | Q(framework__isnull=True),
                name="handover_of_an_agency_or_of_an_office",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="handover_ended_by_whom_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_user} → {self.to_user}"
