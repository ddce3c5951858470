"""The database refuses impossible rows: the framework, who does what, rounds, texts, reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from agencies.models import Event
from recommendations.models import (
    AcceptanceAnswer,
    Action,
    Assessment,
    Assignment,
    Clearance,
    Comment,
    CommentAnswer,
    Decision,
    DecisionDraft,
    Delivery,
    Draft,
    Duty,
    Evidence,
    Footnote,
    Job,
    KeyElement,
    Loaded,
    MailServer,
    MailSettings,
    Message,
    Milestone,
    NoticeChoice,
    Passage,
    Publication,
    Question,
    Repeat,
    ReviewClaim,
    RoundQuestion,
    SavedPhrase,
    SavedView,
    ScheduledRun,
    Submission,
    SubmissionEvidence,
    SubmissionPerson,
    TargetDate,
    TimeAnswer,
    TimeRequest,
    Untold,
    Update,
    UpdateAuthor,
    Webhook,
    WebhookCall,
    Withdrawal,
)
from tests import make
from tests.impossible import change, names_of, refusal, refused_by, twin
from tests.stage import ASKED, NEW_DUE, Stage

Write = Callable[[Stage], None]


def delivery(play: Stage) -> Delivery:
    """Return a delivery by mail."""
    return Delivery.objects.create(
        cause="event:1",
        kind="returned",
        user=play.cast.ilo_focal_point,
        channel="mail",
        made_at=ASKED,
        ready_at=ASKED,
    )


def webhook(play: Stage, agency: str = "ILO") -> Webhook:
    """Return a webhook of an agency, or without one of the secretariat."""
    return Webhook.objects.create(
        framework=play.cast.framework,
        agency=play.cast.ilo if agency else None,
        address="https://hooks.example.org/",
        registered_at=ASKED,
    )


def webhook_of_the_secretariat(play: Stage) -> Webhook:
    """Return a webhook without an agency."""
    return webhook(play, agency="")


def webhook_call(play: Stage) -> WebhookCall:
    """Return the call of a webhook about an event."""
    return WebhookCall.objects.create(
        webhook=webhook(play),
        event=Event.objects.order_by("id")[0],
        name="call",
        kind="update.submitted",
        made_at=ASKED,
        next_at=ASKED,
    )


def message(play: Stage) -> Message:
    """Return the digest of a day."""
    return Message.objects.create(
        user=play.cast.ilo_focal_point,
        kind="digest",
        message_id="<1@example.org>",
        digest_on=NEW_DUE,
        made_at=ASKED,
        due_at=ASKED,
    )


def mail_server(play: Stage) -> MailServer:
    """Return the one row about the mail server."""
    return MailServer.objects.create()


def scheduled_run(play: Stage) -> ScheduledRun:
    """Return a run of the timetable."""
    return ScheduledRun.objects.create(name="remind", due_at=ASKED, begun_at=ASKED)


def notice_choice(play: Stage) -> NoticeChoice:
    """Return how a person wants to hear of one kind."""
    user = play.cast.ilo_focal_point
    return NoticeChoice.objects.create(user=user, kind="approved", how="daily")


def mail_settings(play: Stage) -> MailSettings:
    """Return the settings of a person who has a calendar."""
    return MailSettings.objects.create(user=play.cast.ilo_focal_point, calendar_key="key")


def repeat(play: Stage) -> Repeat:
    """Return a request with a key that is being answered."""
    return Repeat.objects.create(
        owner="person:1",
        key="k",
        request_hash="0" * 64,
        claimed_at=ASKED,
        lease="a",
        lease_until=ASKED,
    )


def job(play: Stage) -> Job:
    """Return a report that somebody asked for."""
    owner, framework = play.cast.coordinator, play.cast.framework
    return Job.objects.create(
        owner=owner,
        framework=framework,
        kind="report",
        parameters="{}",
        request="0" * 64,
        made_at=ASKED,
    )


ENDED = {"finished_at": ASKED, "expires_at": ASKED}


def of(place: str) -> Callable[[Stage], Any]:
    """Return what finds an object of the stage."""
    return lambda play: play.objects[place]


def text(play: Stage) -> Submission:
    """Return what was sent of the submitted update."""
    return Submission.objects.get(update=play.objects["update submitted"].pk)


def decision(play: Stage) -> Decision:
    """Return the decision on the approved update."""
    return Decision.objects.get(submission__update=play.objects["update approved"].pk)


def first(model: Any) -> Callable[[Stage], Any]:
    """Return what finds the first row of a model."""
    return lambda play: model.objects.order_by("pk")[0]


def made(model: Any, **values: Any) -> Callable[[Stage], Any]:
    """Return what makes a row in the framework of the stage."""
    return lambda play: model.objects.create(framework=play.cast.framework, **values)


def footnote(play: Stage) -> Footnote:
    """Return a footnote with its passage."""
    passage = passage_of(play)
    return Footnote.objects.create(
        framework=play.cast.framework, passage=passage, number=1, text="See"
    )


passage_of = made(Passage, number=1, section="I", kind="paragraph", text="Text")


def target(play: Stage) -> TargetDate:
    """Return the target date of an assignment."""
    return TargetDate.objects.create(
        assignment=play.objects["assignment accepted"],
        on=NEW_DUE,
        precision="day",
        recorded_at=ASKED,
    )


def withdrawal(play: Stage) -> Withdrawal:
    """Return the taking back of a submission."""
    return Withdrawal.objects.create(submission=text(play), recorded_at=ASKED)


def comment(play: Stage) -> Comment:
    """Return a comment on a submission."""
    return Comment.objects.create(
        submission=text(play), text="When?", written_at=ASKED, written_by=play.cast.coordinator
    )


def answer(play: Stage) -> CommentAnswer:
    """Return what an agency answers to a comment."""
    return CommentAnswer.objects.create(
        comment=comment(play),
        text="In May.",
        written_at=ASKED,
        written_by=play.cast.ilo_focal_point,
    )


def phrase(play: Stage) -> SavedPhrase:
    """Return a phrase of a coordinator."""
    return SavedPhrase.objects.create(user=play.cast.coordinator, text="Say where.")


def decision_draft(play: Stage) -> DecisionDraft:
    """Return what a coordinator has typed and not sent."""
    return DecisionDraft.objects.create(
        update=text(play).update, user=play.cast.coordinator, saved_at=ASKED
    )


def review_claim(play: Stage) -> ReviewClaim:
    """Return the mark of a coordinator who reads an update."""
    return ReviewClaim.objects.create(
        update=text(play).update, user=play.cast.coordinator, claimed_at=ASKED, expires_at=ASKED
    )


def clearance(play: Stage) -> Clearance:
    """Return the clearance of a draft."""
    return Clearance.objects.create(update=text(play).update, draft_version=1, recorded_at=ASKED)


def round_question(play: Stage) -> RoundQuestion:
    """Return a question as a round asks it."""
    return RoundQuestion.objects.create(
        round=play.objects["round open"],
        question=question(play),
        number=1,
        heading="Heading",
        text="Text",
    )


def time_request(play: Stage) -> TimeRequest:
    """Return an agency's request for more time."""
    return TimeRequest.objects.create(
        duty=play.objects["duty open"], until_on=NEW_DUE, reason="Elections.", recorded_at=ASKED
    )


