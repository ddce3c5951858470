"""Drafts, and what an agency does with them: send, take back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from agencies import history
from agencies.access import NotPermitted, NotVisible, Roles, roles_of
from agencies.models import Membership, User
from agencies.revisions import Conflict
from recommendations.domain import access
from recommendations.domain.contents import out_of_place, problems
from recommendations.domain.transition import Change, NotAllowedNow, RequirementMissing, Transition
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
    SubmissionAuthor,
    SubmissionEvidence,
    SubmissionKind,
    SubmissionMember,
    Update,
    UpdateAuthor,
    Withdrawal,
)

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
            % {"state": update.get_review_state_display().lower()}
        )
    closed = why_closed(update)
    if closed:
        raise NotAllowedNow(closed)
    if not access.may(roles, "edit", update, at=at):
        raise NotPermitted(_("Only the agency can change its text."))


def why_closed(update: Update) -> str | None:
    """Return why an agency cannot send this update any more, or None.

    After the round has closed only an update that came back can still be answered, also
    where its answer was sent and taken back.
    """
    duty = update.duty
    if duty.state == Duty.State.WAIVED:
        return _("This update is no longer due: %(reason)s") % {"reason": duty.waived_because}
    if duty.round.state != Round.State.OPEN and not has_come_back(update):
        return _("Round %(round)s is closed. What you typed is kept.") % {"round": duty.round}
    return None


CAME_BACK = (Decision.Verb.RETURN, Decision.Verb.REOPEN)
"""The decisions after which a reviewer waits for the agency's answer."""


def came_back() -> Exists:
    """Return the condition that an update was returned or reopened at some time."""
    return Exists(Decision.objects.filter(submission__update=OuterRef("pk"), verb__in=CAME_BACK))


def has_come_back(update: Update) -> bool:
    """Say whether an update was returned or reopened at some time."""
    if update.review_state == ReviewState.RETURNED:
        return True
    return Update.objects.filter(came_back(), pk=update.pk).exists()


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
    """Return what the form starts with: the draft, else what was last sent, else nothing."""
    source = Draft.objects.filter(update=update).first() or newest_submission(update)
    if source is None:
        return {}
    return {name: getattr(source, name) for name in CONTENT_FIELDS}


def newest_submission(update: Update) -> Submission | None:
    """Return what was last sent of an update."""
    return update.submissions.order_by("-number").first()


def evidence_to_send(update: Update, draft: Draft, in_force: Submission | None) -> list[Evidence]:
    """Return the evidence that would go with this draft: "nothing new" keeps that of the text."""
    found = evidence_of(update)
    if draft.kind == SubmissionKind.NO_CHANGE and in_force is not None:
        kept = in_force.evidence.exclude(pk__in=[one.pk for one in found])
        found = sorted([*kept, *found], key=lambda one: one.pk)
    return found


def evidence_of(update: Update) -> list[Evidence]:
    """Return the evidence that the agency gave with the update and has not taken off."""
    return list(update.evidence.filter(detached_at__isnull=True).order_by("id"))


def submit(change: Change[Update]) -> None:
    """Freeze the draft as the next submission. Facts: draft_version, what the sender checked."""
    update = change.obj
    draft = Draft.objects.filter(update=update).first()
    if draft is None:
        raise RequirementMissing({"draft": _("Write the update first.")})
    if draft.version != change.fact("draft_version"):
        raise Conflict(draft, change.facts)
    in_force = update.duty.assignment.in_force if update.duty.assignment else None
    evidence = evidence_to_send(update, draft, in_force)
    found = problems(draft, evidence=evidence, in_force=in_force)
    if found:
        raise RequirementMissing(found)
    submission = freeze(change, draft, in_force)
    for shown in evidence:
        SubmissionEvidence.objects.create(submission=submission, evidence=shown)
    write_who(change, submission)
    draft.delete()
    change.write(
        update,
        change.transition.event,
        note="",
        content={"submission": submission.number, "text": submission.content_hash},
        review_state=ReviewState.SUBMITTED,
    )


def write_who(change: Change[Update], submission: Submission) -> None:
    """Freeze who may never decide on a submission: its authors, and its agency's people."""
    update = change.obj
    writers = set(update.authors.values_list("user_id", flat=True)) | {change.by.pk}
    SubmissionAuthor.objects.bulk_create(
        SubmissionAuthor(submission=submission, user_id=pk) for pk in sorted(writers)
    )
    of_agency = Membership.objects.on(change.at.date()).filter(agency=update.agency_id)
    SubmissionMember.objects.bulk_create(
        SubmissionMember(submission=submission, user_id=pk)
        for pk in sorted(set(of_agency.values_list("user_id", flat=True)))
    )


def freeze(change: Change[Update], draft: Draft, in_force: Submission | None) -> Submission:
    """Save a draft as a submission; "nothing new" repeats the report whose text is in force."""
    content = {name: getattr(draft, name) for name in CONTENT_FIELDS} | out_of_place(draft)
    repeats = None
    if draft.kind == SubmissionKind.NO_CHANGE and in_force is not None:
        repeats = in_force.repeats or in_force
        for name in CONTENT_FIELDS:
            if name not in ("kind", "body"):
                content[name] = getattr(repeats, name)
    last = change.obj.submissions.aggregate(last=Max("number"))["last"] or 0
    plain = {name: history.plain(value) for name, value in content.items()}
    return Submission.objects.create(
        update=change.obj,
        number=last + 1,
        repeats=repeats,
        content_hash=history.sha256(history.canonical(plain)),
        submitted_at=change.at,
        submitted_by=change.by,
        **content,
    )


def why_not_taken_back(update: Update) -> str | None:
    """Return why a submission cannot be taken back: it could not be sent again."""
    if update.duty.state == Duty.State.WAIVED:
        return _(
            "What you take back could not be sent again. This update is no longer due: %(reason)s"
        ) % {"reason": update.duty.waived_because}
    if update.duty.round.state != Round.State.OPEN and not has_come_back(update):
        return _(
            "Round %(round)s is closed: what you take back could not be sent again. "
            "The coordinator can return it to you."
        ) % {"round": update.duty.round}
    return None


def withdraw(change: Change[Update]) -> None:
    """Take a submission back before a decision; its text becomes the draft again."""
    submission = newest_submission(change.obj)
    if submission is None:
        raise NotAllowedNow(_("Nothing was sent yet."))
    Withdrawal.objects.create(submission=submission, recorded_at=change.at, recorded_by=change.by)
    Draft.objects.create(
        update=change.obj,
        version=next_draft_version(change.obj),
        begun_at=change.at,
        begun_by=change.by,
        saved_at=change.at,
        saved_by=change.by,
        **{name: getattr(submission, name) for name in CONTENT_FIELDS},
    )
    change.write(
        change.obj,
        change.transition.event,
        content={"submission": submission.number},
        review_state=ReviewState.DRAFT,
    )


TRANSITIONS: tuple[Transition[Update], ...] = (
    Transition(
        noun="update",
        verb="submit",
        sources=(ReviewState.DRAFT, ReviewState.RETURNED),
        target=ReviewState.SUBMITTED,
        event="submitted",
        effect=submit,
        requires=("draft",),
        facts=("draft_version",),
        state_field="review_state",
        guard=why_closed,
    ),
    Transition(
        noun="update",
        verb="withdraw",
        sources=(ReviewState.SUBMITTED,),
        target=ReviewState.DRAFT,
        event="withdrawn",
        effect=withdraw,
        state_field="review_state",
        guard=why_not_taken_back,
    ),
)
