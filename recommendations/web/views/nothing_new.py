"""Bulk approval: the updates that say "nothing new", from a list to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from recommendations.domain import access, workflow
from recommendations.domain.assessments import AGREE
from recommendations.models import Submission, SubmissionKind, Update
from recommendations.web import waiting
from recommendations.web.attempts import version_in
from recommendations.web.visitor import Visitor, signed_in

REFUSALS = (workflow.NotAllowedNow, workflow.NotPermitted, workflow.RequirementMissing)


@dataclass(frozen=True)
class Unchanged:
    """A "nothing new": what it repeats, and how old that is."""

    update: Update
    submission: Submission
    today: date

    @property
    def repeated(self) -> Submission:
        """Return the report whose text it repeats."""
        return self.submission.repeats or self.submission

    @property
    def why(self) -> str:
        """Return the sentence of the agency."""
        return str(self.submission.body.get("done", ""))

    @property
    def days(self) -> int:
        """Return how old the repeated text is."""
        return (self.today - self.repeated.submitted_at.date()).days


@dataclass(frozen=True)
class Result:
    """What came of one row: approved, or why not."""

    update: Update
    why_not: str = ""


@require_http_methods(["GET", "POST"])
def nothing_new(request: HttpRequest) -> HttpResponse:
    """List what repeats an approved text; approve the chosen ones, each on its own."""
    who = signed_in(request)
    if not who.oversees_anything:
        raise NotPermitted(_("Only coordinators review updates."))
    chosen = request.POST.getlist("update")[: waiting.PAGE]
    results = approve_each(request, who, chosen) if chosen else []
    updates = waiting.decidable(who, {"kind": SubmissionKind.NO_CHANGE})[: waiting.PAGE]
    context = {
        "rows": unchanged(list(updates), who),
        "results": results,
        "none_chosen": request.method == "POST" and not chosen,
        "all": "all" in request.GET and not results,
        "crumbs": [(_("Review queue"), reverse("queue")), (_("Nothing new"), "")],
    }
    status = 400 if context["none_chosen"] else 200
    return render(request, "recommendations/nothing_new.html", context, status=status)


def unchanged(updates: list[Update], who: Visitor) -> list[Unchanged]:
    """Return updates with what they repeat; one query."""
    rows = Submission.objects.filter(update__in=[update.pk for update in updates])
    newest = {
        one.update_id: one
        for one in rows.select_related("repeats__update__duty__round").order_by("number")
    }
    return [Unchanged(update, newest[update.pk], who.today) for update in updates]


def approve_each(request: HttpRequest, who: Visitor, chosen: list[str]) -> list[Result]:
    """Approve the chosen updates, each in a transaction of its own, and say what came of each."""
    pks = [int(pk) for pk in chosen if pk.isdecimal() and len(pk) < 10]
    seen = access.visible_updates(who.roles).with_place().filter(pk__in=pks)
    return [approve(request, who, update) for update in seen.order_by("id")]


def approve(request: HttpRequest, who: Visitor, update: Update) -> Result:
    """Approve one update as it was shown, agreeing with the status that it repeats."""
    newest = update.submissions.order_by("-number").first()
    if newest is None or newest.kind != SubmissionKind.NO_CHANGE:
        return Result(update, _("It is not a “nothing new”. Open it to decide."))
    version = version_in(request, f"version_{update.pk}")
    facts: dict[str, Any] = {"claim": AGREE}
    try:
        workflow.perform("approve", update, by=who.user, at=who.at, version=version, **facts)
    except workflow.Conflict:
        return Result(update, _("It has changed since the list was shown. Open it to decide."))
    except REFUSALS as refusal:
        return Result(update, str(refusal))
    return Result(update)
