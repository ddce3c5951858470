"""The update form of an agency, and the page that everybody else reads at its address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.revisions import Conflict
from recommendations.domain import (
    access,
    behalf,
    clearing,
    reading,
    retractions,
    sending,
    updates,
    workflow,
)
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import CONTENT_FIELDS, Decision, Draft, ReviewState, Update
from recommendations.reporting import shown
from recommendations.web import comparison, kept, requests_for_time, suggestions
from recommendations.web.anchors import anchor
from recommendations.web.attempts import refused
from recommendations.web.comments import by_field, comments_of, counted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.exposures import corrections_of, seen_in_public
from recommendations.web.forms.questionnaires import QuestionnaireForm
from recommendations.web.forms.reviews import ReopenForm
from recommendations.web.forms.written import Written, initial_of
from recommendations.web.questionnaires import beside, take_over
from recommendations.web.submissions import history_of, submissions_of
from recommendations.web.visitor import Visitor, signed_in, visitor
from recommendations.web.workload import returns_of
from recommendations.web.writing import add_evidence, form_of, new_form, settled

RETURNED = ReviewState.RETURNED


def update_at(pk: int, who: Visitor) -> Update:
    """Return an update that exists for this person, with what its pages show of it."""
    rows = access.visible_updates(who.roles).with_place()
    rows = rows.select_related(
        "draft__saved_by",
        "review_claim__user",
        "duty__assignment__in_force__update__duty__round",
        "corrects",
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form to the agency and a page to read to others; save what was typed."""
    if request.method == "POST":
        return write(request, pk, then=request.POST.get("then", ""))
    who = signed_in(request)
    found = update_at(pk, who)
    try:
        updates.check_writable(found, who.roles, at=who.at)
    except (NotAllowedNow, NotPermitted) as why:
        return read_page(request, found, who, why=str(why))
    return form_page(request, found, new_form(request, found))


def write(request: HttpRequest, pk: int, *, then: str) -> HttpResponse:
    """Save everything on the form, then do what the button said.

    Evidence is added first: it depends on no version, so that a conflict in the text
    loses neither a link nor a file.
    """
    who = visitor(request)
    if who.roles.user_id is None:
        return kept.keep(request, reverse("update", args=[pk]))
    found = update_at(pk, who)
    form = form_of(found, settled(request.POST), request.FILES)
    form.is_valid()
    taken = take_over(request, found, form)
    try:
        added = add_evidence(form, found, who)
        draft = suggestions.save(found, form, who, then)
    except Conflict:
        return conflict_page(request, found, form, Draft.objects.filter(update=found).first())
    except RequirementMissing as missing:
        form.add_error(None, str(missing))
        form.follow(form.cleaned_data.get("draft_version") or 0, added)
        return form_page(request, update_at(pk, who), form, status=400, then=then)
    except (NotAllowedNow, NotPermitted) as error:
        return kept_page(request, found, form, error)
    kept.forget(request)
    if then == "evidence" and not added and not form.errors:
        form.add_error("link_url", _("Enter a web address or choose a file."))
    if then == "check":
        form.say(sending.what_is_missing(found, draft))
    form.say({field: told for field, told in taken.items() if told})
    if form.errors:
        form.follow(draft.version, added)
        return form_page(request, update_at(pk, who), form, status=400)
    if suggestions.pressed(then)[0] == suggestions.TAKE:
        messages.success(request, _("The suggested text is in its field. Nothing is sent yet."))
    return go_on(pk, then, field=next(iter(taken), ""))


def go_on(pk: int, then: str, *, field: str = "") -> HttpResponse:
    """Lead where the button said; after an answer was taken over, to its field."""
    form = reverse("update", args=[pk])
    if field:
        return HttpResponseRedirect(anchor(form, field))
    beside_comment = suggestions.place_after(pk, then)
    if beside_comment:
        return HttpResponseRedirect(beside_comment)
    places = {
        "check": reverse("update-check", args=[pk]),
        "leave": reverse("work"),
        "start": f"{form}?start=approved",
        "evidence": f"{form}#evidence",
    }
    return HttpResponseRedirect(places.get(then, form))


def form_page(
    request: HttpRequest, found: Update, form: Written, status: int = 200, then: str = ""
) -> HttpResponse:
    """Return the form, with the last approved text and the reviewer's comments beside it."""
    returned = why_it_came_back(found)
    comments = [one for one in comments_of(found, own=True) if one.is_open]
    commented = by_field(comments)
    context = {
        **subject(found),
        "draft": getattr(found, "draft", None),
        "form": form,
        "evidence": updates.evidence_of(found),
        "returned": returned,
        "comments": comments,
        "commented": commented,
        "changed_since": suggestions.pressed(then)[1],
        "asked": requests_for_time.newest(found.duty),
        "restored": kept.kept_for(request, request.path) is not None,
        "today": visitor(request).today,
        "crumbs": crumbs(found, _("Update")),
    }
    if isinstance(form, QuestionnaireForm):
        context |= beside(found, form, commented)
        return render(request, "recommendations/questionnaire_form.html", context, status=status)
    context |= approved_beside(request, found)
    return render(request, "recommendations/update_form.html", context, status=status)


