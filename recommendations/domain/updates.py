"""What an agency writes in an update before it sends it: drafts, and who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, NotVisible, Roles, roles_of
from agencies.models import User
from agencies.revisions import Conflict
from recommendations.domain import access
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import (
    CONTENT_FIELDS,
    Action,
    Decision,
    Draft,
    Duty,
    Evidence,
    ReviewState,
    Round,
    Submission,
    Update,
    UpdateAuthor,
)
from recommendations.models.update import UpdateQuerySet

WRITABLE = (ReviewState.DRAFT, ReviewState.RETURNED)


def claim_to_write(update: Update, *, by: User, at: datetime) -> Update:
    """Claim an update whose text a person is about to change, inside a transaction.

    Raises NotVisible, NotPermitted, or NotAllowedNow once the text is sent or the round
    has closed. The claim keeps a send and a save of the same update apart.
    """
    roles = roles_of(by, at=at)
    if not access.sees(roles, update):
        raise NotVisible
    claimed = (
        Update.objects.select_for_update(no_key=True, of=("self",)).with_place().get(pk=update.pk)
    )
    check_writable(claimed, roles, at=at)
    return claimed


def check_writable(update: Update, roles: Roles, *, at: datetime) -> None:
    """Raise NotAllowedNow or NotPermitted where a person cannot change the text now."""
    if update.review_state not in WRITABLE:
        raise NotAllowedNow(
            _("This update is %(state)s; its text cannot be changed now.")
            % {"state": update.get_review_state_display().lower()},
            about=update,
        )
    closed = why_closed(update)
    if closed:
        raise NotAllowedNow(closed, about=update)
    if not access.may(roles, "edit", update, at=at):
        raise NotPermitted(_("Only the agency can change its text."))


def writable_updates(roles: Roles) -> UpdateQuerySet:
    """Return the updates whose text a person can change now: `check_writable` as a queryset."""
    return Update.objects.filter(writable(), access.agency_in(roles.agencies))


def writable() -> Q:
    """Return the condition that the agency of an update can change its text now."""
    returned = Q(review_state=ReviewState.RETURNED) | Q(came_back())
    outlives = Q(corrects__isnull=False) | returned
    return (
        Q(review_state__in=WRITABLE)
        & ~Q(duty__state=Duty.State.WAIVED)
        & (Q(duty__round__state=Round.State.OPEN) | outlives)
    )


def why_closed(update: Update) -> str | None:
    """Return why an agency cannot send this update any more, or None.

    After the round has closed only an update that came back can still be answered, also
    where its answer was sent and taken back; and a correction, which no round asks for.
    """
    duty = update.duty
    if duty.state == Duty.State.WAIVED:
        return _("This update is no longer due: %(reason)s") % {"reason": duty.waived_because}
    if duty.round.state != Round.State.OPEN and not outlives_round(update):
        return _("Round %(round)s is closed. A coordinator can reopen it.") % {"round": duty.round}
    return None


CAME_BACK = (Decision.Verb.RETURN, Decision.Verb.REOPEN, Decision.Verb.RETRACT)
"""The decisions after which a reviewer waits for the agency's answer."""


def came_back() -> Exists:
    """Return the condition that an update was returned, reopened or retracted at some time."""
    return Exists(Decision.objects.filter(submission__update=OuterRef("pk"), verb__in=CAME_BACK))


def has_come_back(update: Update) -> bool:
    """Say whether an update was returned, reopened or retracted at some time."""
    if update.review_state == ReviewState.RETURNED:
        return True
    return Update.objects.filter(came_back(), pk=update.pk).exists()


def outlives_round(update: Update) -> bool:
    """Say whether an update can be written and sent after its round has closed."""
    return update.corrects_id is not None or has_come_back(update)


def save_draft(
    update: Update, *, content: Mapping[str, Any], by: User, at: datetime, version: int
) -> Draft:
    """Save what an agency has typed; `version` is 0 where no draft was there.

    Nothing is required of a draft and no event is made. Raises Conflict with the saved
    draft where somebody else saved in between: nothing is overwritten; RequirementMissing
    for an action that cannot take the place of this one.
    """
    with transaction.atomic():
        claimed = claim_to_write(update, by=by, at=at)
        values = {name: content[name] for name in CONTENT_FIELDS if name in content}
        refuse_stranger(claimed, values.get("superseded_by"))
        draft = Draft.objects.filter(update=claimed).first()
        if (draft.version if draft else 0) != version:
            raise Conflict(draft, values)
        if draft is None:
            draft = Draft(update=claimed, begun_at=at, begun_by=by)
        for name, value in values.items():
            setattr(draft, name, value)
        draft.version = next_draft_version(claimed)
        draft.saved_at, draft.saved_by = at, by
        draft.save()
        write_author(claimed, by=by, at=at)
    return draft


def refuse_stranger(update: Update, action: Action | None) -> None:
    """Raise RequirementMissing where an action is of another framework, or is this one."""
    if action is None:
        return
    own = update.duty.assignment.action_id if update.duty.assignment else None
    if action.pk == own or action.framework_id != update.framework_id:
        raise RequirementMissing(
            {"superseded_by": _("Choose another action of the same framework.")}
        )


def write_author(update: Update, *, by: User, at: datetime) -> None:
    """Note that a person wrote in an update, so that they never decide on it."""
    UpdateAuthor.objects.get_or_create(update=update, user=by, defaults={"first_saved_at": at})


def next_draft_version(update: Update) -> int:
    """Return the version of the draft that is about to be saved, under the update's claim.

    Counted on the update, because drafts come and go: a form opened on a draft that was
    sent or thrown away since must not match the one begun after it.
    """
    update.drafts_saved += 1
    update.save(update_fields=["drafts_saved"])
    return update.drafts_saved


def delete_draft(update: Update, *, by: User, at: datetime, version: int) -> None:
    """Throw a draft away. Raises Conflict where it changed since the person saw it."""
    with transaction.atomic():
        claimed = claim_to_write(update, by=by, at=at)
        draft = Draft.objects.filter(update=claimed).first()
        if draft is None or draft.version != version:
            raise Conflict(draft, {})
        draft.delete()


def starting_content(update: Update) -> dict[str, Any]:
    """Return what the form starts with: the draft, else what was last sent, else nothing.

    A correction of which nothing is written yet starts with the text that it corrects.
    """
    source = Draft.objects.filter(update=update).first() or newest_submission(update)
    if source is None and update.corrects is not None:
        source = newest_submission(update.corrects)
    if source is None:
        return {}
    return {name: getattr(source, name) for name in CONTENT_FIELDS}


def newest_submission(update: Update) -> Submission | None:
    """Return what was last sent of an update."""
    return update.submissions.order_by("-number").first()


def evidence_of(update: Update) -> list[Evidence]:
    """Return the evidence that the agency gave with the update and has not taken off."""
    return list(given_with(update.pk).order_by("id"))


def given_with(update: int) -> QuerySet[Evidence]:
    """Return the same as a query."""
    return Evidence.objects.filter(update=update, detached_at__isnull=True)
