"""What must hold of the rows at every moment, whoever wrote them: a list of what does not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model

from agencies import history
from agencies.models import (
    Agency,
    AgencyName,
    Event,
    GroupMembership,
    GroupName,
    GroupTerms,
    Membership,
    User,
    Versioned,
    WorkingGroup,
)
from recommendations.domain.rollup import LeadStanding, roll_up
from recommendations.models import (
    ACTIVE,
    LEADING,
    OPEN_REVIEW_STATES,
    AcceptanceAnswer,
    Action,
    Assessment,
    Assignment,
    Clearance,
    Comment,
    Decision,
    Duty,
    DutyDueDate,
    Framework,
    FrameworkWording,
    Publication,
    Round,
    RoundQuestion,
    RoundTerms,
    Submission,
    TargetDate,
    TimeRequest,
    Update,
    Withdrawal,
)

VERSIONED: dict[str, type[Versioned]] = {
    str(model._meta.model_name): model
    for label in ("agencies", "recommendations")
    for model in apps.get_app_config(label).get_models()
    if issubclass(model, Versioned)
}


def problems() -> list[str]:
    """Return everything that does not hold, in words; empty when the rows are sound."""
    return [
        *history.broken_links(Event.objects.order_by("object_type", "object_id", "number")),
        *wrong_versions(),
        *unfaithful(Event.objects.values_list("object_type", "object_id").distinct()),
        *own_texts(Decision.objects.all()),
        *sides(Decision.objects.all()),
        *wrong_senders(),
        *wrong_states(),
        *wrong_duties(),
        *wrong_questionnaires(),
        *unasked(),
        *wrong_requests(),
        *wrong_latest(),
        *wrong_copies(),
        *wrong_publications(),
        *wrong_comments(),
        *backwards(),
    ]


def versions(kinds: Iterable[str] = tuple(VERSIONED)) -> dict[tuple[str, int], int]:
    """Return the version of every row that has one."""
    return {
        (kind, pk): version
        for kind in kinds
        for pk, version in VERSIONED[kind]._default_manager.values_list("pk", "version")
    }


def wrong_versions() -> Iterator[str]:
    """Say where the version of a row is not the number of its events."""
    events = Counter(Event.objects.values_list("object_type", "object_id"))
    for key, version in versions().items():
        if version != events[key]:
            yield f"{key}: version {version}, {events[key]} events"


def unfaithful(keys: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Say where folding the events of an object does not give the row."""
    for kind, pk in keys:
        differing = history.unfaithful(VERSIONED[kind]._default_manager.get(pk=pk))
        if differing:
            yield f"{kind} {pk}: {differing}"


def wrote(submission: Submission) -> set[int]:
    """Return who had saved text in a submission when it was sent."""
    return set(submission.people.filter(how="wrote").values_list("user_id", flat=True))


def own_texts(decisions: Iterable[Decision]) -> Iterator[str]:
    """Say where somebody decided on a text that they sent, or in which they had saved some."""
    for decision in decisions:
        submission = decision.submission
        authors = {submission.submitted_by_id, *wrote(submission)}
        if decision.decided_by_id in authors:
            yield f"{decision} by an author"


def sides(decisions: Iterable[Decision]) -> Iterator[str]:
    """Say where somebody decided who wrote in the update, or on an agency of theirs.

    Right for decisions just made: a person may join the agency later, also on the same day,
    and then write in an update that they returned.
    """
    for decision in decisions:
        submission = decision.submission
        if submission.update.authors.filter(user=decision.decided_by_id).exists():
            yield f"{decision} by somebody who wrote in the update"
        for moment in (decision.decided_at, submission.submitted_at):
            if belongs(decision.decided_by, submission.update.agency_id, moment.date()):
                yield f"{decision} by a member of the agency on {moment.date()}"