def why_it_came_back(found: Update) -> Decision | None:
    """Return the decision that the agency answers: on this update, or on the text it corrects."""
    about = [found] if found.review_state == RETURNED else []
    corrected = found.corrects
    if corrected is not None and corrected.review_state == ReviewState.RETRACTED:
        about.append(corrected)
    decisions = returns_of(about).values() if about else ()
    return max(decisions, key=lambda one: (one.decided_at, one.pk), default=None)


def approved_beside(request: HttpRequest, found: Update) -> dict[str, Any]:
    """Return the approved text that stands beside the form, and whether the form starts from it."""
    assignment = found.duty.assignment
    approved = assignment.in_force if assignment else None
    return {
        "approved": approved,
        "approved_lines": shown.lines(approved, repeats=approved.repeats) if approved else [],
        "started": request.GET.get("start") == "approved" and approved,
    }


def subject(found: Update) -> dict[str, Any]:
    """Return what every page of an update shows: the update, and whose it is."""
    return {"update": found, "agency": clearing.agency_of(found)}


def crumbs(found: Update, here: str) -> list[tuple[str, str]]:
    """Return the way to a page of an update."""
    return [
        (_("My work"), reverse("work")),
        (str(found.duty.assignment or found), reverse("update", args=[found.pk])),
        (here, ""),
    ]


def conflict_page(
    request: HttpRequest, found: Update, form: Written, theirs: Draft | None
) -> HttpResponse:
    """Show what two people wrote, field by field; nothing is overwritten."""
    content = {name: getattr(theirs, name) for name in CONTENT_FIELDS} if theirs else {}
    differing, same = comparison.both(form.data, initial_of(content), fields=form.texts)
    return render(
        request,
        "recommendations/update_conflict.html",
        {
            **subject(found),
            "differing": differing,
            "same": same,
            "theirs": theirs,
            "draft_version": theirs.version if theirs else 0,
            "crumbs": crumbs(found, _("Two versions")),
        },
        status=409,
    )


def kept_page(request: HttpRequest, found: Update, form: Written, error: Exception) -> HttpResponse:
    """Say why the text was not saved, and show all of it."""
    refusal = refused(error)
    typed = [
        {"label": field.label, "value": comparison.in_words(field, form.data[name]), "said": True}
        for name, field in form.fields.items()
        if name != "draft_version" and form.data.get(name)
    ]
    context = {
        "update": found,
        "refused": refusal,
        "typed": typed,
        "crumbs": crumbs(found, _("Not saved")),
    }
    return render(request, "recommendations/update_kept.html", context, status=refusal.status)


def read_page(
    request: HttpRequest,
    found: Update,
    who: Visitor,
    *,
    why: str = "",
    form: ReopenForm | None = None,
    **more: Any,
) -> HttpResponse:
    """Return the page to read: state, submissions with decisions, what is possible now."""
    own = access.sees_text(who.roles, found)
    draft = getattr(found, "draft", None)
    sent = seen_in_public(found, submissions_of(found, own=own), who)
    status = more.pop("status", 200)
    possible = workflow.available(found, who.roles, at=who.at)
    context = {
        **subject(found),
        "own": own,
        "inside": access.sees_inside(who.roles, found.duty.round.framework_id),
        "why": why if own else "",
        "draft": draft,
        "draft_lines": shown.draft_lines(draft, found) if draft and own else [],
        "submissions": sent,
        "counted": counted(comment for each in sent for comment in each.comments),
        "reader": reading.reader_of(found, at=who.at),
        "steps": history_of(sent),
        "corrections": corrections_of(found),
        "possible": possible,
        "asks_to_answer": possible & {"reopen", "retract"} == {"retract"}
        and retractions.asks_to_answer(found),
        "enterable": not draft and behalf.may_enter(who.roles, found),
        "form": form or ReopenForm(initial=kept.opening(request)),
        "crumbs": way_to(found, own=own),
        "today": who.today,
        **more,
    }
    return render(request, "recommendations/update_read.html", context, status=status)


def way_to(found: Update, *, own: bool) -> list[tuple[str, str]]:
    """Return the way to an update: from one's own work, or for others from its round."""
    if own:
        return crumbs(found, _("Update"))
    return round_crumbs(found.duty.round, here=str(found.duty.assignment or found))
