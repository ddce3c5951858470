"""The history of an object: who did what, when and why, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import chronicle
from agencies.models import Agency, Event, Versioned
from recommendations.domain import access, logs
from recommendations.models import Action, Assignment, PriorityArea
from recommendations.reporting.public_history import public_history, was_taken_on
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.forms.history import HistoryForm
from recommendations.web.history import export, pages, public
from recommendations.web.history.entries import (
    Entry,
    address_of,
    kind_in_words,
    name_of,
)
from recommendations.web.position import moment_in
from recommendations.web.visitor import Visitor, signed_in, visitor

FILTERS = ("parts", "person", "verb", "from", "until")
PUBLIC = (Action, PriorityArea, Agency, Assignment)
"""What everybody may read something of; the rest has a history for people on the inside."""


@dataclass(frozen=True)
class Told:
    """The history of an object for one reader at one moment.

    `inside` readers read the log; everybody else what was public.
    """

    request: HttpRequest
    who: Visitor
    subject: Versioned
    inside: bool
    as_of: datetime
    chosen: str

    @cached_property
    def visible(self) -> QuerySet[Event]:
        """Return the events that the reader may read, of the object and what belongs to it."""
        parts = self.request.GET.get("parts") == "yes"
        events = logs.visible_events(self.who.roles, self.subject, with_parts=parts)
        return events.filter(at__lte=self.as_of)

    @cached_property
    def form(self) -> HistoryForm:
        """Return the filters, with the people and verbs that occur."""
        given = self.request.GET
        if not self.inside:
            refuse(given, "person", "parts")
            return HistoryForm(given, people=None, verbs=public.verbs(), parts=False)
        parts = logs.has_parts(self.subject)
        if not parts:
            refuse(given, "parts")
        done = self.visible.order_by().values_list("verb", "actor", "actor__name").distinct()
        people = {(name, str(pk)) for _verb, pk, name in done if pk is not None}
        return HistoryForm(
            given,
            people=[(pk, name) for name, pk in sorted(people)],
            verbs=sorted({(verb, chronicle.in_words(verb)) for verb, _pk, _name in done}),
            parts=parts,
        )

    @cached_property
    def events(self) -> QuerySet[Event]:
        """Return the events that the filters leave, with the people in them."""
        chosen, (begin, end) = self.form.cleaned_data, self.form.moments()
        events = self.visible.select_related("actor", "on_behalf_of")
        if chosen.get("person"):
            events = events.filter(actor=chosen["person"])
        if chosen.get("verb"):
            events = events.filter(verb=chosen["verb"])
        if begin:
            events = events.filter(at__gte=begin)
        return events.filter(at__lt=end) if end else events

    @cached_property
    def public_entries(self) -> list[Entry]:
        """Return the public changes that the filters leave."""
        chosen, (begin, end) = self.form.cleaned_data, self.form.moments()
        subject = self.subject
        assert isinstance(subject, PUBLIC)  # noqa: S101 -- others have no public reader
        return [
            public.entry_of(change, named=not isinstance(subject, Assignment))
            for change in public_history(subject, as_of=self.as_of)
            if (not chosen.get("verb") or change.did.value == chosen["verb"])
            and (begin is None or change.at >= begin)
            and (end is None or change.at < end)
        ]


def refuse(given: Any, *names: str) -> None:
    """Raise UnusableAddress for filters that this history does not have for this reader."""
    for name in names:
        if name in given:
            message = _("This history cannot be narrowed by “%(name)s”.") % {"name": name}
            raise UnusableAddress(message, name=name)


def told(request: HttpRequest, kind: str, pk: int) -> Told:
    """Return the history that a person asks for; 404 where for them there is none."""
    if kind not in logs.kinds():
        raise Http404
    model = logs.kinds()[kind]
    who = visitor(request) if issubclass(model, PUBLIC) else signed_in(request)
    subject = get_object_or_404(logs.rows_of(kind), pk=pk)
    inside = logs.reads_events(who.roles, subject)
    if not inside and not (isinstance(subject, PUBLIC) and is_public(who, subject)):
        raise Http404
    as_of, chosen = moment_in(request)
    return Told(request, who, subject, inside, as_of, chosen)


def is_public(who: Visitor, subject: Versioned) -> bool:
    """Say whether everybody may read something of this: also of what an agency took on and left."""
    if isinstance(subject, Assignment) and was_taken_on(subject):
        return True
    return isinstance(subject, Agency) or access.sees(who.roles, subject)


@takes("as_of", "before", "after", *FILTERS)
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show what happened to an object, newest first, as far as the reader may know it."""
    found = told(request, kind, pk)
    form = found.form
    sound = form.is_valid()
    given = request.GET
    older, newer = given.get("before", ""), given.get("after", "")
    page = pages.Page([])
    if sound and found.inside:
        page = pages.page_of_events(
            found.events, found.who.roles, found.subject, older=older, newer=newer
        )
    elif sound:
        page = pages.page_of_entries(found.public_entries, older=older, newer=newer)
    filtered = [(name, given[name]) for name in FILTERS if given.get(name)]
    moment = [("as_of", f"{found.as_of:%Y-%m-%dT%H:%M}")] if found.chosen else []
    export_url = reverse("history-export", kwargs={"kind": kind, "pk": pk})
    context = {
        "subject": found.subject,
        "kind": kind_in_words(kind),
        "inside": found.inside,
        "as_of": found.as_of,
        "chosen": found.chosen,
        "typed": f"{found.as_of:%Y-%m-%dT%H:%M}",
        "form": form,
        "kept": moment,
        "filtered": filtered,
        "clear_url": with_query(request.path, moment) if filtered else "",
        "present_url": with_query(request.path, filtered),
        "entries": page.entries,
        "next_url": at_place(request, "before", page.older),
        "previous_url": at_place(request, "after", page.newer),
        "export_url": with_query(export_url, [*filtered, *moment]),
        "crumbs": crumbs(found.subject, inside=found.inside),
    }
    status = 200 if sound else 400
    return render(request, "recommendations/history.html", context, status=status)


def at_place(request: HttpRequest, name: str, key: str) -> str:
    """Return the address of the page at a place, "" where there is none."""
    if not key:
        return ""
    kept = [(n, str(v)) for n, v in request.GET.items() if n not in ("before", "after")]
    return with_query(request.path, [*kept, (name, key)])


def crumbs(subject: Versioned, *, inside: bool) -> list[tuple[str, str]]:
    """Return the way to the history: by the page of its object, of which a reader may have none.

    What an agency has left has its action.
    """
    if isinstance(subject, Assignment) and not inside and not subject.is_active:
        subject = subject.action
    url = address_of(subject)
    if isinstance(subject, Agency):
        url = reverse("short", kwargs={"rest": f"agencies/{subject.code}/"})
    return [*([(str(subject), url)] if url else []), (_("History"), "")]


@takes("as_of", *FILTERS)
def history_export(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Send the entries that the filters show as CSV; 400 for a filter that is none."""
    found = told(request, kind, pk)
    if not found.form.is_valid():
        name, problems = next(iter(found.form.errors.items()))
        raise UnusableAddress(str(problems[0]), name=name)
    entries = (
        pages.all_entries(found.events, found.who.roles, found.subject)
        if found.inside
        else found.public_entries
    )
    return export.streamed(
        entries,
        subject=name_of(found.subject),
        public=not found.inside,
        name=f"history-{kind}-{pk}",
    )
