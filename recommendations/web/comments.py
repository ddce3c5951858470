"""The conversation about an update, for the pages that show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Membership
from recommendations.domain.conversation import text_of
from recommendations.models import Comment, CommentAnswer, Update
from recommendations.reporting import shown


@dataclass(frozen=True)
class Said:
    """A comment with its answers. `label` is what the field is called; `about` the text that it
    was written about, where it may be read.

    What the agency took back is private to it again, also where a comment is about it.
    """

    comment: Comment
    answers: list[Any]
    about: str
    label: str

    @property
    def state(self) -> str:
        """Return whether it is closed, answered by the agency, or open."""
        if self.comment.closed_at is not None:
            return "closed"
        return "answered" if self.answers and self.answers[-1].of_agency else "open"

    @property
    def is_open(self) -> bool:
        """Say whether its reviewer has not closed it."""
        return self.comment.closed_at is None


def with_answers() -> QuerySet[Comment]:
    """Return comments with all that their pages show, oldest first; two queries."""
    return (
        Comment.objects.select_related("written_by", "closed_by")
        .prefetch_related(Prefetch("answers", answers()))
        .order_by("id")
    )


def answers() -> QuerySet[CommentAnswer]:
    """Return answers, each with whether it is the agency's: its writer belonged to it that day."""
    then = Q(from_on__lte=OuterRef("day")) & (
        Q(until_on__isnull=True) | Q(until_on__gte=OuterRef("day"))
    )
    update = "comment__submission__update"
    of_agency = Membership.objects.filter(then, user=OuterRef("written_by")).filter(
        Q(agency=OuterRef(f"{update}__duty__assignment__agency"))
        | Q(agency=OuterRef(f"{update}__duty__agency"))
    )
    dated = CommentAnswer.objects.annotate(day=TruncDate("written_at", tzinfo=UTC))
    return dated.annotate(of_agency=Exists(of_agency)).select_related("written_by").order_by("id")


def comments_of(update: Update, *, own: bool) -> list[Said]:
    """Return the conversation about an update, oldest first; two queries."""
    rows = with_answers().filter(submission__update=update.pk)
    rows = rows.select_related("written_by", "closed_by", "submission__withdrawal")
    labels = shown.labels(update) if rows else {}
    return [said(comment, own=own, labels=labels) for comment in rows]


def said(comment: Comment, *, own: bool, labels: Mapping[str, str | Promise]) -> Said:
    """Return a comment as its pages show it."""
    submission = comment.submission
    readable = own or getattr(submission, "withdrawal", None) is None
    about = text_of(submission, comment.field) if readable else ""
    label = labels.get(comment.field) or _("The whole update")
    return Said(comment, list(comment.answers.all()), about, str(label))


def by_field(comments: Iterable[Said]) -> dict[str, list[Said]]:
    """Return the open comments by the field that they are about, or the "whole"."""
    found: dict[str, list[Said]] = defaultdict(list)
    for one in comments:
        if one.is_open:
            found[one.comment.field or "whole"].append(one)
    return dict(found)


def counted(comments: Iterable[Said]) -> str:
    """Return in words how many comments are open, and how many of these are answered."""
    states = [one.state for one in comments if one.is_open]
    count, answered = len(states), states.count("answered")
    if not states:
        return ""
    words = ngettext("%(count)d open comment", "%(count)d open comments", count)
    return words % {"count": count} + _(", %(answered)d answered") % {"answered": answered}
