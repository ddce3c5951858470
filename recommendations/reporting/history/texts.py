"""The texts behind the hashes of the log, from their own rows, as far as a reader may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.access import Roles
from agencies.history import is_text, kind_of, sha256
from agencies.models import AgencyName, Versioned
from recommendations.models import (
    ActionWording,
    AreaWording,
    Assessment,
    Comment,
    CommentAnswer,
    Decision,
    Duty,
    FrameworkWording,
    ImplementationStatus,
    RoundQuestion,
    Submission,
    TargetDate,
    Update,
)
from recommendations.reporting import shown
from recommendations.reporting.history.words import FieldChange

Key = tuple[str, int]
SPOKEN: dict[str, tuple[tuple[type[models.Model], str, tuple[str, ...]], ...]] = {
    "agency": ((AgencyName, "agency", ("acronym", "name")),),
    "action": ((ActionWording, "action", ("official_text", "short_title")),),
    "framework": ((FrameworkWording, "framework", ("title", "short_title")),),
    "priorityarea": ((AreaWording, "area", ("title", "statement")),),
    "assignment": ((TargetDate, "assignment", ("text", "reason")),),
    "update": (
        (Decision, "submission__update", ("comment",)),
        (Comment, "submission__update", ("text", "suggestion")),
        (CommentAnswer, "comment__submission__update", ("text",)),
    ),
}
"""The rows that hold texts of an object beside its own: their kind, the way to it, their fields."""

QUESTIONNAIRE = Duty.Kind.QUESTIONNAIRE
LABELS = {
    "comment": lazy("Comment"),
    "answer": lazy("Answer"),
    "reason": lazy("Reason"),
    "suggestion": lazy("Suggested text"),
}


@dataclass
class Texts:
    """Texts by the object that they belong to and their hash, and what was sent and assessed."""

    by_hash: dict[tuple[Key, str], str] = field(default_factory=dict)
    sent: dict[tuple[int, int], Submission] = field(default_factory=dict)
    assessed: dict[tuple[int, int, str], str] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    asked: dict[int, list[RoundQuestion]] = field(default_factory=dict)

    def add(self, key: Key, *texts: str) -> None:
        """Remember texts of an object."""
        for text in texts:
            self.by_hash[key, sha256(text)] = text

    def behind(self, obj: Versioned, hashed: str) -> str:
        """Return the text of a hash; where no row holds it any more, say so."""
        if hashed == sha256(""):
            return ""
        known = self.by_hash.get(((kind_of(obj), obj.pk), hashed))
        return _("(a text that is no longer kept)") if known is None else known

    def told(self, key: Key, content: dict[str, Any]) -> list[FieldChange]:
        """Return what an event says beside the fields: the text sent, the comment, the view."""
        found = []
        kind, pk = key
        if kind == "update" and isinstance(content.get("submission"), int):
            number = content["submission"]
            found.append(FieldChange("submission", _("Submission"), "", str(number)))
            if "comment" not in content:
                found += self.lines(pk, number)
        if kind == "assignment" and "status" in content:
            status = str(content["status"])
            label = str(dict(ImplementationStatus.choices).get(status, status))
            found.append(FieldChange("status", _("Status as assessed"), "", label))
            reason = self.assessed.get((pk, content.get("submission", 0), status), "")
            if reason:
                found.append(FieldChange("reason", _("Reason"), "", reason, said=True))
        for name, value in content.items():
            text = self.by_hash.get((key, value)) if isinstance(value, str) else None
            if text:
                label = str(LABELS.get(name) or capfirst(name.replace("_", " ")))
                found.append(FieldChange(name, label, "", text, said=True))
        return found

    def lines(self, update_id: int, number: int) -> list[FieldChange]:
        """Return a submission line by line; nothing of what only its agency may read."""
        submission = self.sent.get((update_id, number))
        if submission is None:
            return []
        if hasattr(submission, "withdrawal") and update_id not in self.own:
            return []
        found = []
        questions = self.asked.get(update_id, ())
        for line in shown.lines(submission, repeats=submission.repeats, questions=questions):
            value = line.value
            if line.status:
                value = str(dict(ImplementationStatus.choices)[line.status])
            if value:
                found.append(FieldChange(line.name, str(line.label), "", value, said=True))
        return found


def texts_of(objects: Iterable[Versioned], roles: Roles) -> Texts:
    """Return the texts of these objects; two queries."""
    texts = Texts()
    by_kind: dict[str, dict[int, Versioned]] = defaultdict(dict)
    for obj in objects:
        by_kind[kind_of(obj)][obj.pk] = obj
        for its in obj._meta.concrete_fields:
            if is_text(its) and its.name != "password":
                texts.add((kind_of(obj), obj.pk), str(getattr(obj, its.attname) or ""))
    for kind, pk, submission, status, text in spoken(by_kind):
        if status:
            texts.assessed[pk, submission, status] = text
        else:
            texts.add((kind, pk), text)
    if "update" in by_kind:
        add_reports(texts, by_kind["update"].values(), roles)
    return texts


def spoken(by_kind: Mapping[str, Collection[int]]) -> list[tuple[str, int, int, str, str]]:
    """Return every text beside these objects' own, as (kind, id, submission, status, text).

    One query; submission and status tell the reasons of assessments apart from other texts.
    """
    selects = []
    for kind, pks in by_kind.items():
        for model, of, names in SPOKEN.get(kind, ()):
            its: models.QuerySet[Any] = model._default_manager.filter(**{f"{of}__in": list(pks)})
            selects += [told_by(its, kind, of, name) for name in names]
    if "assignment" in by_kind:
        views = Assessment.objects.filter(assignment__in=list(by_kind["assignment"]))
        selects.append(
            told_by(views, "assignment", "assignment", "reason", F("submission_id"), F("status"))
        )
    if not selects:
        return []
    return list(selects[0].union(*selects[1:], all=True))


def told_by(
    rows: models.QuerySet[Any],
    kind: str,
    of: str,
    name: str,
    submission: Any = None,
    status: Any = None,
) -> models.QuerySet[Any]:
    """Return a select of one text of these rows, in the columns that all such selects share."""
    columns = {
        "told_kind": Value(kind, output_field=models.TextField()),
        "told_of": F(f"{of}_id"),
        "told_on": Value(0) if submission is None else submission,
        "told_as": Cast(Value("") if status is None else status, models.TextField()),
        "told_text": Cast(F(name), models.TextField()),
    }
    told: models.QuerySet[Any] = rows.order_by().annotate(**columns).values_list(*columns)
    return told


def add_reports(texts: Texts, updates: Iterable[Any], roles: Roles) -> None:
    """Add what was sent of these updates, and whether the reader is of their agency.

    One query, and one more where a questionnaire is among them.
    """
    found: list[Update] = list(updates)
    texts.own = {update.pk for update in found if roles.is_in(update.agency_id)}
    rows = Submission.objects.filter(update__in=found).select_related(
        "withdrawal", "superseded_by", "repeats__repeats"
    )
    texts.sent = {(row.update_id, row.number): row for row in rows}
    rounds = {row.pk: row.duty.round_id for row in found if row.duty.kind == QUESTIONNAIRE}
    if rounds:
        asked: dict[int, list[RoundQuestion]] = defaultdict(list)
        for one in RoundQuestion.objects.filter(round__in=rounds.values()).order_by("number"):
            asked[one.round_id].append(one)
        texts.asked = {pk: asked[round_id] for pk, round_id in rounds.items()}
