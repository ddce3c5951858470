"""Checking an update and sending it, taking it back, throwing a draft away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.revisions import Conflict
from recommendations.domain import clearing, contents, updates, workflow
from recommendations.domain.questionnaires import asked_in
from recommendations.domain.sending import what_is_missing
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.domain.workflow import perform
from recommendations.models import (
    Draft,
    ImplementationStatus,
    ReviewState,
    SubmissionKind,
    Update,
)
from recommendations.reporting import shown
from recommendations.web.anchors import anchor, at_field, linked
from recommendations.web.attempts import Refused, refused, version_in
from recommendations.web.comments import comments_of, counted
from recommendations.web.views.updates import crumbs, subject, update_at
from recommendations.web.visitor import Visitor, signed_in
from recommendations.web.workload import next_of


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would be sent, who will read it, and what is still missing."""
    who = signed_in(request)
    found = update_at(pk, who)
    updates.check_writable(found, who.roles, at=who.at)
    return check_page(request, found, who)


def check_page(
    request: HttpRequest, found: Update, who: Visitor, refusal: Refused | None = None
) -> HttpResponse:
    """Return the page of the check; without a draft it leads back to the form."""
    draft = getattr(found, "draft", None)
    if draft is None:
        return redirect("update", pk=found.pk)
    form = reverse("update", args=[found.pk])
    agency = clearing.agency_of(found)
    missing = what_is_missing(found, draft)
    standing = clearing.standing_of(found, draft, day=who.today)
    comments = comments_of(found, own=True)
    context = {
        **subject(found),
        "draft": draft,
        "lines": linked(shown.draft_lines(draft, found), form),
        "evidence": updates.evidence_of(found),
        "missing": [(anchor(form, at_field(name)), text) for name, text in missing.items()],
        "clearing": standing,
        "uncleared": standing and not standing.clearance and clearing.needed(standing, agency),
        "can_clear": "clear" in workflow.available(found, who.roles, at=who.at),
        "warnings": warnings(found, draft, who),
        "counted": counted(comments),
        "comments": [one for one in comments if one.is_open],
        "refused": refusal,
        "crumbs": crumbs(found, _("Check and send")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/update_check.html", context, status=status)


def warnings(found: Update, draft: Draft, who: Visitor) -> list[str]:
    """Return what can be sent, and is worth a second look."""
    assignment = found.duty.assignment
    before = assignment.in_force if assignment else None
    said = []
    if draft.kind == SubmissionKind.NOTHING_TO_REPORT:
        said.append(_("“Nothing to report” meets the duty and claims no status."))
    elif assignment is None:
        said += unanswered(found, draft)
    elif draft.kind == SubmissionKind.NO_CHANGE:
        said.append(_("The approved text stays as it is, and its age is shown."))
    elif draft.status == ImplementationStatus.IMPLEMENTED and not updates.evidence_of(found):
        said.append(_("No link and no file goes with “Implemented”, only your reason."))
    if draft.kind == SubmissionKind.REPORT and before:
        if (before.status, before.body) == (draft.status, draft.body):
            said.append(_("Status and text are the same as in the approved update."))
        elif before.status == ImplementationStatus.IMPLEMENTED != draft.status:
            said.append(_("The approved update says “Implemented”; this one takes it back."))
    if draft.resume_on and draft.resume_on < who.today:
        said.append(_("The date on which work is to resume has passed."))
    return said


def unanswered(found: Update, draft: Draft) -> list[str]:
    """Return how many questions of a questionnaire have no answer, unless all have one."""
    left = sum(not contents.said(draft, one.field) for one in asked_in(found))
    if not left:
        return []
    words = ngettext(
        "%(count)d question is not answered, and is shown so.",
        "%(count)d questions are not answered, and are shown so.",
        left,
    )
    return [words % {"count": left}]


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was checked; text that changed since is shown first."""
    who = signed_in(request, page=reverse("update-check", args=[pk]))
    found = update_at(pk, who)
    try:
        perform(
            "submit",
            found,
            by=who.user,
            at=who.at,
            version=version_in(request),
            draft_version=version_in(request, "draft_version"),
        )
    except RequirementMissing:
        return check_page(request, update_at(pk, who), who, Refused(400))
    except Conflict as conflict:
        return check_page(request, update_at(pk, who), who, refused(conflict))
    except NotAllowedNow:
        if not sent_by(who, found):
            raise
    return redirect("update-sent", pk=pk)


def sent_by(who: Visitor, found: Update) -> bool:
    """Say whether this person has just sent the update: a button pressed twice sends once."""
    now = Update.objects.filter(pk=found.pk, review_state=ReviewState.SUBMITTED)
    newest = updates.newest_submission(found)
    return now.exists() and newest is not None and newest.submitted_by_id == who.user.pk


@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the update was sent, what happens next, and what is next to do."""
    who = signed_in(request)
    found = update_at(pk, who)
    submission = updates.newest_submission(found)
    if found.review_state != ReviewState.SUBMITTED or submission is None:
        return redirect("update", pk=pk)
    context = {
        **subject(found),
        "submission": submission,
        "next": next_of(who, after=found),
        "crumbs": crumbs(found, _("Sent")),
    }
    return render(request, "recommendations/update_sent.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submission back before it is decided; its text is the draft again."""
    who = signed_in(request, page=reverse("update", args=[pk]))
    found = update_at(pk, who)
    perform("withdraw", found, by=who.user, at=who.at, version=version_in(request))
    messages.success(request, _("Withdrawn. The text is your draft again."))
    return redirect("update", pk=pk)


@require_http_methods(["GET", "POST"])
def delete_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after a question."""
    who = signed_in(request)
    found = update_at(pk, who)
    updates.check_writable(found, who.roles, at=who.at)
    refusal = None
    if request.method == "POST":
        version = version_in(request, "draft_version")
        try:
            updates.delete_draft(found, by=who.user, at=who.at, version=version)
        except Conflict as conflict:
            found, refusal = update_at(pk, who), refused(conflict)
        else:
            messages.success(request, _("Draft deleted."))
            return redirect("work")
    draft = getattr(found, "draft", None)
    if draft is None:
        return redirect("update", pk=pk)
    context = {
        **subject(found),
        "draft": draft,
        "lines": shown.draft_lines(draft, found),
        "refused": refusal,
        "crumbs": crumbs(found, _("Delete the draft")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/update_delete.html", context, status=status)
