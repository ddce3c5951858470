"""Who may see and do what: each rule once, as a predicate and as a queryset, side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.access import Roles, members_ever
from agencies.models import Membership, Versioned
from recommendations.models import (
    ACTIVE,
    Action,
    Assignment,
    Duty,
    Evidence,
    Framework,
    PriorityArea,
    Publication,
    ReviewState,
    Round,
    Submission,
    SubmissionAuthor,
    SubmissionMember,
    Update,
)
from recommendations.models.update import UpdateQuerySet

Obj: TypeAlias = Versioned | Evidence


class Who(Enum):
    """The kinds of people a transition may ask for."""

    AGENCY = "agency"
    STEERING = "steering"
    AGENCY_OR_STEERING = "agency_or_steering"
    REVIEWER = "reviewer"
    ADMINISTRATION = "administration"

    @property
    def words(self) -> Promise:
        """Return the rule in words, as refusals and the printed table say it."""
        return WORDS[self]


WORDS: dict[Who, Promise] = {
    Who.AGENCY: _("a focal point or alternate of the agency"),
    Who.STEERING: _("a coordinator or administrator"),
    Who.AGENCY_OR_STEERING: _("a focal point of the agency, a coordinator or administrator"),
    Who.ADMINISTRATION: _("an administrator of all frameworks"),
    Who.REVIEWER: _("a coordinator who is not of the agency and wrote none of the text"),
}

WHO: dict[tuple[str, str], Who] = {
    ("action", "assign"): Who.STEERING,
    ("action", "take_over"): Who.ADMINISTRATION,
    ("assignment", "accept"): Who.AGENCY,
    ("assignment", "accept_partly"): Who.AGENCY,
    ("assignment", "consider"): Who.AGENCY,
    ("assignment", "decline"): Who.AGENCY,
    ("assignment", "withdraw"): Who.STEERING,
    ("assignment", "end"): Who.STEERING,
    ("assignment", "set_target"): Who.AGENCY_OR_STEERING,
    ("assignment", "assess"): Who.REVIEWER,
    ("round", "open"): Who.STEERING,
    ("round", "close"): Who.STEERING,
    ("duty", "set_due"): Who.STEERING,
    ("update", "edit"): Who.AGENCY,
    ("update", "submit"): Who.AGENCY,
    ("update", "withdraw"): Who.AGENCY,
    ("update", "return"): Who.REVIEWER,
    ("update", "approve"): Who.REVIEWER,
    ("update", "reopen"): Who.REVIEWER,
}
"""Who may do what. `edit` is no transition: it saves drafts and evidence."""


def noun_of(obj: Versioned) -> str:
    """Return the word under which the rules know an object."""
    return str(obj._meta.model_name)


def agency_of(obj: Versioned) -> int | None:
    """Return the agency that an object belongs to, if it belongs to one."""
    if isinstance(obj, Assignment | Update):
        return obj.agency_id
    return obj.answerable_id if isinstance(obj, Duty) else None


def framework_of(obj: Versioned) -> int | None:
    """Return the framework that an object belongs to."""
    return getattr(obj, "framework_id", None)


def may(roles: Roles, verb: str, obj: Versioned, *, at: datetime) -> bool:
    """Say whether a person may do `verb` to an object they can see."""
    who = WHO[noun_of(obj), verb]
    framework_id, agency_id = framework_of(obj), agency_of(obj)
    steering = roles.is_coordinator(framework_id) or roles.is_administrator(framework_id)
    if who is Who.AGENCY:
        return roles.is_in(agency_id)
    if who is Who.STEERING:
        return steering
    if who is Who.ADMINISTRATION:
        return roles.is_administrator(None)
    if who is Who.AGENCY_OR_STEERING:
        return steering or roles.is_in(agency_id)
    return roles.is_coordinator(framework_id) and is_impartial(roles, obj, at=at)


def is_impartial(roles: Roles, obj: Versioned, *, at: datetime) -> bool:
    """Say whether a person neither belongs to the agency nor wrote the text (rule 3).

    Belonging counts now, on the day of the submission as the memberships say today, and as
    they said then: an end that is recorded backwards opens no door.
    """
    agency_id = agency_of(obj)
    submission = decided_text(obj)
    if agency_id is None or roles.user_id is None or roles.is_in(agency_id):
        return False
    if submission is None:
        return True
    if submission.submitted_by_id == roles.user_id:
        return False
    if members_ever(agency_id, roles.user_id, moments=(at, submission.submitted_at)):
        return False
    frozen = Q(authors__user=roles.user_id) | Q(members__user=roles.user_id)
    return not Submission.objects.filter(frozen, pk=submission.pk).exists()


def decided_text(obj: Versioned) -> Submission | None:
    """Return the submission that a decision on this object would be about."""
    if isinstance(obj, Update):
        return obj.submissions.order_by("-number").first()
    return obj.in_force if isinstance(obj, Assignment) else None


def decidable_updates(roles: Roles, *, at: datetime) -> UpdateQuerySet:
    """Return the submitted updates on which a person may decide: `may` as a queryset."""
    updates = Update.objects.awaiting_review()
    if roles.user_id is None or not roles.coordinates:
        return updates.none()
    updates = updates.filter(reaches(roles.coordinates, "duty__round__framework"))
    newest = Submission.objects.filter(update=OuterRef("update")).order_by("-number")
    written = SubmissionAuthor.objects.filter(submission=OuterRef("pk"), user_id=roles.user_id)
    member = SubmissionMember.objects.filter(submission=OuterRef("pk"), user_id=roles.user_id)
    then = Q(from_on__lte=OuterRef("day")) & (
        Q(until_on__isnull=True) | Q(until_on__gte=OuterRef("day"))
    )
    belonged = Membership.objects.filter(then, user_id=roles.user_id).filter(
        Q(agency=OuterRef("update__duty__assignment__agency"))
        | Q(agency=OuterRef("update__duty__agency"))
    )
    partial = (
        Submission.objects.filter(update__review_state=ReviewState.SUBMITTED)
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .annotate(day=TruncDate("submitted_at", tzinfo=UTC))
        .filter(
            Q(submitted_by_id=roles.user_id) | Exists(written) | Exists(member) | Exists(belonged)
        )
    )
    own = updates.filter(agency_in(roles.agencies))
    return updates.exclude(pk__in=own.values("pk")).exclude(pk__in=partial.values("update"))


def agency_in(agencies: frozenset[int]) -> Q:
    """Return the condition that an update is one of these agencies'."""
    return Q(duty__assignment__agency__in=agencies) | Q(duty__agency__in=agencies)


