"""The review queue of a coordinator, and the page on which an update is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.handovers import concerning
from recommendations.domain import access, questionnaires
from recommendations.domain.assessments import AGREE, DIFFER
from recommendations.domain.questionnaires import asked_in
from recommendations.models import Decision, ReviewState, Submission, Update
from recommendations.models.update import UpdateQuerySet
from recommendations.web import comparison, kept, waiting
from recommendations.web.addresses import takes
from recommendations.web.attempts import Refused, attempt
from recommendations.web.forms.reviews import DecisionForm, QueueForm, comments_on
from recommendations.web.saved import short_list
from recommendations.web.submissions import Sent, history_of, submissions_of
from recommendations.web.views.updates import subject, update_at
from recommendations.web.visitor import Visitor, signed_in

DAYS_TO_ANSWER = 7
FILTERS = ("area", "agency", "sent")


@takes(*FILTERS, "page")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the updates that wait for a decision, oldest first; 400 for a filter that is none."""
    who = signed_in(request)
    if not who.oversees_anything:
        raise NotPermitted(_("Only coordinators review updates."))
    form = QueueForm(request.GET)
    found = narrowed(form, who)
    page = Paginator(found, waiting.PAGE).get_page(request.GET.get("page"))
    beyond = list(waiting.beyond(who)[: waiting.PAGE])
    context = {
        "form": form,
        "page": page,
        "rows": waiting.rows(list(page.object_list), who),
        "beyond": waiting.rows(beyond, who, may=False) if beyond else [],
        "filtered": bool(kept_filters(request)),
        "who": who,
        "handovers": concerning(who.user, day=who.today),
        "query": kept_filters(request),
        "saved_views": short_list(who),
        "previous_url": page_url(request, page.previous_page_number) if page.has_previous() else "",
        "next_url": page_url(request, page.next_page_number) if page.has_next() else "",
    }
    status = 200 if form.is_valid() else 400
    return render(request, "recommendations/queue.html", context, status=status)


def narrowed(form: QueueForm, who: Visitor) -> UpdateQuerySet:
    """Return the updates that a person may decide on and that fit the filters.

    None fits a filter that does not exist: the whole list would be taken for what was asked.
    """
    if not form.is_valid():
        return waiting.decidable(who, {}).none()
    return waiting.decidable(who, form.cleaned_data)


def kept_filters(request: HttpRequest, **more: Any) -> str:
    """Return the filters of the queue as the end of an address, "" without any."""
    query = QueryDict(mutable=True)
    for name in FILTERS:
        if request.GET.get(name):
            query[name] = request.GET[name]
    for name, value in more.items():
        query[name] = str(value)
    return f"?{query.urlencode()}" if query else ""