def time_answer(play: Stage) -> TimeAnswer:
    """Return the granting of more time."""
    return TimeAnswer.objects.create(
        request=time_request(play), granted=True, due_on=NEW_DUE, recorded_at=ASKED
    )


def saved_view(play: Stage) -> SavedView:
    """Return a view that a coordinator kept."""
    return SavedView.objects.create(
        user=play.cast.coordinator, name="Late", address="/f/hld-2013/actions/", saved_at=ASKED
    )


def assessment(play: Stage) -> Assessment:
    """Return an assessment of an assignment."""
    return Assessment.objects.create(
        assignment=play.objects["assignment accepted, reported"],
        submission=decision(play).submission,
        status="on_hold",
        recorded_at=ASKED,
    )


def questionnaire(play: Stage) -> Duty:
    """Return the questionnaire that an agency owes."""
    return Duty.objects.create(
        round=play.objects["round open"],
        kind="questionnaire",
        agency=play.cast.iom,
        recorded_at=ASKED,
    )


def file(play: Stage) -> Evidence:
    """Return a file that was added."""
    return Evidence.objects.create(
        update=play.objects["update draft"],
        kind="file",
        title="Report",
        stored_as="evidence/0.pdf",
        original_name="report.pdf",
        size=1,
        sha256="0" * 64,
        public=False,
        added_at=ASKED,
        added_by=play.cast.ilo_focal_point,
    )