def wrong_senders() -> Iterator[str]:
    """Say what was sent, or decided, by somebody who could not: uncleared, or for a stranger."""
    for sent in Submission.objects.exclude(cleared_by=None):
        given = Clearance.objects.filter(
            update=sent.update_id, recorded_by=sent.cleared_by_id, recorded_at=sent.cleared_at
        )
        if not given.exists():
            yield f"submission {sent.pk}: names a clearance that nobody gave"
        if sent.decisions.filter(decided_by=sent.cleared_by_id).exists():
            yield f"submission {sent.pk}: decided by whoever cleared it"
    for sent in Submission.objects.exclude(on_behalf_of=None):
        members = set(sent.people.filter(how="belonged").values_list("user_id", flat=True))
        if sent.on_behalf_of_id not in members or sent.submitted_by_id in members:
            yield f"submission {sent.pk}: on behalf of a stranger, or by a member"
        if sent.decisions.filter(decided_by=sent.submitted_by_id).exists():
            yield f"submission {sent.pk}: decided by whoever entered it"
    for answer in AcceptanceAnswer.objects.exclude(on_behalf_of=None):
        if answer.on_behalf_of_id == answer.recorded_by_id:
            yield f"answer {answer.pk}: on behalf of whoever entered it"


def belongs(user: User, agency_id: int, day: Any) -> bool:
    """Say whether a person was in an agency on a day."""
    return any(
        row.from_on <= day and (row.until_on is None or day <= row.until_on)
        for row in Membership.objects.filter(user=user, agency=agency_id)
    )


def wrong_states() -> Iterator[str]:
    """Say where the review state of an update is not what its newest submission says."""
    newest: dict[int, Submission] = {}
    for submission in Submission.objects.order_by("number"):
        newest[submission.update_id] = submission
    decided: dict[int, list[str]] = defaultdict(list)
    for decision in Decision.objects.order_by("decided_at", "id"):
        decided[decision.submission_id].append(decision.verb)
    withdrawn = set(Withdrawal.objects.values_list("submission_id", flat=True))
    said: dict[tuple[str, ...], tuple[str, ...]] = {
        (): ("submitted",),
        ("return",): ("returned",),
        ("approve",): ("approved",),
        ("approve", "reopen"): ("returned",),
        ("approve", "retract"): ("returned", "retracted"),
        ("approve", "reopen", "retract"): ("returned",),
    }
    for update in Update.objects.order_by("id"):
        text = newest.get(update.pk)
        expected: tuple[str, ...] = ("draft",)
        if text is not None and text.pk not in withdrawn:
            expected = said.get(tuple(decided[text.pk]), ())
        if update.review_state not in expected:
            yield f"update {update.pk}: {update.review_state}, its rows say {expected}"


def wrong_duties() -> Iterator[str]:
    """Say where a duty is met without an approved update, or open and owed by nobody."""
    states: dict[int, list[str]] = defaultdict(list)
    for duty_id, state in Update.objects.values_list("duty_id", "review_state"):
        states[duty_id].append(state)
    for duty in Duty.objects.select_related("assignment").order_by("id"):
        approved = "approved" in states[duty.pk]
        if duty.state != "waived" and approved != (duty.state == "met"):
            yield f"duty {duty.pk}: {duty.state}, updates {states[duty.pk]}"
        if sum(state in OPEN_REVIEW_STATES for state in states[duty.pk]) > 1:
            yield f"duty {duty.pk}: more than one open update"
        if {*states[duty.pk]} == {"retracted"}:
            yield f"duty {duty.pk}: every text retracted, and none under way"
        assignment = duty.assignment
        if duty.state == "open" and assignment and not assignment.is_active:
            yield f"duty {duty.pk}: open, but {assignment} is {assignment.acceptance}"


def wrong_questionnaires() -> Iterator[str]:
    """Say where a questionnaire is owed and not asked, claims something, or answers another."""
    asked: dict[int, set[str]] = defaultdict(set)
    for round_id, number in RoundQuestion.objects.values_list("round_id", "number"):
        asked[round_id].add(f"q{number}")
    for round in Round.objects.order_by("id"):
        owed = round.duties.filter(kind="questionnaire").exists()
        if owed != (round.pk in asked):
            yield f"round {round}: {len(asked[round.pk])} questions, owed: {owed}"
        if round.state == "planned" and round.pk in asked:
            yield f"round {round} fixed its questions before it opened"
    for text in Submission.objects.select_related("update__duty").order_by("id"):
        duty, fields = text.update.duty, {"done", "challenges", "next_steps"}
        if duty.kind == "questionnaire":
            fields = asked[duty.round_id]
            if text.status or text.repeats_id or text.kind == "no_change":
                yield f"{text}: a questionnaire that claims something"
        if set(text.body) - fields:
            yield f"{text}: {set(text.body) - fields} were not asked"