def page_url(request: HttpRequest, number: Any) -> str:
    """Return the address of another page of the queue."""
    return reverse("queue") + kept_filters(request, page=number())


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an update beside the text in force; approve it, or return it with a comment."""
    who = signed_in(request)
    found = update_at(pk, who)
    if not access.sees_inside(who.roles, found.framework_id):
        raise NotPermitted(_("Only coordinators review updates."))
    if request.method == "POST":
        return decide(request, found, who)
    if "skip" in request.GET:
        return HttpResponseRedirect(next_url(request, who, after=found))
    due_on = who.today + timedelta(days=DAYS_TO_ANSWER)
    opening = kept.opening(request, due_on=due_on, claim=AGREE)
    return review_page(
        request, found, who, DecisionForm(initial=opening, labels=comments_on(found))
    )


def decide(request: HttpRequest, found: Update, who: Visitor) -> HttpResponse:
    """Approve or return; whatever stands in the way, what was typed stays on the page."""
    form = DecisionForm(request.POST, labels=comments_on(found))
    verb = request.POST.get("decision", "")
    facts: dict[str, Any] = {}
    if form.is_valid() and verb == "approve":
        facts = {name: form.cleaned_data[name] for name in ("claim", "status", "reason")}
        for name in form.field_comments():
            told = _("Comments on single fields go with a return. Move this one up to approve.")
            form.add_error(f"comment_{name}", told)
    elif form.is_valid() and verb == "return":
        facts = {
            "due_on": form.cleaned_data["due_on"],
            "field_comments": form.field_comments(),
        }
    elif form.is_valid():
        form.add_error(None, _("Choose to approve or to return."))
    facts["note"] = form.cleaned_data.get("comment", "")
    refusal = attempt(verb, found, who=who, request=request, form=form, **facts)
    if refusal is not None:
        return review_page(request, update_at(found.pk, who), who, form, refusal)
    name = str(found.duty.assignment or found)
    if verb == "return":
        messages.success(request, _("Returned to the agency: %(update)s.") % {"update": name})
        return HttpResponseRedirect(reverse("queue") + kept_filters(request))
    messages.success(request, _("Approved: %(update)s.") % {"update": name})
    return HttpResponseRedirect(next_url(request, who))


def next_url(request: HttpRequest, who: Visitor, *, after: Update | None = None) -> str:
    """Return the address of the oldest update in the queue, else of the queue.

    `after` is an update that is skipped: the next is the one behind it, and behind the last
    comes the first again.
    """
    rest = narrowed(QueueForm(request.GET), who)
    first = rest.exclude(pk=after.pk).first() if after else rest.first()
    if after is not None:
        first = waiting.behind(rest, after) or first
    page = reverse("review", args=[first.pk]) if first else reverse("queue")
    return page + kept_filters(request)


def review_page(
    request: HttpRequest,
    found: Update,
    who: Visitor,
    form: DecisionForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    """Return the review page, whatever has become of the update meanwhile."""
    sent = submissions_of(found, own=access.sees_text(who.roles, found))
    if not sent:
        return redirect("update", pk=found.pk)
    newest = sent[-1]
    submitted = found.review_state == ReviewState.SUBMITTED
    offered = submitted and access.may(who.roles, "approve", found, at=who.at)
    comments = [field for field in form if field.name.startswith("comment_")]
    context = {
        **subject(found),
        **side_by_side(request, found, sent),
        "form": form,
        "newest": newest,
        "earlier": sent[:-1],
        "steps": history_of(sent),
        "offered": offered,
        "why_not": waiting.why_not(found, who) if submitted and not offered else "",
        "refused": refusal if refusal and refusal.is_notice else None,
        "typed": [field for field in (form["comment"], *comments, form["reason"]) if field.value()],
        "comments": comments,
        "comments_open": any(field.value() for field in comments),
        "differs": form["claim"].value() == DIFFER,
        "today": who.today,
        "skip": kept_filters(request, skip=1),
        "query": kept_filters(request),
        "crumbs": [
            (_("Review queue"), reverse("queue") + kept_filters(request)),
            (str(found.duty.assignment or found), ""),
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/review_page.html", context, status=status)


def side_by_side(request: HttpRequest, found: Update, sent: list[Sent]) -> dict[str, Any]:
    """Return the newest text beside the one it is compared with, unless it was taken back."""
    newest, old = sent[-1], compared(request, found, sent)
    rows = comparison.rows(
        old,
        newest.submission,
        old_evidence=old.evidence.order_by("id") if old else (),
        new_evidence=newest.evidence,
        questions=asked_in(found),
    )
    return {
        "old": old,
        "old_label": called(old, found),
        "new_label": called(newest.submission, found),
        "rows": rows if newest.lines else [],
    }


def called(submission: Submission | None, found: Update) -> str:
    """Return the heading of a column in the comparison."""
    if submission is None:
        return ""
    if submission.update_id == found.pk:
        return _("Submission %(number)d") % {"number": submission.number}
    return _("Approved, %(round)s") % {"round": submission.update.duty.round.code}


def compared(request: HttpRequest, found: Update, sent: list[Sent]) -> Submission | None:
    """Return what the newest text is compared with: the approved one, or one sent before it.

    For an update that is decided that is the text that was approved before it.
    """
    chosen = request.GET.get("against", "")
    earlier = {str(each.submission.number): each.submission for each in sent[:-1] if each.lines}
    if chosen in earlier:
        return earlier[chosen]
    assignment = found.duty.assignment
    if assignment is None:
        before = questionnaires.approved(found).exclude(pk=sent[-1].submission.pk).first()
        return before or next(reversed(earlier.values()), None)
    if assignment.in_force is None:
        return [*earlier.values()][-1] if earlier else None
    if assignment.in_force.pk != sent[-1].submission.pk:
        return assignment.in_force
    decided = Submission.objects.filter(
        update__duty__assignment=assignment, decisions__verb=Decision.Verb.APPROVE
    ).exclude(pk=sent[-1].submission.pk)
    return decided.order_by("-decisions__decided_at", "-id").first()