def twice(row: Callable[[Stage], Any], **changes: Any) -> Write:
    """Return the writing of a second row beside one that excludes it."""
    return lambda play: twin(row(play), **changes)


def but(row: Callable[[Stage], Any], **changes: Any) -> Write:
    """Return the change of a row into what it cannot be."""
    return lambda play: change(row(play), **changes)


def reopened_twice(play: Stage) -> None:
    """Reopen one submission two times."""
    row = decision(play)
    for _ in range(2):
        twin(row, verb="reopen", comment="Again.")


def second_lead(play: Stage) -> None:
    """Give an action two leads of two agencies."""
    twin(play.objects["assignment accepted"], agency_id=play.cast.iom.pk)


accepted, proposed = of("assignment accepted"), of("assignment proposed")
an_update, a_round, a_duty = of("update draft"), of("round open"), of("duty open")
key_element = made(KeyElement, code="a", text="Text", order=1)
milestone = made(Milestone, code="cairo", date_text="1994", sort_on=NEW_DUE, title="Cairo", order=1)


def question(play: Stage, number: int = 1) -> Question:
    """Return a question of the questionnaire."""
    return Question.objects.create(
        framework=play.cast.framework, number=number, heading="Heading", text="Text"
    )


loaded: Callable[[Stage], Any] = lambda play: Loaded.objects.create(  # noqa: E731 - one of a list
    kind="action", key="A1", content_hash="0"
)

untold: Callable[[Stage], Any] = lambda play: Untold.objects.create(  # noqa: E731 - the same
    event=Event.objects.order_by("id")[0], failed_at=make.NOW, because="KeyError"
)

