"""Reports: which there are, one at once, one made in the background, a file that is checked."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from agencies.access import NotPermitted
from agencies.models import Agency, Token
from recommendations.api import bodies, offers
from recommendations.api.accepted import CSV, JSON, form_of
from recommendations.api.asked import single, wrong
from recommendations.api.forms import refused
from recommendations.api.lines import sheet
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader
from recommendations.api.rows import one_row
from recommendations.api.tables.people import JOBS
from recommendations.api.tags import counted_tag
from recommendations.api.views.evidence import form_in, hash_of
from recommendations.api.views.figures import framework_of
from recommendations.api.views.files import attached
from recommendations.api.views.writing import Writing
from recommendations.background.asking import AskForm, CheckForm, choices_for, extra_choice
from recommendations.background.orders import order_check, order_report
from recommendations.domain import access, jobs
from recommendations.models import Framework, Job
from recommendations.reporting import outputs
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.catalogue import Offer, make
from recommendations.reporting.reports.wanted import Wanted


def wanted_of(
    offer: Offer, scope: Scope, given: Mapping[str, str], framework: Framework, reader: Reader
) -> Wanted:
    """Return the report that somebody asks for. Raises Refused for a choice that there is not.

    An agency that asks about another one is refused as for one that does not exist.
    """
    extra = extra_choice(offer, given)
    if extra is not None:
        raise wrong(*extra)
    form = AskForm(
        offer,
        framework,
        choices_for(reader.roles, framework, scope),
        {"language": settings.LANGUAGE_CODE, **given},
        now=reader.at,
        scope=scope,
        own_only=not access.sees_inside(reader.roles, framework.pk),
    )
    if not form.is_valid():
        raise refused(form)
    return form.wanted()


def named(slug: str) -> Framework:
    """Return the framework that a body names. Raises Refused where there is none."""
    try:
        return framework_of(slug)
    except Http404:
        raise wrong("framework", _("There is no framework with this address.")) from None


class Ordering(Writing):
    """What begins a job, for whoever may: it is dear, and changes nothing that is followed up."""

    cost = 20

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a token that may not even read."""
        super().initial(request, *args, **kwargs)
        self.refuse_without(Token.Scope.READ)

    def refuse_strangers(self, framework: Framework) -> None:
        """Raise NotPermitted for whoever may ask for no report of the inside."""
        if not jobs.asks_for_reports(self.reader.roles, framework.pk):
            raise NotPermitted(_("Only people of an agency or an office can do this."))

    def begun(self, job: Job) -> HttpResponse:
        """Return the job and its address: accepted (HTTP 202), or ready already (HTTP 200)."""
        found = one_row(JOBS, self.reader, job.pk, JOBS.described)
        status = 200 if job.state == Job.State.READY else 202
        answer = self.answered(found[0] if found else None, status=status)
        answer["Location"] = f"{settings.BASE_URL}/api/v1/jobs/{job.pk}/"
        return answer