def unasked() -> Iterator[str]:
    """Say where an open round does not ask an assignment that owes it an update."""
    known = set(Duty.objects.values_list("round_id", "assignment_id"))
    for round in Round.objects.filter(state="open").order_by("id"):
        for one in Assignment.objects.filter(action__framework=round.framework_id):
            owes = one.role in LEADING or round.with_supporting
            if one.acceptance in ACTIVE and owes and (round.pk, one.pk) not in known:
                yield f"round {round} does not ask {one}"


def wrong_requests() -> Iterator[str]:
    """Say where a duty has two requests for more time, or a voluntary one has any."""
    waiting: Counter[int] = Counter()
    for request in TimeRequest.objects.select_related("duty", "answer").order_by("id"):
        waiting[request.duty_id] += not hasattr(request, "answer")
        if request.duty.voluntary:
            yield f"duty {request.duty_id}: voluntary, but asks for more time"
        if hasattr(request, "answer") and request.answer.recorded_at < request.recorded_at:
            yield f"duty {request.duty_id}: answered before it asked"
    for duty_id, count in waiting.items():
        if count > 1:
            yield f"duty {duty_id}: {count} requests wait for an answer"


# Where the present value is a copy of the newest row: rows, their parent, fields of both.
LATEST: tuple[tuple[type[Model], type[Model], str, dict[str, str]], ...] = (
    (AcceptanceAnswer, Assignment, "assignment", {"acceptance": "acceptance"}),
    (
        TargetDate,
        Assignment,
        "assignment",
        {"on": "target_on", "precision": "target_precision", "text": "target_text"},
    ),
    (DutyDueDate, Duty, "duty", {"due_on": "due_on"}),
    (
        AgencyName,
        Agency,
        "agency",
        {"code": "code", "acronym": "acronym", "name": "name", "active": "active"},
    ),
    (GroupName, WorkingGroup, "group", {"name": "name", "kind": "kind", "parent": "parent"}),
    (
        GroupTerms,
        GroupMembership,
        "membership",
        {"from_on": "from_on", "until_on": "until_on"},
    ),
    (
        FrameworkWording,
        Framework,
        "framework",
        {"title": "title", "short_title": "short_title"},
    ),
    (
        RoundTerms,
        Round,
        "round",
        {"state": "state", "due_on": "due_on", "closes_on": "closes_on", "held": "held"},
    ),
)


def wrong_latest() -> Iterator[str]:
    """Say where a present value is not what the newest of its rows says."""
    for rows, parent, name, fields in LATEST:
        newest: dict[int, tuple[Any, ...]] = {}
        for parent_id, *values in rows._default_manager.order_by("recorded_at", "id").values_list(
            f"{name}_id", *fields
        ):
            newest[parent_id] = tuple(values)
        for pk, *values in parent._default_manager.values_list("pk", *fields.values()):
            if pk in newest and newest[pk] != tuple(values):
                yield f"{name} {pk}: {values}, the newest row says {newest[pk]}"


