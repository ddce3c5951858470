"""How each kind of notice is worded: what, in detail, until when, and where to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from agencies.models import Agency, Handover
from recommendations.domain.contents import FIELD_WORDS
from recommendations.models import (
    AWAITING_ANSWER,
    Assignment,
    Comment,
    Decision,
    Delivery,
    Duty,
    ReviewState,
    Round,
    TimeAnswer,
    Update,
)
from recommendations.notify import subjects, weekly
from recommendations.notify.known import Known
from recommendations.notify.notices import BY_KIND
from recommendations.notify.reports import about_job
from recommendations.notify.webhooks.given_up import given_up

SENT_BACK = {
    Decision.Verb.RETURN: lazy("Returned"),
    Decision.Verb.REOPEN: lazy("Reopened"),
    Decision.Verb.RETRACT: lazy("Retracted"),
}


def day(value: date | None) -> str:
    """Return a date as pages write it."""
    return date_format(value, "j M Y") if value else ""


Said = dict[str, Any]  # the parts of a line, by name


def form_of(update: Update | None) -> str:
    """Return the address of the form of an update."""
    return reverse("update", args=[update.pk]) if update else ""


def about_anything(row: Delivery, subject: Any, known: Known) -> Said:
    """Say what happened, with the page of its assignment or round."""
    if isinstance(subject, Update):
        return {"url": form_of(subject)}
    if isinstance(subject, Round):
        return {"url": round_page(subject)}
    assignment = subjects.assignment_of(subject)
    return {"url": thread_page(assignment) if assignment else ""}


def thread_page(assignment: Assignment) -> str:
    """Return the page of an agency on an action."""
    action = assignment.action
    return reverse("thread", args=[action.framework.slug, action.code, assignment.agency.code])


def round_page(round: Round) -> str:
    """Return the page of a round."""
    return reverse("round-detail", args=[round.framework.slug, round.code])


def proposed(row: Delivery, subject: Assignment, known: Known) -> Said:
    """Say what is proposed, and by when an answer is wanted."""
    heading = _("Answer by %(day)s") % {"day": day(subject.respond_by)}
    return {
        "heading": heading if subject.respond_by else _("Proposed to your agency"),
        "detail": subject.action.official_text,
        "url": reverse("respond", args=[subject.pk]),
        "due_on": subject.respond_by,
        "open": subject.acceptance in AWAITING_ANSWER,
    }


def answered(row: Delivery, subject: Assignment, known: Known) -> Said:
    """Say how an agency answered."""
    return {"heading": subject.get_acceptance_display(), "url": thread_page(subject)}


def round_opened(row: Delivery, subject: Round, known: Known) -> Said:
    """Say that a round is open, until when; the list of what is owed is behind the link."""
    return {
        "heading": _("Due %(day)s") % {"day": day(subject.due_on)},
        "detail": _("The round is open. Your list shows what your agency owes."),
        "url": reverse("work"),
        "due_on": subject.due_on,
        "open": subject.state == Round.State.OPEN,
    }


def extended(row: Delivery, subject: Round, known: Known) -> Said:
    """Say the new due date of a round."""
    return {
        "heading": _("Now due %(day)s") % {"day": day(subject.due_on)},
        "url": reverse("work"),
        "due_on": subject.due_on,
    }


def submitted(row: Delivery, subject: Update, known: Known) -> Said:
    """Say that an update waits for review; sent again after a return has words of its own."""
    again = any(one.verb == Decision.Verb.RETURN for one in known.decisions[subject.pk])
    return {
        "heading": _("Sent again") if again else _("To review"),
        "url": reverse("review", args=[subject.pk]),
        "open": subject.review_state == ReviewState.SUBMITTED,
    }


def returned(row: Delivery, subject: Update, known: Known) -> Said:
    """Quote the comments in full, each with its field, and lead to the first of them."""
    moment = row.event.at if row.event else row.made_at
    decisions = [one for one in known.decisions[subject.pk] if one.decided_at <= moment]
    decision = decisions[-1] if decisions else None
    comments = [
        one
        for one in known.comments[subject.pk]
        if decision and one.submission_id == decision.submission_id
    ]
    quoted = [decision.comment] if decision and decision.comment else []
    quoted += [quote(one) for one in comments]
    fields = [one.field for one in comments if one.field]
    due_on = (decision.due_on if decision else None) or subject.duty.due_on
    what = (SENT_BACK.get(Decision.Verb(decision.verb)) if decision else None) or _("Returned")
    words = _("%(what)s, due %(day)s") if due_on else "%(what)s"
    return {
        "heading": words % {"what": what, "day": day(due_on)},
        "detail": "\n".join(quoted),
        "url": f"{form_of(subject)}#{field_id(fields[0])}" if fields else form_of(subject),
        "due_on": due_on,
        "open": subject.review_state == ReviewState.RETURNED,
    }


def quote(comment: Comment) -> str:
    """Return a comment with the field that it is about, and the suggested text."""
    said = comment.text
    if comment.suggestion:
        said = "\n".join(filter(None, [said, _("Suggested text: %s") % comment.suggestion]))
    return f"{field_label(comment)}: {said}" if comment.field else said


def field_label(comment: Comment) -> str:
    """Return the name of a field as the form shows it."""
    return str(FIELD_WORDS.get(comment.field) or _("Answer %s") % comment.field.lstrip("q"))


def field_id(field: str) -> str:
    """Return the place of a field in the form."""
    return {"evidence": "evidence", "status": "id_status_0"}.get(field, f"id_{field}")


def about_duty(row: Delivery, subject: Duty, known: Known) -> Said:
    """Say until when a duty is due now, and lead to its form."""
    updates = known.updates[subject.pk]
    update = updates[-1] if updates else None
    sent = update is not None and update.review_state == ReviewState.SUBMITTED
    still = subject.state == Duty.State.OPEN and not sent
    said = {"url": form_of(update), "due_on": subject.due_on}
    if row.kind in ("due", "chased"):
        return said | due_words(row, subject, update) | {"open": still}
    if subject.state == Duty.State.WAIVED:
        return said | {"heading": _("No longer due"), "detail": subject.waived_because}
    return said | {"heading": _("Now due %(day)s") % {"day": day(subject.due_on)}}


def due_words(row: Delivery, subject: Duty, update: Update | None) -> Said:
    """Say how late, or how soon; a returned update first."""
    due_on = subject.due_on
    note = str(row.facts.get("note", ""))
    if row.kind == "chased":
        by = _("A coordinator reminds you. An answer to this mail reaches the coordinators.")
        note = f"{by}\n{note}".strip()
    if update is not None and update.review_state == ReviewState.RETURNED:
        return {"heading": _("Returned, due %(day)s") % {"day": day(due_on)}, "detail": note}
    late = (row.made_at.date() - due_on).days if due_on else 0
    if late > 0:
        words = ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", late)
        return {"heading": words % {"days": late}, "detail": note}
    return {"heading": _("Due %(day)s") % {"day": day(due_on)}, "detail": note}


def time_asked(row: Delivery, subject: Duty, known: Known) -> Said:
    """Say until when an agency asks for time, and why."""
    request = known.requests[subject.pk][-1] if known.requests[subject.pk] else None
    if request is None:
        return {"url": reverse("time-answer", args=[subject.pk])}
    waits = not hasattr(request, "answer") and subject.state == Duty.State.OPEN
    return {
        "heading": _("More time asked until %(day)s") % {"day": day(request.until_on)},
        "detail": request.reason,
        "url": reverse("time-answer", args=[subject.pk]),
        "open": waits,
    }


def time_answered(row: Delivery, subject: Duty, known: Known) -> Said:
    """Say whether more time was given, and until when or why not."""
    answers = [one.answer for one in known.requests[subject.pk] if hasattr(one, "answer")]
    updates = known.updates[subject.pk]
    url = form_of(updates[-1]) if updates else ""
    answer: TimeAnswer | None = answers[-1] if answers else None
    if answer is None or answer.granted:
        due_on = answer.due_on if answer else subject.due_on
        heading = _("More time until %(day)s") % {"day": day(due_on)}
        return {"heading": heading, "url": url, "due_on": due_on}
    heading = _("No more time, still due %(day)s") % {"day": day(subject.due_on)}
    return {"heading": heading, "detail": answer.reason, "url": url, "due_on": subject.due_on}


def handed_over(row: Delivery, subject: Handover, known: Known) -> Said:
    """Say who acts for whom, for what, from when until when; the note is for the two alone."""
    names = {
        "giver": subject.from_user,
        "taker": subject.to_user,
        "from": day(subject.from_on),
        "until": day(subject.until_on),
    }
    words = _("%(taker)s acts for %(giver)s from %(from)s until %(until)s")
    if subject.ended_at is not None:
        words = _("%(taker)s no longer acts for %(giver)s")
    own = row.user_id in (subject.from_user_id, subject.to_user_id)
    detail = (own and subject.note) or (subject.agency.acronym if subject.agency else "")
    page = "hand-over" if own else "work" if subject.agency else "queue"
    return {"heading": words % names, "detail": detail, "url": reverse(page)}


def vacant(row: Delivery, subject: Agency, known: Known) -> Said:
    """Say how many duties are open where nobody can act."""
    count = int(row.facts.get("duties", 0))
    words = ngettext(
        "Nobody can act, %(count)d duty is open",
        "Nobody can act, %(count)d duties are open",
        count,
    )
    slug = row.framework.slug if row.framework else ""
    url = reverse("gaps", args=[slug]) if slug else ""
    return {"heading": words % {"count": count}, "url": url, "open": True}


def summary(row: Delivery, subject: None, known: Known) -> Said:
    """Say the counts of the week, as they were when they were counted."""
    slug = row.framework.slug if row.framework else ""
    return {
        "detail": weekly.in_words(row.facts),
        "url": reverse("gaps", args=[slug]) if slug else "",
    }


def commented(row: Delivery, subject: Update, known: Known) -> Said:
    """Quote the open comments on what was sent."""
    quoted = [quote(one) for one in known.comments[subject.pk]]
    return {"heading": _("Commented"), "detail": "\n".join(quoted), "url": form_of(subject)}


def for_reviewers(row: Delivery, subject: Update, known: Known) -> Said:
    """Lead a reviewer to the page on which they read the update."""
    return {"url": reverse("review", args=[subject.pk])}


Writer = Callable[[Delivery, Any, Known], Said]
WRITERS: dict[str, Writer] = {
    "proposed": proposed,
    "answer_owed": proposed,
    "answered": answered,
    "round_opened": round_opened,
    "extended": extended,
    "submitted": submitted,
    "returned": returned,
    "commented": commented,
    "comment_answered": for_reviewers,
    "taken_back": for_reviewers,
    "claimed_long": for_reviewers,
    "due_date_changed": about_duty,
    "due": about_duty,
    "chased": about_duty,
    "time_asked": time_asked,
    "time_answered": time_answered,
    "handed_over": handed_over,
    "vacant": vacant,
    "summary": summary,
    "job_ready": about_job,
    "job_failed": about_job,
    "webhook_given_up": given_up,
}
"""Who writes which kind; the others are told by their words alone."""
assert set(WRITERS) <= set(BY_KIND)  # noqa: S101 - a misspelt kind would be told by nobody
