"""The page on which a coordinator reads an update, comments on it, and decides."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import F, FilteredRelation, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from recommendations.domain import access, reading
from recommendations.domain.assessments import AGREE, DIFFER
from recommendations.domain.conversation import text_of
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import ReviewState, Update
from recommendations.web import kept, waiting
from recommendations.web.attempts import Refused, attempt, refused
from recommendations.web.comments import counted
from recommendations.web.forms.reviews import DecisionForm, comments_on
from recommendations.web.side_by_side import side_by_side
from recommendations.web.submissions import Sent, history_of
from recommendations.web.views.queue import kept_filters, next_url
from recommendations.web.views.updates import subject
from recommendations.web.visitor import Visitor, signed_in

DAYS_TO_ANSWER = 7


def update_to_review(pk: int, who: Visitor) -> Any:
    """Return an update with what its review page shows, and what this reader kept unsent of it."""
    mine = FilteredRelation(
        "decision_drafts", condition=Q(decision_drafts__user_id=who.roles.user_id)
    )
    rows = access.visible_updates(who.roles).with_place()
    rows = rows.select_related(
        "review_claim__user", "duty__assignment__in_force__update__duty__round"
    )
    kept_rows: Any = rows.annotate(mine=mine, typed=F("mine__typed"), typed_at=F("mine__saved_at"))
    return get_object_or_404(kept_rows, pk=pk)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an update beside the text in force; comment, approve it, or return it."""
    who = signed_in(request)
    found = update_to_review(pk, who)
    if not access.sees_inside(who.roles, found.framework_id):
        raise NotPermitted(_("Only coordinators review updates."))
    if request.method == "POST":
        doing = request.POST.get("decision", "")
        if doing in DECISIONS:
            return decide(request, found, who, doing)
        return at_the_desk(request, found, who, doing)
    if "skip" in request.GET:
        return HttpResponseRedirect(next_url(request, who, after=found))
    due_on = who.today + timedelta(days=DAYS_TO_ANSWER)
    unsent = {"due_on": due_on, "claim": AGREE} | (found.typed or {})
    return review_page(
        request,
        found,
        who,
        DecisionForm(initial=kept.opening(request, **unsent), labels=comments_on(found)),
    )


DECISIONS = ("approve", "return", "comment")


def decide(request: HttpRequest, found: Update, who: Visitor, verb: str) -> HttpResponse:
    """Approve, return or comment; whatever stands in the way, what was typed is kept."""
    form = DecisionForm(request.POST, labels=comments_on(found))
    facts: dict[str, Any] = {}
    if form.is_valid():
        asked = {"approve": ("claim", "status", "reason"), "return": ("due_on",)}
        facts = {name: form.cleaned_data[name] for name in asked.get(verb, ())}
        facts |= {"field_comments": form.field_comments(), "suggestions": form.suggestions()}
    facts["note"] = form.cleaned_data.get("comment", "")
    refusal = attempt(verb, found, who=who, request=request, form=form, **facts)
    if refusal is not None:
        # Whoever may not decide keeps nothing: the page says who may, and shows what was typed.
        with suppress(NotPermitted):
            reading.save_decision_draft(found, typed=form.typed(), by=who.user, at=who.at)
        return review_page(request, update_to_review(found.pk, who), who, form, refusal)
    name = str(found.duty.assignment or found)
    if verb == "comment":
        reading.discard_decision_draft(found, by=who.user)
        messages.success(request, _("Comment sent. The update still waits for a decision."))
        return HttpResponseRedirect(here(request, found))
    if verb == "return":
        messages.success(request, _("Returned to the agency: %(update)s.") % {"update": name})
        return HttpResponseRedirect(reverse("queue") + kept_filters(request))
    messages.success(request, _("Approved: %(update)s.") % {"update": name})
    return HttpResponseRedirect(next_url(request, who))


def here(request: HttpRequest, found: Update) -> str:
    """Return the address of the review page, with the filters of the queue."""
    return reverse("review", args=[found.pk]) + kept_filters(request)