def reaches(office: frozenset[int | None], path: str) -> Q:
    """Return the condition that a framework is within an office."""
    if None in office:
        # Not an empty Q: `or` with that would drop this side, and mean nothing at all.
        return ~Q(pk__in=[])
    return Q(**{f"{path}__in": [pk for pk in office if pk is not None]})


def oversees(roles: Roles, path: str) -> Q:
    """Return the condition that a person coordinates or administers the framework."""
    return reaches(roles.coordinates | roles.administers, path)


def sees(roles: Roles, obj: Obj) -> bool:
    """Say whether an object exists for a person: the predicate of the `visible_*` below."""
    if isinstance(obj, Framework | PriorityArea | Action | Round):
        return not isinstance(obj, Round) or sees_round(roles, obj)
    if isinstance(obj, Evidence):
        return sees_evidence(roles, obj)
    if roles.is_in(agency_of(obj)) or sees_inside(roles, framework_of(obj)):
        return True
    return isinstance(obj, Assignment) and obj.is_active


def sees_inside(roles: Roles, framework_id: int | None) -> bool:
    """Say whether a person sees what is not public yet in a framework."""
    return roles.is_coordinator(framework_id) or roles.is_administrator(framework_id)


def sees_round(roles: Roles, obj: Round) -> bool:
    """Say whether a person sees a round: a planned one is for those who prepare it."""
    return obj.state != Round.State.PLANNED or sees_inside(roles, obj.framework_id)


def sees_text(roles: Roles, update: Update) -> bool:
    """Say whether a person may read the draft of an update: its agency alone."""
    return roles.is_in(update.agency_id)


def sees_evidence(roles: Roles, evidence: Evidence) -> bool:
    """Say whether a person may open a piece of evidence; what was taken back is private again."""
    update = evidence.update
    if roles.is_in(update.agency_id):
        return True
    sent = evidence.submissions.filter(withdrawal__isnull=True)
    if sees_inside(roles, update.framework_id):
        return sent.exists()
    return evidence.public and sent.filter(publication__isnull=False).exists()


def visible_rounds(roles: Roles) -> QuerySet[Round]:
    """Return the rounds that exist for a person."""
    return Round.objects.filter(
        ~Q(state=Round.State.PLANNED) | oversees_or_none(roles, "framework")
    )


def visible_assignments(roles: Roles) -> QuerySet[Assignment]:
    """Return the assignments that exist for a person."""
    return Assignment.objects.filter(
        Q(acceptance__in=ACTIVE)
        | Q(agency__in=roles.agencies)
        | oversees_or_none(roles, "action__framework")
    )


def visible_duties(roles: Roles) -> QuerySet[Duty]:
    """Return the duties that exist for a person."""
    return Duty.objects.filter(
        Q(assignment__agency__in=roles.agencies)
        | Q(agency__in=roles.agencies)
        | oversees_or_none(roles, "round__framework")
    )


def visible_updates(roles: Roles) -> UpdateQuerySet:
    """Return the updates that exist for a person: their agencies', or all they oversee."""
    return Update.objects.filter(
        agency_in(roles.agencies) | oversees_or_none(roles, "duty__round__framework")
    )


def visible_evidence(roles: Roles) -> QuerySet[Evidence]:
    """Return the evidence that a person may open."""
    own = Q(update__duty__assignment__agency__in=roles.agencies) | Q(
        update__duty__agency__in=roles.agencies
    )
    standing = Submission.objects.filter(evidence=OuterRef("pk"), withdrawal__isnull=True)
    sent = Exists(standing)
    published = Exists(Publication.objects.filter(submission__evidence=OuterRef("pk")))
    inside = oversees_or_none(roles, "update__duty__round__framework") & Q(sent)
    return Evidence.objects.filter(own | inside | (Q(public=True) & Q(published)))


def oversees_or_none(roles: Roles, path: str) -> Q:
    """Return `oversees`, or a condition that nothing meets for a person without an office."""
    if not roles.coordinates and not roles.administers:
        return Q(pk__in=[])
    return oversees(roles, path)
