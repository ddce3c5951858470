"""Who has no part in a text: nobody decides on their own (design, rule 3)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import TruncDate

from agencies.access import Roles
from agencies.models import Membership
from recommendations.models import Submission, SubmissionPerson


def is_impartial(
    roles: Roles, agency_id: int | None, texts: QuerySet[Submission], *, at: datetime
) -> bool:
    """Say whether a person is not of the agency, and had no part in the first of these texts.

    Belonging counts now, on the day of the submission as the memberships say today, and as
    they said then: an end that is recorded backwards opens no door. One query.
    """
    if agency_id is None or roles.user_id is None or roles.is_in(agency_id):
        return False
    now = Membership.objects.on(at.date()).filter(user_id=roles.user_id, agency_id=agency_id)
    own = own_text(roles.user_id) | Q(Exists(now))
    text = dated(texts).annotate(of_reader=Case(When(own, then=True), default=False)).first()
    return text is None or not text.of_reader


def dated(texts: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return submissions with the day, UTC, on which each was sent, as `own_text` asks for."""
    return texts.annotate(day=TruncDate("submitted_at", tzinfo=UTC))


def own_text(user_id: int) -> Q:
    """Return the condition that a person had a part in a submission, or was of its agency then.

    A part has who wrote some of it, cleared it, or sent it.
    """
    then = Q(from_on__lte=OuterRef("day")) & (
        Q(until_on__isnull=True) | Q(until_on__gte=OuterRef("day"))
    )
    frozen = SubmissionPerson.objects.filter(submission=OuterRef("pk"), user_id=user_id)
    belonged = Membership.objects.filter(then, user_id=user_id).filter(
        Q(agency=OuterRef("update__duty__assignment__agency"))
        | Q(agency=OuterRef("update__duty__agency"))
    )
    sent = Q(submitted_by_id=user_id) | Q(cleared_by_id=user_id)
    return sent | Q(Exists(frozen)) | Q(Exists(belonged))