class Reports(Ordering):
    """The reports that the reader may ask for; one that is made in the background."""

    forms = (JSON, CSV)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Show everybody what there is; take orders from people alone."""
        self.public = request.method in ("GET", "HEAD")
        super().initial(request, *args, **kwargs)

    def get(self, request: Request) -> HttpResponseBase:
        """Return what each report answers and takes."""
        given = single(request.query_params, ("framework",))
        framework = framework_of(given.get("framework", ""))
        rows = [offers.told(*one) for one in offers.offered_to(self.reader, framework)]
        if self.form == CSV:
            return sheet("reports", [one.name for one in offers.OFFER], rows)
        return self.answered({"results": rows})

    def post(self, request: Request) -> HttpResponse:
        """Have a report of the inside made."""
        single(request.query_params, ())
        return self.once(request, lambda: self.order(bodies.body_of(request)))

    def order(self, given: Mapping[str, Any]) -> HttpResponse:
        """Return the job that makes it."""
        bodies.refuse_unknown(given, [fact.name for fact in offers.ORDER])
        read = {fact.name: bodies.read(fact, given.get(fact.name)) for fact in offers.ORDER}
        chosen = {name: value for name, value in read.items() if value is not None}
        framework = named(chosen.pop("framework", ""))
        self.refuse_strangers(framework)
        name = chosen.pop("report", None)
        for offer, scope in offers.offered_to(self.reader, framework):
            if offer.name == name and scope is Scope.INSIDE:
                wanted = wanted_of(offer, scope, chosen, framework, self.reader)
                break
        else:
            raise wrong("report", _("Choose one that GET …/reports/ says is made for you."))
        try:
            return self.begun(
                order_report(wanted, framework, by=self.reader.user, at=self.reader.at)
            )
        except jobs.TooMany as problem:
            raise Refused("not-possible-now", str(problem), possible=[]) from problem


class ReportNow(Writing):
    """A report that is short enough to wait for, as of a moment."""

    public = True
    forms = ()
    cost = 20

    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Answer with it; of what is public, lead to the address under which it is kept."""
        facts = (offers.FRAMEWORK, offers.FORMAT, *offers.CHOICES)
        given = single(request.query_params, [fact.name for fact in facts])
        if moved := self.moved_on(request):
            return moved
        chosen = {name: text for name, text in given.items() if text and name != "lang"}
        framework = framework_of(chosen.pop("framework", ""))
        offered = {one.name: one for one, _scope in offers.offered_to(self.reader, framework)}
        if key not in offered:
            raise Http404
        offer = offered[key]
        scope = self.scope_of(offer, framework, chosen.get("agency", ""))
        likes_csv = form_of(request.headers.get("Accept", ""), (JSON, CSV)) == CSV
        chosen.setdefault("format", "csv" if likes_csv else "json")
        wanted = wanted_of(offer, scope, chosen, framework, self.reader)
        if not offers.at_once(key, wanted.format, scope):
            raise wrong("format", _("This takes long: ask for it with POST …/reports/."))
        return kept(wanted) if scope is Scope.PUBLIC else self.made(request, wanted)

    def scope_of(self, offer: Offer, framework: Framework, agency: str) -> Scope:
        """Return of what the reader is told: an agency of the inside of its own reports alone."""
        code = agency if "agency" in offer.about else ""
        about = Agency.objects.filter(code__iexact=code).first() if code else None
        inside = jobs.may_have(self.reader.roles, framework.pk, about.pk if about else None)
        return Scope.INSIDE if inside or not offer.public else Scope.PUBLIC

    def made(self, request: Request, wanted: Wanted) -> HttpResponseBase:
        """Return a report of the inside as a file."""
        tag = counted_tag(self.reader, request.get_full_path(), wanted.moment, public=False)
        if self.is_known(tag):
            return self.unchanged(tag)
        report = make(wanted.report, wanted.asked(self.reader.at))
        file = BytesIO()
        outputs.write(report, wanted.format, file)
        name, media_type = (
            outputs.file_name(report, wanted.format),
            outputs.media_type(report, wanted.format),
        )
        return attached(file.getvalue(), name=name, media_type=media_type, tag=tag)


def kept(wanted: Wanted) -> HttpResponseRedirect:
    """Lead to the address of a public report: the one to cite, made once for its moment."""
    chosen = {name: getattr(wanted, name) for name in ("round", "agency", "area")}
    query = QueryDict(mutable=True)
    query.update({name: code for name, code in chosen.items() if code})
    query.update({"as_of": wanted.moment, "language": wanted.language})
    where = reverse("download", args=[wanted.framework, wanted.report, wanted.format])
    return HttpResponseRedirect(f"{settings.BASE_URL}{where}?{query.urlencode()}")


class Checks(Ordering):
    """A file of a report, compared with what is made now; the job says what came of it."""

    parser_classes = (MultiPartParser,)

    def post(self, request: Request) -> HttpResponse:
        """Have it compared."""
        single(request.query_params, ())
        given, files = form_in(request, ("file", "beside"))
        bodies.refuse_unknown(given, ("framework",))

        def work() -> HttpResponse:
            framework = named(given.get("framework", ""))
            self.refuse_strangers(framework)
            form = CheckForm(files=MultiValueDict({name: [one] for name, one in files.items()}))
            if not form.is_valid():
                raise refused(form)
            file, beside = form.cleaned_data["file"], form.cleaned_data["beside"]
            by, at = self.reader.user, self.reader.at
            try:
                return self.begun(order_check(file, beside, framework, by=by, at=at))
            except jobs.TooMany as problem:
                raise Refused("not-possible-now", str(problem), possible=[]) from problem

        return self.once(request, work, said=hash_of(request, given, files))