def wrong_copies() -> Iterator[str]:
    """Say where a stored roll-up is not what the decisions and assessments say."""
    in_force: dict[int, Submission] = {}
    gone = set(Decision.objects.filter(verb="retract").values_list("submission_id", flat=True))
    for decision in (
        Decision.objects.filter(verb="approve")
        .exclude(submission__kind="nothing_to_report")
        .select_related("submission__update__duty")
        .order_by("decided_at", "id")
    ):
        assignment_id = decision.submission.update.duty.assignment_id
        if assignment_id is not None and decision.submission_id not in gone:
            in_force[assignment_id] = decision.submission
    assessed = {row.assignment_id: row for row in Assessment.objects.order_by("recorded_at", "id")}
    leads: dict[int, list[LeadStanding]] = defaultdict(list)
    for assignment in Assignment.objects.order_by("id"):
        text, assessment = in_force.get(assignment.pk), assessed.get(assignment.pk)
        verified = bool(text and assessment and assessment.submission_id == text.pk)
        status = assessment.status if verified and assessment else text.status if text else ""
        expected = (text.pk if text else None, status, verified)
        stored = (assignment.in_force_id, assignment.effective_status, assignment.verified)
        if stored != expected:
            yield f"assignment {assignment.pk}: {stored}, its rows say {expected}"
        if assignment.acceptance in ACTIVE and assignment.role in LEADING:
            leads[assignment.action_id].append(LeadStanding(status, verified))
    for pk, standing in Action.objects.values_list("pk", "standing"):
        if standing != roll_up(leads[pk]):
            yield f"action {pk}: {standing}, its leads say {roll_up(leads[pk])}"


def wrong_publications() -> Iterator[str]:
    """Say where something is public that is held or never was approved, or is kept back."""
    gone = set(Decision.objects.filter(verb="retract").values_list("submission_id", flat=True))
    approved = set(Decision.objects.filter(verb="approve").values_list("submission_id", flat=True))
    public = dict(Publication.objects.values_list("submission_id", "recorded_at"))
    for pk in sorted(public.keys() - approved):
        yield f"submission {pk}: public, never approved"
    texts = Submission.objects.filter(pk__in=approved).select_related("update__duty__round")
    for text in texts.order_by("id"):
        round = text.update.duty.round
        repeats_held = text.repeats_id is not None and text.repeats_id not in public
        if text.pk in public:
            if repeats_held or was_held(round, public[text.pk]):
                yield f"submission {text.pk}: public since {public[text.pk]}, and held"
        elif text.pk not in gone and not round.held and not repeats_held:
            yield f"submission {text.pk}: approved, not held, and not public"


def held_back(publications: Iterable[Publication]) -> Iterator[str]:
    """Say which of these publications, just written, are of a round that is held."""
    for publication in publications:
        if publication.submission.update.duty.round.held:
            yield f"submission {publication.submission_id}: published while its round is held"


def wrong_comments() -> Iterator[str]:
    """Say where a conversation cannot have been held: who spoke, when, about which text."""
    for comment in Comment.objects.select_related("submission__update").order_by("id"):
        text = str(comment.submission.body.get(comment.field, ""))
        if comment.suggestion and comment.on_text != history.sha256(text):
            yield f"comment {comment.pk}: suggests on a text that was never sent"
        if comment.suggestion and comment.suggestion == text:
            yield f"comment {comment.pk}: suggests what is there"
        for answer in comment.answers.order_by("id"):
            if comment.closed_at and answer.written_at > comment.closed_at:
                yield f"comment {comment.pk}: answered after it was closed"
            if answer.took_suggestion and not comment.suggestion:
                yield f"comment {comment.pk}: a suggestion taken that was not made"
        authors = wrote(comment.submission)
        if authors & {comment.written_by_id, comment.closed_by_id}:
            yield f"comment {comment.pk}: written or closed by an author of the text"


def was_held(round: Round, moment: Any) -> bool:
    """Say whether a round was held at a moment: before it, and not released at it."""
    before = round.terms.filter(recorded_at__lt=moment).order_by("-recorded_at", "-id").first()
    released = round.terms.filter(recorded_at=moment, held=False).exists()
    return before is not None and before.held and not released


def backwards() -> Iterator[str]:
    """Say where recorded time runs backwards on one object."""
    last: dict[tuple[str, int], Any] = {}
    for event in Event.objects.order_by("object_type", "object_id", "number"):
        key = (event.object_type, event.object_id)
        if key in last and event.at < last[key]:
            yield f"{event}: at {event.at}, after {last[key]}"
        last[key] = event.at
