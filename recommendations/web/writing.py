"""The form in which an agency writes: of an update on an action, or of the questionnaire."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from recommendations.domain import evidence, updates
from recommendations.domain.questionnaires import asked_in
from recommendations.domain.transition import RequirementMissing
from recommendations.models import CONTENT_FIELDS, Update
from recommendations.web import kept
from recommendations.web.forms.questionnaires import QuestionnaireForm
from recommendations.web.forms.updates import UpdateForm
from recommendations.web.forms.written import Written, initial_of
from recommendations.web.visitor import Visitor


def form_of(found: Update, *posted: Any, **more: Any) -> Written:
    """Return the form of an update, by what its duty asks for."""
    questions = asked_in(found)
    if questions:
        return QuestionnaireForm(*posted, questions=questions, **more)
    return UpdateForm(*posted, update=found, **more)


def new_form(request: HttpRequest, found: Update) -> Written:
    """Return the form as it opens: with what was typed before signing in again, the approved
    text if that was asked for, the draft, or what was last sent."""
    draft = getattr(found, "draft", None)
    initial = initial_of(updates.starting_content(found))
    assignment = found.duty.assignment
    if request.GET.get("start") == "approved" and assignment and assignment.in_force:
        source = assignment.in_force
        initial = initial_of({name: getattr(source, name) for name in CONTENT_FIELDS})
    initial = {"kind": "report", "link_public": True} | initial
    initial["draft_version"] = draft.version if draft else 0
    typed = kept.kept_for(request, request.path)
    if typed is not None:
        # A browser posts nothing for an empty box: what is not there was not ticked.
        initial |= {name: name in typed for name in ("link_public", "file_public")}
    return form_of(found, initial=kept.opening(request, **initial))


def add_evidence(form: Written, found: Update, who: Visitor) -> list[str]:
    """Add the link and the file that were filled in; say at their fields what is wrong."""
    read, added = form.cleaned_data, []
    if read.get("link_url") and "link_title" in read:
        try:
            evidence.add_link(
                found,
                url=read["link_url"],
                title=read.get("link_title", ""),
                public=read["link_public"],
                by=who.user,
                at=who.at,
            )
            added.append("link")
        except RequirementMissing as missing:
            form.say({f"link_{name}": told for name, told in missing.problems.items()})
    if read.get("file") and "file_title" in read:
        try:
            evidence.add_file(
                found,
                file=read["file"],
                title=read.get("file_title", ""),
                public=read["file_public"],
                by=who.user,
                at=who.at,
            )
            added.append("file")
        except RequirementMissing as missing:
            names = {"title": "file_title"}
            form.say({names.get(name, name): told for name, told in missing.problems.items()})
    return added


def settled(post: QueryDict) -> QueryDict:
    """Return the form with the choices of the conflict page taken: mine or theirs, by field."""
    typed = post.copy()
    for key, choice in post.items():
        name = key.removeprefix("keep_")
        if name != key and choice in ("mine", "theirs"):
            typed[name] = post.get(f"{choice}_{name}", "")
    return typed
