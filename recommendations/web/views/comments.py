"""A comment on an update: both sides read and answer it; the reviewer closes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.domain import access, workflow
from recommendations.models import Comment, Update
from recommendations.reporting import shown
from recommendations.web import kept
from recommendations.web.attempts import Refused, attempt
from recommendations.web.comments import said, with_answers
from recommendations.web.forms.comments import AnswerForm
from recommendations.web.views.updates import subject, update_at
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a comment with what it is about; answer it, or close it."""
    who = signed_in(request)
    visible = access.visible_comments(who.roles)
    about = get_object_or_404(visible.select_related("submission"), pk=pk)
    found = update_at(about.submission.update_id, who)
    if request.method != "POST":
        return comment_page(request, found, about, who, AnswerForm(initial=kept.opening(request)))
    form = AnswerForm(request.POST)
    closing = request.POST.get("do") == "close"
    facts = {} if closing else {"text": form.data.get("text", "").strip()}
    refusal = attempt(
        "close_comment" if closing else "answer_comment",
        found,
        who=who,
        request=request,
        form=form,
        comment=about.pk,
        **facts,
    )
    if refusal is not None:
        return comment_page(request, update_at(found.pk, who), about, who, form, refusal)
    messages.success(request, _("Comment closed.") if closing else _("Answer sent."))
    return HttpResponseRedirect(back_to(found, about, who))


def back_to(found: Update, about: Comment, who: Visitor) -> str:
    """Return where the conversation goes on: the field in the form, or the review."""
    if access.sees_text(who.roles, found):
        fields = {"": "", "status": "#id_status_0", "evidence": "#evidence"}
        return reverse("update", args=[found.pk]) + fields.get(about.field, f"#id_{about.field}")
    return reverse("review", args=[found.pk])


def comment_page(
    request: HttpRequest,
    found: Update,
    about: Comment,
    who: Visitor,
    form: AnswerForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    """Return the page of a comment, as it is now."""
    rows = with_answers().select_related("written_by", "closed_by", "submission__withdrawal")
    own = access.sees_text(who.roles, found)
    one = said(rows.get(pk=about.pk), own=own, labels=shown.labels(found))
    back = back_to(found, about, who)
    may = workflow.available(found, who.roles, at=who.at, about="comment")
    context = {
        **subject(found),
        "said": one,
        "form": form,
        "may": may if one.is_open else (),
        "back": back,
        "refused": refusal if refusal and refusal.is_notice else None,
        "crumbs": [(str(found.duty.assignment or found), back), (_("Comment"), "")],
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/comment_page.html", context, status=status)
