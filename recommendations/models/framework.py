"""What is recommended: a framework, its areas and actions, and the text they come from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agencies.models import URL_SAFE, User, Versioned, url_safe
from recommendations.models.vocabulary import RollUp


class Framework(Versioned):
    """A set of recommendations that agencies follow up together.

    `counter` rises with every change inside the framework: pages and reports carry it
    as their entity tag, so that an unchanged page costs a field office nothing.
    `public_counter` rises only with what the public can see, so that no tag tells the public
    that something is held.
    """

    stated = ("title", "short_title")
    fixed = ("slug",)

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    short_title = models.CharField(_("short title"), max_length=80)
    source = models.TextField(_("source"))
    mandate = models.TextField(_("mandate"))
    endorsement = models.TextField(_("endorsement"))
    endorsed_on = models.DateField(_("endorsed on"), null=True, blank=True)
    is_default = models.BooleanField(_("shown where no framework is named"), default=False)
    counter = models.PositiveBigIntegerField(default=0, editable=False)
    public_counter = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="framework_one_default",
            )
        ]

    def __str__(self) -> str:
        return self.short_title

    @property
    def framework_id(self) -> int:
        """Return the framework under which the log files this object: itself."""
        return self.pk

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record the title that reports print from now on."""
        self.wordings.create(
            title=self.title, short_title=self.short_title, recorded_at=at, recorded_by=by
        )


class Passage(models.Model):
    """One body paragraph or list entry of the source, numbered from 1 in its order."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", _("Paragraph")
        LIST_ENTRY = "list_entry", _("List entry")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="passages")
    number = models.PositiveIntegerField(_("number"))
    section = models.CharField(_("section"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    marker = models.CharField(_("marker"), max_length=20, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="passage_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class Footnote(models.Model):
    """A footnote of the source, with the passage that carries its mark."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="footnotes")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="footnotes")
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="footnote_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class FromSource(Versioned):
    """A row of a framework that may say from which passage of its source it comes."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a passage of another framework."""
        row: Any = self
        if row.passage_id and row.passage.framework_id != row.framework_id:
            raise ValidationError({"passage": _("Choose a passage of this framework.")})


def source_passage() -> Any:
    """Return the field that points to the passage where the source says so."""
    return models.ForeignKey(
        Passage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("passage of the source"),
    )


class PriorityArea(FromSource):
    """One of the areas under which the actions of a framework stand."""

    stated = ("title", "statement")
    fixed = ("framework", "code", "order")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="areas")
    code = models.CharField(_("code"), max_length=20, validators=[url_safe])
    title = models.CharField(_("title"), max_length=300)
    statement = models.TextField(_("statement"))
    order = models.PositiveIntegerField(_("order"))
    passage = source_passage()

    class Meta:
        verbose_name = _("priority area")
        verbose_name_plural = _("priority areas")
        constraints: ClassVar = [
            models.UniqueConstraint("framework", Lower("code"), name="area_code_unique"),
            models.CheckConstraint(condition=Q(code__regex=URL_SAFE), name="area_code_url_safe"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record the wording that figures print from now on."""
        self.wordings.create(
            title=self.title, statement=self.statement, recorded_at=at, recorded_by=by
        )


class ActionQuerySet(models.QuerySet["Action"]):
    """Named questions about actions."""

    def in_order(self) -> ActionQuerySet:
        """Sort as the source does."""
        return self.order_by("area__order", "order", "id")


class Action(FromSource):
    """A select action or select issue: what the agencies agreed to take forward.

    `standing` is the stored roll-up over its leads; figures compute it from the rows,
    and `recount` compares.
    """

    class Kind(models.TextChoices):
        SELECT_ACTION = "select_action", _("Select action")
        SELECT_ISSUE = "select_issue", _("Select issue")

    stated = ("official_text", "short_title")
    fixed = ("framework", "area", "code", "kind", "order")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="actions")
    area = models.ForeignKey(PriorityArea, on_delete=models.PROTECT, related_name="actions")
    code = models.CharField(_("code"), max_length=20, validators=[url_safe])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    official_text = models.TextField(_("official text"))
    short_title = models.CharField(_("short title"), max_length=80)
    order = models.PositiveIntegerField(_("order"))
    passage = source_passage()
    standing = models.CharField(
        max_length=30, choices=RollUp.choices, default=RollUp.NO_LEAD, editable=False
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints: ClassVar = [
            models.UniqueConstraint("framework", Lower("code"), name="action_code_unique"),
            models.CheckConstraint(condition=Q(code__regex=URL_SAFE), name="action_code_url_safe"),
            models.CheckConstraint(
                condition=Q(standing__in=RollUp.values), name="action_standing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_title}"

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record the wording that figures print from now on."""
        self.wordings.create(
            official_text=self.official_text,
            short_title=self.short_title,
            recorded_at=at,
            recorded_by=by,
        )


class KeyElement(FromSource):
    """One of the key elements (a)-(h) for improved policies and practices."""

    fixed = ("framework", "code")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="key_elements")
    code = models.CharField(_("code"), max_length=10)
    text = models.TextField(_("text"))
    order = models.PositiveIntegerField(_("order"))
    passage = source_passage()

    class Meta:
        verbose_name = _("key element")
        verbose_name_plural = _("key elements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="key_element_code_unique")
        ]

    def __str__(self) -> str:
        return f"({self.code}) {self.text[:60]}"


class Milestone(FromSource):
    """A step in the history that led to the framework, as exactly dated as the source is."""

    fixed = ("framework", "code")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="milestones")
    code = models.SlugField(_("code"), max_length=60)
    date_text = models.CharField(_("date as written"), max_length=60)
    sort_on = models.DateField(_("first day"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    order = models.PositiveIntegerField(_("order"))
    passage = source_passage()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="milestone_code_unique")
        ]

    def __str__(self) -> str:
        return f"{self.date_text}: {self.title}"


class Question(FromSource):
    """A question of the questionnaire that each agency answers.

    Open rounds keep the wording they began with (`RoundQuestion`); a retired question is not
    asked in coming rounds.
    """

    fixed = ("framework", "number")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField(_("number"))
    heading = models.CharField(_("heading"), max_length=80)
    text = models.TextField(_("text"))
    asked = models.BooleanField(_("asked in coming rounds"), default=True)
    passage = source_passage()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="question_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"
