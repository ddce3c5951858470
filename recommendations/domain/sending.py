"""An agency sends an update, or takes it back before a decision."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import gettext as _

from agencies import history, writes
from agencies.fixed import Fixed
from agencies.models import Membership
from agencies.revisions import Conflict
from recommendations.domain import behalf, clearing
from recommendations.domain.contents import Questions, out_of_place, problems
from recommendations.domain.questionnaires import asked_in
from recommendations.domain.transition import Change, NotAllowedNow, RequirementMissing, Transition
from recommendations.domain.updates import (
    given_with,
    newest_submission,
    next_draft_version,
    outlives_round,
    why_closed,
)
from recommendations.models import (
    CONTENT_FIELDS,
    Clearance,
    Draft,
    Duty,
    ReviewState,
    Round,
    Submission,
    SubmissionEvidence,
    SubmissionKind,
    SubmissionPerson,
    Update,
    UpdateAuthor,
    Withdrawal,
)


class Piece(NamedTuple):
    """What is looked at of a piece of evidence: which one it is, and what it points to."""

    pk: int
    url: str
    sha256: str


class Beside(NamedTuple):
    """What goes with a text: the evidence given, who wrote some of it, who is of the agency."""

    given: list[Piece]
    authors: set[int]
    members: set[int]


def beside(update: Update, *, day: date) -> Beside:
    """Return what goes with the unsent text of an update on a day; one query."""
    found: dict[str, list[Piece]] = {"given": [], "wrote": [], "belongs": []}
    for kind, *piece in BESIDE.rows(update=update.pk, agency=update.agency_id, day=day):
        found[kind].append(Piece(*piece))
    authors, members = ({one.pk for one in found[kind]} for kind in ("wrote", "belongs"))
    return Beside(sorted(found["given"]), authors, members)


def rows_beside(update: int, agency: int, day: date) -> QuerySet[Any, Any]:
    """Return the same as rows of one shape: what it is, and a piece; of people their number."""

    def alike(kind: str, rows: QuerySet[Any], *paths: Any) -> QuerySet[Any, Any]:
        return rows.values_list(Value(kind, output_field=CharField()), *paths)

    nothing = Value("", output_field=CharField())
    wrote = UpdateAuthor.objects.filter(update=update)
    belongs = Membership.objects.on(day).filter(agency=agency)
    return alike("given", given_with(update), *Piece._fields).union(
        alike("wrote", wrote, "user_id", nothing, nothing),
        alike("belongs", belongs, "user_id", nothing, nothing),
        all=True,
    )


BESIDE = Fixed(rows_beside, update=int, agency=int, day=date)


def to_send(given: list[Piece], draft: Draft, in_force: Submission | None) -> list[Piece]:
    """Return the evidence that would go with a draft: "nothing new" keeps that of the text."""
    if draft.kind != SubmissionKind.NO_CHANGE or in_force is None:
        return given
    pointed_to = {(one.url, one.sha256) for one in given}
    before = map(Piece._make, in_force.evidence.values_list(*Piece._fields))
    return sorted([*(one for one in before if one[1:] not in pointed_to), *given])


def what_is_missing(update: Update, draft: Draft) -> dict[str, str]:
    """Return what keeps a draft from being sent: field → what to do. Empty: nothing."""
    in_force = update.duty.assignment.in_force if update.duty.assignment else None
    given = [Piece._make(row) for row in given_with(update.pk).values_list(*Piece._fields)]
    return problems(
        draft,
        evidence=to_send(given, draft, in_force),
        in_force=in_force,
        questions=asked_in(update),
    )


def submit(change: Change[Update]) -> None:
    """Freeze the draft as the next submission. Facts: draft_version, what the sender checked.

    On behalf of somebody of the agency there is no draft: the fact `content` is the text.
    """
    update = change.obj
    draft = draft_to_send(change)
    questions = asked_in(update)
    in_force = update.duty.assignment.in_force if update.duty.assignment else None
    together = beside(update, day=change.at.date())
    evidence = to_send(together.given, draft, in_force)
    found = problems(draft, evidence=evidence, in_force=in_force, questions=questions)
    if found:
        raise RequirementMissing(found)
    clearance = clearing.clearance_to_send(change, draft)
    submission = freeze(change, draft, in_force, questions, clearance)
    if evidence:
        writes.add_all(
            [SubmissionEvidence(submission=submission, evidence_id=one.pk) for one in evidence]
        )
    write_who(submission, together)
    if draft.pk:
        writes.remove(draft)
    change.write(
        update,
        change.transition.event,
        note="",
        content={"submission": submission.number, "text": submission.content_hash},
        review_state=ReviewState.SUBMITTED,
    )


def draft_to_send(change: Change[Update]) -> Draft:
    """Return the draft as the sender checked it, or what is entered on the agency's behalf."""
    if change.on_behalf_of is not None:
        return behalf.text_to_send(change)
    draft: Draft | None = getattr(change.obj, "draft", None)
    if draft is None:
        raise RequirementMissing({"draft": _("Write the update first.")})
    if draft.version != change.fact("draft_version"):
        raise Conflict(draft, change.facts)
    return draft


def write_who(submission: Submission, together: Beside) -> None:
    """Freeze who may never decide on a submission: its authors, and its agency's people."""
    people = {
        SubmissionPerson.How.WROTE: together.authors | {submission.submitted_by_id},
        SubmissionPerson.How.BELONGED: together.members,
    }
    writes.add_all(
        [
            SubmissionPerson(submission=submission, user_id=pk, how=how)
            for how, users in people.items()
            for pk in sorted(users)
        ]
    )


def freeze(
    change: Change[Update],
    draft: Draft,
    in_force: Submission | None,
    questions: Questions,
    clearance: Clearance | None,
) -> Submission:
    """Save a draft as a submission; "nothing new" repeats the report whose text is in force."""
    content = {name: getattr(draft, name) for name in CONTENT_FIELDS}
    content |= out_of_place(draft, questions)
    repeats = None
    if draft.kind == SubmissionKind.NO_CHANGE and in_force is not None:
        repeats = in_force.repeats or in_force
        for name in CONTENT_FIELDS:
            if name not in ("kind", "body"):
                content[name] = getattr(repeats, name)
    plain = {name: history.plain(value) for name, value in content.items()}
    submission = Submission(
        update=change.obj,
        number=change.obj.last_number + 1,  # type: ignore[attr-defined]
        repeats=repeats,
        content_hash=history.sha256(history.canonical(plain)),
        submitted_at=change.at,
        submitted_by=change.by,
        on_behalf_of=change.on_behalf_of,
        cleared_at=clearance.recorded_at if clearance else None,
        cleared_by=clearance.recorded_by if clearance else None,
        **content,
    )
    writes.add(submission)
    return submission


def why_not_taken_back(update: Update) -> str | None:
    """Return why a submission cannot be taken back: it could not be sent again."""
    if update.duty.state == Duty.State.WAIVED:
        return _(
            "What you take back could not be sent again. This update is no longer due: %(reason)s"
        ) % {"reason": update.duty.waived_because}
    if update.duty.round.state != Round.State.OPEN and not outlives_round(update):
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
        facts=("draft_version", "content, on behalf of somebody"),
        state_field="review_state",
        guard=why_closed,
        moves_roll_up=False,
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
        moves_roll_up=False,
    ),
)
