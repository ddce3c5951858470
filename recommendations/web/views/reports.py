"""Reports of the inside: chosen by the question, made at once or in the background, fetched."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.access import NotVisible
from recommendations.background.asking import AskForm, CheckForm, choices_for, offers_for
from recommendations.background.orders import is_long, made_file, order_report
from recommendations.domain import access, jobs
from recommendations.models import Framework, Job
from recommendations.notify.reports import title_of
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.reports.catalogue import NotOffered, make
from recommendations.reporting.reports.wanted import Wanted
from recommendations.web import kept
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.attachments import NoSuchFile, attached, name_and_type, written
from recommendations.web.visitor import Visitor, framework_at, signed_in, visitor

PAGE = 25
CHOICES = ("round", "agency", "area")


@dataclass(frozen=True)
class Line:
    """A job in the list: what it is, and of which moment."""

    job: Job
    wanted: Wanted | None
    title: str

    @property
    def under_way(self) -> bool:
        """Say whether it is waited for."""
        return self.job.state in jobs.UNDER_WAY

    @property
    def again(self) -> list[tuple[str, str]]:
        """Return what asks for the same once more."""
        if self.wanted is None:
            return []
        return list((self.wanted.parameters | {"as_of": self.wanted.moment}).items())


def forms_for(
    who: Visitor, framework: Framework, *, typed: QueryDict | None = None
) -> dict[str, AskForm]:
    """Return a form for each report that a person may ask for; Http404 where there is none.

    `typed` fills the one that it names.
    """
    offers = offers_for(who.roles, framework)
    if not offers:
        raise Http404
    choices = choices_for(who.roles, framework)
    named = typed.get("report", "") if typed is not None else ""
    return {
        offer.name: AskForm(
            offer,
            framework,
            choices,
            typed if offer.name == named else None,
            now=who.at,
            own_only=not access.sees_inside(who.roles, framework.pk),
        )
        for offer in offers
    }


@takes("before", "round")
def reports(request: HttpRequest, framework: str) -> HttpResponse:
    """Show what can be asked for and what was; no such page for whoever may ask for nothing."""
    who, home = visitor(request), framework_at(framework)
    forms = forms_for(who, home)
    opening = kept.opening(request)
    for name, form in forms.items():
        form.initial["round"] = request.GET.get("round", "")
        if opening.get("report") == name:
            form.initial.update(opening)
    return page(request, who, home, forms)


def page(
    request: HttpRequest,
    who: Visitor,
    framework: Framework,
    forms: dict[str, AskForm],
    *,
    wrong: AskForm | None = None,
    check: CheckForm | None = None,
) -> HttpResponse:
    """Show the page of reports; with a form that is wrong, what is wrong with it (HTTP 400)."""
    lines, older = made(request, who, framework)
    context = {
        "framework": framework,
        "forms": list(forms.values()),
        "form": wrong or check,
        "check": check or CheckForm(auto_id="check-%s"),
        "lines": lines,
        "under_way": any(line.under_way for line in lines),
        "next_url": with_query(reverse("reports", args=[framework.slug]), [("before", str(older))])
        if older
        else "",
        "kept_days": jobs.KEPT.days,
    }
    status = 400 if wrong or check else 200
    return render(request, "recommendations/reports.html", context, status=status)


def made(request: HttpRequest, who: Visitor, framework: Framework) -> tuple[list[Line], int | None]:
    """Return a page of the person's jobs, newest first, and where the next begins."""
    rows = jobs.visible_jobs(who.roles).filter(framework=framework).order_by("-id")
    before = request.GET.get("before", "")
    if before:
        if not before.isdecimal() or len(before) > 18:
            raise UnusableAddress(_("This is no place in the list."), name="before")
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    lines = [Line(job, wanted_of(job), title_of(job)) for job in found[:PAGE]]
    return lines, found[PAGE - 1].pk if len(found) > PAGE else None


def wanted_of(job: Job) -> Wanted | None:
    """Return the report that a job makes, if it makes one."""
    return Wanted.of(job.asked_for) if job.kind == Job.Kind.REPORT else None


@require_POST
def report_ask(request: HttpRequest, framework: str) -> HttpResponse:
    """Lead to a short report at once, or have a long one made and show the list."""
    list_url = reverse("reports", args=[framework])
    who, home = signed_in(request, page=list_url), framework_at(framework)
    forms = forms_for(who, home, typed=request.POST)
    form = forms.get(request.POST.get("report", ""))
    if form is None:
        raise Http404
    form.is_valid()
    if form.is_of_others:
        raise Http404
    if form.errors:
        return page(request, who, home, forms, wrong=form)
    kept.forget(request)
    wanted = form.wanted()
    if not is_long(wanted.report, wanted.format):
        return HttpResponseRedirect(address_of(wanted))
    try:
        job = order_report(wanted, home, by=who.user, at=who.at)
    except jobs.TooMany as problem:
        form.add_error(None, str(problem))
        return page(request, who, home, forms, wrong=form)
    if job.state == Job.State.READY:
        messages.success(request, _("This report is there already."))
    else:
        messages.success(request, _("The report is being made. You are told when it is ready."))
    return HttpResponseRedirect(f"{list_url}#job-{job.pk}")


def address_of(wanted: Wanted) -> str:
    """Return the address at which a short report is made and sent."""
    place = {"framework": wanted.framework, "report": wanted.report, "format": wanted.format}
    chosen = [(name, str(getattr(wanted, name))) for name in CHOICES if getattr(wanted, name)]
    more = [("as_of", wanted.moment), ("language", wanted.language)]
    return with_query(reverse("report-now", kwargs=place), [*chosen, *more])


@takes("as_of", "language", *CHOICES)
def report_now(request: HttpRequest, framework: str, report: str, format: str) -> HttpResponseBase:
    """Send a short report of the inside; 404 for whoever may not have it, 400 for a bad choice."""
    who, home = visitor(request), framework_at(framework)
    forms = forms_for(who, home)
    if report not in forms or is_long(report, format):
        raise Http404
    empty = forms[report]
    given = {"language": settings.LANGUAGE_CODE, **request.GET.dict()}
    written_as = "csv" if format == "csv.json" else format
    form = AskForm(
        empty.offer,
        home,
        choices_for(who.roles, home),
        {**given, "format": written_as},
        now=who.at,
        own_only=empty.own_only,
    )
    if not form.is_valid():
        name, problems = next(iter(form.errors.items()))
        if name == "format" or form.is_of_others:
            raise Http404
        raise UnusableAddress(str(problems[0]), name=name)
    return sent(form.wanted(), format, who)


def sent(wanted: Wanted, format: str, who: Visitor) -> HttpResponseBase:
    """Make a report and send it; 404 where it has no such file or nothing existed yet."""
    try:
        figures = make(wanted.report, wanted.asked(who.at))
        name, media_type = name_and_type(figures, format)
        return attached(written(figures, format), name=name, media_type=media_type)
    except (NoSuchFile, DidNotExist, NotOffered) as problem:
        raise Http404 from problem


@require_safe
def report_file(request: HttpRequest, framework: str, pk: int) -> HttpResponseBase:
    """Send the file of a job to its owner; whether they may have it is asked each time."""
    who = visitor(request)
    rows = jobs.visible_jobs(who.roles).filter(framework__slug=framework)
    job = get_object_or_404(rows, pk=pk)
    try:
        file = made_file(job, who.roles)
    except NotVisible as problem:
        raise Http404 from problem
    return attached(file, name=job.file_name, media_type=job.media_type)