# One constraint may refuse for several reasons: the name, a slash, what is tried.
IMPOSSIBLE: dict[str, Write] = {
    "framework_one_default": but(
        lambda play: type(play.cast.framework).objects.get(slug="another-framework"),
        is_default=True,
    ),
    "Framework.slug": twice(lambda play: play.cast.framework, is_default=False),
    "passage_number_unique": twice(passage_of),
    "footnote_number_unique": twice(footnote),
    "area_code_unique": twice(lambda play: play.cast.area, code="a"),
    "area_code_url_safe": but(lambda play: play.cast.area, code="A/1"),
    "action_code_unique": twice(lambda play: play.cast.action, code="a1"),
    "action_code_url_safe": but(lambda play: play.cast.action, code="A 1"),
    "action_code_url_safe/empty": but(lambda play: play.cast.action, code=""),
    "action_standing_known": but(lambda play: play.cast.action, standing="fine"),
    "key_element_code_unique": twice(key_element),
    "milestone_code_unique": twice(milestone),
    "question_number_unique": twice(question),
    "assignment_one_live_per_agency": twice(accepted, role="supporting"),
    "assignment_one_live_lead": second_lead,
    "assignment_role_known": but(accepted, role="boss"),
    "assignment_acceptance_known": but(accepted, acceptance="agreed"),
    "assignment_target_precision": but(accepted, target_on=NEW_DUE),
    "assignment_target_precision/no date": but(accepted, target_precision="day"),
    "assignment_target_precision/unknown": but(
        accepted, target_on=NEW_DUE, target_precision="week"
    ),
    "assignment_status_known": but(
        of("assignment accepted, reported"), effective_status="implementing"
    ),
    "assignment_status_rests_on_submission": but(accepted, effective_status="implemented"),
    "assignment_status_rests_on_submission/verified": but(accepted, verified=True),
    "answer_acceptance_known": but(first(AcceptanceAnswer), acceptance="agreed"),
    "answer_with_reason": but(
        lambda play: AcceptanceAnswer.objects.filter(acceptance="declined")[0], reason=""
    ),
    "target_precision": but(target, precision=""),
    "target_precision/no date": but(target, on=None),
    "loaded_key_unique": twice(loaded),
    "round_code_unique": twice(a_round, code="2026-h1"),
    "round_code_url_safe": but(a_round, code="2026/1"),
    "round_dates_in_order": but(a_round, due_on=make.START),
    "round_dates_in_order/closes": but(a_round, closes_on=make.START),
    "round_state_known": but(a_round, state="closing"),
    "round_question_asked_once": twice(round_question, number=2),
    "round_question_number": lambda play: twin(
        round_question(play), question_id=question(play, number=2).pk
    ),
    "time_request_says_why": but(time_request, reason=""),
    "TimeAnswer.request": twice(time_answer),
    "time_answer_date_or_reason": but(time_answer, due_on=None),
    "time_answer_date_or_reason/refused": but(time_answer, granted=False, due_on=None),
    "saved_view_name_unique": twice(saved_view),
    "saved_view_is_of_this_site": but(saved_view, address="https://example.org/"),
    "saved_view_is_of_this_site/two slashes": but(saved_view, address="//example.org/"),
    "duty_one_per_assignment": twice(a_duty),
    "duty_one_questionnaire": twice(questionnaire),
    "duty_kind_has_its_object": but(a_duty, assignment=None),
    "duty_kind_has_its_object/other kind": but(a_duty, kind="questionnaire"),
    "duty_kind_has_its_object/both": lambda play: change(
        questionnaire(play), assignment=play.objects["assignment accepted"].pk
    ),
    "duty_state_known": but(a_duty, state="late"),
    "duty_waived_by_whom_when_why": but(a_duty, state="waived"),
    "duty_waived_by_whom_when_why/no reason": but(of("duty waived"), waived_because=""),
    "duty_waived_by_whom_when_why/open": but(of("duty waived"), state="open"),
    "duty_waived_by_whom_when_why/nobody": but(of("duty waived"), waived_by=None),
    "update_one_open_per_duty": twice(an_update, review_state="returned"),
    "update_review_state_known": but(an_update, review_state="published"),
    "Draft.update": twice(first(Draft)),
    "clearance_one_per_version": twice(clearance),
    "update_author_unique": twice(first(UpdateAuthor)),
    "submission_number_unique": twice(text),
    "submission_nothing_claims_nothing": but(text, kind="nothing_to_report"),
    "submission_nothing_claims_nothing/unknown": but(text, kind="telegram", status="on_hold"),
    "submission_no_change_repeats": but(text, kind="no_change"),
    "submission_no_change_repeats/report": lambda play: change(
        text(play), repeats=decision(play).submission
    ),
    "submission_cleared_by_whom_when": but(text, cleared_at=ASKED),
    "submission_status_known": but(text, status="implementing"),
    "submission_on_hold_says_why": but(text, status="on_hold", resume_on=NEW_DUE),
    "submission_on_hold_says_why/until when": but(text, status="on_hold", reason="No funds."),
    "submission_discontinued_says_why": but(text, status="discontinued"),
    "submission_discontinued_says_why/else": but(text, discontinued_because="overtaken"),
    "submission_superseded_by_what": but(
        text, status="discontinued", discontinued_because="superseded"
    ),
    "submission_person_unique": twice(first(SubmissionPerson)),
    "submission_person_how_known": but(first(SubmissionPerson), how="heard"),
    "Withdrawal.submission": twice(withdrawal),
    "evidence_link_or_file": but(first(Evidence), url=""),
    "evidence_link_or_file/a link with a file": but(first(Evidence), stored_as="evidence/0.pdf"),
    "evidence_link_or_file/no hash": but(file, sha256=""),
    "evidence_link_or_file/no size": but(file, size=None),
    "evidence_link_or_file/no name": but(file, original_name=""),
    "evidence_detached_by_whom_when": but(file, detached_at=ASKED),
    "evidence_erased_by_whom_when_why": but(file, erased_at=ASKED, erased_because="Personal."),
    "submission_evidence_unique": twice(first(SubmissionEvidence)),
    "decision_one_per_submission": twice(
        decision, verb="return", comment="Say where.", due_on=NEW_DUE
    ),
    "decision_each_verb_once": reopened_twice,
    "decision_verb_known": but(decision, verb="bless", comment="Amen."),
    "decision_says_why": but(decision, verb="reopen"),
    "return_has_due_date": but(decision, verb="return", comment="Say where."),
    "comment_has_text": but(comment, text=""),
    "comment_suggestion_is_for_a_field": but(comment, suggestion="In May."),
    "comment_suggestion_is_for_a_field/on what": but(
        comment, field="done", suggestion="In May.", on_text=""
    ),
    "comment_closed_by_whom_when": but(comment, closed_at=ASKED),
    "comment_answer_has_text": but(answer, text=""),
    "saved_phrase_has_text": but(phrase, text=""),
    "decision_draft_unique": twice(decision_draft),
    "ReviewClaim.update": twice(review_claim),
    "assessment_status_known": but(assessment, status="fine"),
    "Publication.submission": twice(first(Publication)),
    "delivery_each_cause_once": twice(delivery),
    "delivery_not_sent_says_why": but(delivery, state="suppressed"),
    "delivery_not_sent_says_why/failed": but(delivery, state="failed"),
    "Message.message_id": twice(message),
    "message_one_digest_a_day": twice(message, message_id="<another@example.org>"),
    "message_not_sent_says_why": but(message, state="dead"),
    "message_not_sent_says_why/suppressed": but(message, state="suppressed"),
    "Untold.event": twice(untold),
    "untold_told_by_whom_when": but(untold, told_at=make.NOW),
    "untold_told_by_whom_when/nobody": lambda play: change(
        untold(play), told_by_id=play.cast.administrator.pk
    ),
    "MailServer.name": twice(mail_server),
    "scheduled_run_once": twice(scheduled_run),
    "notice_choice_one_a_kind": twice(notice_choice),
    "notice_choice_known": but(notice_choice, how="by pigeon"),
    "MailSettings.user": twice(mail_settings),
    "mail_settings_calendar_key_unique": lambda play: twin(
        mail_settings(play), user_id=play.cast.coordinator.pk
    ),
    "mail_settings_quiet_from_until": but(mail_settings, quiet_from=time(22, 0)),
    "job_same_request_once": twice(job),
    "job_progress_percent": but(job, progress=101),
    "job_lease_while_running": but(job, lease="a", lease_until=ASKED),
    "job_lease_while_running/until when": but(job, state="running", lease="a"),
    "job_finished_says_when": but(job, state="failed", outcome="No."),
    "job_finished_says_when/not yet": but(job, finished_at=ASKED),
    "job_ready_has_its_file": but(job, state="ready", **ENDED),
    "job_failed_says_why": but(job, state="failed", **ENDED),
    "webhook_agency_address_once": twice(webhook),
    "webhook_secretariat_address_once": twice(webhook_of_the_secretariat),
    "webhook_address_is_https": but(webhook, address="http://hooks.example.org/"),
    "webhook_allowed_at_by": but(webhook, allowed_at=ASKED),
    "webhook_disabled_says_why": but(webhook, disabled_at=ASKED),
    "webhook_disabled_says_why/when": but(webhook, disabled_because="It is silent."),
    "webhook_old_secret_until": but(webhook, old_seed="a"),
    "webhook_old_secret_until/which": but(webhook, old_until=ASKED),
    "WebhookCall.name": twice(webhook_call, event=None),
    "webhook_call_each_event_once": twice(webhook_call, name="another"),
    "webhook_call_not_sent_says_why": but(webhook_call, state="dead"),
    "webhook_call_not_sent_says_why/suppressed": but(webhook_call, state="suppressed"),
    "repeat_one_per_key": twice(repeat),
    "repeat_answered_with_a_status": but(repeat, body="{}"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_row_is_refused(play: Stage, name: str) -> None:
    said = refusal(lambda: IMPOSSIBLE[name](play))

    assert refused_by(name.split("/")[0], said), said


def test_every_constraint_is_tried() -> None:
    assert {name.split("/")[0] for name in IMPOSSIBLE} == names_of("recommendations")


def test_a_second_lead_and_a_second_place_are_possible_once_the_first_has_ended(
    play: Stage,
) -> None:
    ended = play.objects["assignment ended"]
    assert isinstance(ended, Assignment)
    twin(ended, acceptance="accepted")

    assert Assignment.objects.filter(action=ended.action).count() == 2


def test_a_correction_is_possible_beside_an_approved_update(play: Stage) -> None:
    approved = play.objects["update approved"]
    twin(approved, review_state="draft")

    assert Update.objects.filter(duty__updates=approved.pk).count() == 2
    assert Action.objects.count() > 1
