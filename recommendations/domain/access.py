"""Who may see and do what: each rule once, as a predicate and as a queryset, side by side."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.access import Roles
from agencies.history import kind_of
from agencies.models import Versioned
from recommendations.domain.impartial import dated, is_impartial, own_text
from recommendations.models import (
    ACTIVE,
    Action,
    Assignment,
    Comment,
    Decision,
    Duty,
    Evidence,
    Framework,
    PriorityArea,
    ReviewState,
    Round,
    Submission,
    Update,
)
from recommendations.models.round import DutyQuerySet
from recommendations.models.update import UpdateQuerySet

Obj: TypeAlias = Versioned | Evidence


class Who(Enum):
    """The kinds of people a transition may ask for."""

    AGENCY = "agency"
    STEERING = "steering"
    STEERING_OTHERS = "steering_others"
    AGENCY_OR_STEERING = "agency_or_steering"
    CLEARING_OFFICER = "clearing_officer"
    REVIEWER = "reviewer"
    AGENCY_OR_REVIEWER = "agency_or_reviewer"
    ADMINISTRATION = "administration"

    @property
    def words(self) -> Promise:
        """Return the rule in words, as refusals and the printed table say it."""
        return WORDS[self]


WORDS: dict[Who, Promise] = {
    Who.AGENCY: _("a focal point or alternate of the agency"),
    Who.STEERING: _("a coordinator or administrator"),
    Who.STEERING_OTHERS: _("a coordinator or administrator who is not of the agency"),
    Who.AGENCY_OR_STEERING: _("a focal point of the agency, a coordinator or administrator"),
    Who.CLEARING_OFFICER: _("a clearing officer of the agency"),
    Who.ADMINISTRATION: _("an administrator of all frameworks"),
    Who.REVIEWER: _("a coordinator who is not of the agency and wrote none of the text"),
    Who.AGENCY_OR_REVIEWER: _("a focal point of the agency, or a coordinator who may decide on it"),
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
    ("assignment", "report"): Who.AGENCY,
    ("round", "open"): Who.STEERING,
    ("round", "close"): Who.STEERING,
    ("round", "hold"): Who.STEERING,
    ("round", "release"): Who.STEERING,
    ("round", "extend"): Who.STEERING,
    ("round", "reopen"): Who.STEERING,
    ("duty", "set_due"): Who.STEERING_OTHERS,
    ("duty", "ask"): Who.AGENCY,
    ("duty", "grant"): Who.STEERING_OTHERS,
    ("duty", "refuse"): Who.STEERING_OTHERS,
    ("duty", "waive"): Who.STEERING_OTHERS,
    ("update", "edit"): Who.AGENCY,
    ("update", "clear"): Who.CLEARING_OFFICER,
    ("update", "submit"): Who.AGENCY,
    ("update", "withdraw"): Who.AGENCY,
    ("update", "return"): Who.REVIEWER,
    ("update", "approve"): Who.REVIEWER,
    ("update", "reopen"): Who.REVIEWER,
    ("update", "correct"): Who.AGENCY,
    ("update", "retract"): Who.REVIEWER,
    ("update", "comment"): Who.REVIEWER,
    ("update", "answer_comment"): Who.AGENCY_OR_REVIEWER,
    ("update", "close_comment"): Who.REVIEWER,
    ("update", "take_suggestion"): Who.AGENCY,
}
"""Who may do what. `edit` is no transition: it saves drafts and evidence."""


def noun_of(obj: Versioned) -> str:
    """Return the word under which the rules know an object."""
    return kind_of(obj)


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
    if who is Who.STEERING_OTHERS:
        return steering and not roles.is_in(agency_id)
    if who is Who.ADMINISTRATION:
        return roles.is_administrator(None)
    if who is Who.AGENCY_OR_STEERING:
        return steering or roles.is_in(agency_id)
    if who is Who.CLEARING_OFFICER:
        return roles.clears_for(agency_id)
    if who is Who.AGENCY_OR_REVIEWER and roles.is_in(agency_id):
        return True
    return roles.is_coordinator(framework_id) and is_impartial(
        roles, agency_id, decided_texts(obj), at=at
    )


def decided_texts(obj: Versioned) -> QuerySet[Submission]:
    """Return the submissions of which a decision on this object would be about the first."""
    if isinstance(obj, Update):
        return Submission.objects.filter(update=obj.pk).order_by("-number")
    in_force = obj.in_force_id if isinstance(obj, Assignment) else None
    return Submission.objects.filter(pk__in=[in_force]).order_by("-number")


def decidable_updates(roles: Roles, *, at: datetime) -> UpdateQuerySet:
    """Return the submitted updates on which a person may decide: `may` as a queryset."""
    updates = Update.objects.awaiting_review()
    if roles.user_id is None or not roles.coordinates:
        return updates.none()
    updates = updates.filter(reaches(roles.coordinates, "duty__round__framework"))
    newest = Submission.objects.filter(update=OuterRef("update")).order_by("-number")
    partial = dated(Submission.objects.all()).filter(
        own_text(roles.user_id),
        update__review_state=ReviewState.SUBMITTED,
        pk=Subquery(newest.values("pk")[:1]),
    )
    own = updates.filter(agency_in(roles.agencies))
    return updates.exclude(pk__in=own.values("pk")).exclude(pk__in=partial.values("update"))


def visible_comments(roles: Roles) -> QuerySet[Comment]:
    """Return the comments that exist for a person: on updates that do, to the two sides only."""
    return Comment.objects.filter(submission__update__in=visible_updates(roles).values("pk"))


def open_comments(update: Update) -> QuerySet[Comment]:
    """Return the comments on an update that its reviewer has not closed."""
    return Comment.objects.filter(submission__update=update.pk, closed_at__isnull=True)


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
    """Say whether a person may open a piece of evidence.

    What was taken back is private again, and so for the public what was retracted.
    """
    update = evidence.update
    if roles.is_in(update.agency_id):
        return True
    sent = evidence.submissions.filter(withdrawal__isnull=True)
    if sees_inside(roles, update.framework_id):
        return sent.exists()
    return evidence.public and public_now(sent).exists()


def public_now(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Keep the submissions that were published and not retracted since."""
    retracted = Decision.objects.filter(submission=OuterRef("pk"), verb=Decision.Verb.RETRACT)
    return submissions.filter(~Exists(retracted), publication__isnull=False)


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


def visible_duties(roles: Roles) -> DutyQuerySet:
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
    published = Exists(public_now(standing))
    inside = oversees_or_none(roles, "update__duty__round__framework") & Q(sent)
    return Evidence.objects.filter(own | inside | (Q(public=True) & Q(published)))


def oversees_or_none(roles: Roles, path: str) -> Q:
    """Return `oversees`, or a condition that nothing meets for a person without an office."""
    if not roles.coordinates and not roles.administers:
        return Q(pk__in=[])
    return oversees(roles, path)