def at_the_desk(request: HttpRequest, found: Update, who: Visitor, doing: str) -> HttpResponse:
    """Do what decides nothing: keep, throw away, claim, release, put a text in, close a comment.

    Whatever the button, everything that was typed is there afterwards.
    """
    form = DecisionForm(request.POST, labels=comments_on(found))
    word, _dash, rest = doing.partition("-")
    try:
        if word in ("phrase", "start") and put_in(form, found, who, word, rest):
            return review_page(request, found, who, form)
        draft = None
        if "comment" in request.POST and doing != "discard":
            draft = reading.save_decision_draft(found, typed=form.typed(), by=who.user, at=who.at)
        if word == "claim":
            reading.claim_reading(found, by=who.user, at=who.at)
    except (NotAllowedNow, NotPermitted) as error:
        return review_page(request, found, who, form, refused(error))
    if word == "close":
        return close_comment(request, found, who, form, rest)
    kept.forget(request)
    if doing == "later":
        told = _("Saved for later, for you alone.") if draft else _("There was nothing to save.")
        messages.success(request, told)
        return HttpResponseRedirect(reverse("queue") + kept_filters(request))
    if doing == "discard":
        reading.discard_decision_draft(found, by=who.user)
        messages.success(request, _("Thrown away."))
    elif doing == "release":
        reading.release_reading(found, by=who.user)
    elif word == "talk" and rest.isdecimal() and len(rest) < 10:
        return redirect("comment", pk=int(rest))
    elif doing not in ("claim", "keep"):
        form.add_error(None, _("Choose to approve, to return, or to comment."))
        return review_page(request, found, who, form, Refused(400))
    return HttpResponseRedirect(here(request, found))


def put_in(form: DecisionForm, found: Update, who: Visitor, word: str, which: str) -> bool:
    """Put a saved phrase into the comment, or the agency's text where it is to be reworded."""
    if word == "phrase":
        number = int(which) if which.isdecimal() and len(which) < 10 else 0
        phrase = reading.saved_phrases(who.user).filter(pk=number).first()
        typed = str(form["comment"].value() or "").rstrip()
        if phrase is not None:
            form.follow(comment=f"{typed}\n{phrase.text}".lstrip())
        return phrase is not None
    submission = found.submissions.order_by("-number").first()
    if submission is None or f"suggest_{which}" not in form.fields:
        return False
    form.follow(**{f"suggest_{which}": text_of(submission, which)})
    return True


def close_comment(
    request: HttpRequest, found: Update, who: Visitor, form: DecisionForm, number: str
) -> HttpResponse:
    """Close a comment from the review page; what was typed below it was kept before."""
    comment = int(number) if number.isdecimal() and len(number) < 10 else 0
    refusal = attempt("close_comment", found, who=who, request=request, form=form, comment=comment)
    if refusal is not None:
        return review_page(request, update_to_review(found.pk, who), who, form, refusal)
    messages.success(request, _("Comment closed."))
    return HttpResponseRedirect(here(request, found))


def review_page(
    request: HttpRequest,
    found: Any,
    who: Visitor,
    form: DecisionForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    """Return the review page, whatever has become of the update meanwhile."""
    sent, columns = side_by_side(request, found, own=access.sees_text(who.roles, found))
    if not sent:
        return redirect("update", pk=found.pk)
    submitted = found.review_state == ReviewState.SUBMITTED
    reviewer = access.may(who.roles, "approve", found, at=who.at)
    offered = submitted and reviewer
    context = {
        **subject(found),
        **columns,
        **conversation(sent),
        **desk(found, who, form, offered),
        "newest": sent[-1],
        "earlier": sent[:-1],
        "steps": history_of(sent),
        "offered": offered,
        "reviewer": reviewer,
        "why_not": waiting.why_not(found, who) if submitted and not reviewer else "",
        "refused": refusal if refusal and refusal.is_notice else None,
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


def conversation(sent: list[Sent]) -> dict[str, Any]:
    """Return the comments on all submissions, and how many are open."""
    comments = [comment for each in sent for comment in each.comments]
    return {
        "comments": [one for one in comments if one.is_open],
        "closed_comments": [one for one in comments if not one.is_open],
        "counted": counted(comments),
    }


def desk(found: Any, who: Visitor, form: DecisionForm, offered: bool) -> dict[str, Any]:
    """Return what only this reader has: the form, what they kept unsent, phrases, who reads."""
    on_fields = [
        field for _name, *pair in form.by_field for field in pair if field and field.value()
    ]
    typed = [form["comment"], *on_fields, form["reason"]]
    reader = reading.reader_of(found, at=who.at)
    return {
        "form": form,
        "typed": [field for field in typed if field.value()],
        "typed_at": found.typed_at,
        "comments_open": bool(on_fields),
        "differs": form["claim"].value() == DIFFER,
        "phrases": list(reading.saved_phrases(who.user)) if offered else [],
        "reader": reader,
        "reads": reader is not None and reader.user_id == who.user.pk,
    }
