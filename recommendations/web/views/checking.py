"""A file is sent to be checked: kept until a program with limits has looked at it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations.background.asking import CheckForm
from recommendations.background.orders import order_check
from recommendations.domain import jobs
from recommendations.web.views.reports import forms_for, page
from recommendations.web.visitor import framework_at, signed_in


@require_POST
def report_check(request: HttpRequest, framework: str) -> HttpResponse:
    """Have a file compared with what is made now; the answer stands in the list of reports."""
    list_url = reverse("reports", args=[framework])
    who, home = signed_in(request, page=list_url), framework_at(framework)
    forms = forms_for(who, home)
    form = CheckForm(request.POST, request.FILES, auto_id="check-%s")
    if not form.is_valid():
        return page(request, who, home, forms, check=form)
    file, beside = form.cleaned_data["file"], form.cleaned_data["beside"]
    try:
        job = order_check(file, beside, home, by=who.user, at=who.at)
    except jobs.TooMany as problem:
        form.add_error(None, str(problem))
        return page(request, who, home, forms, check=form)
    messages.success(request, _("The file is being checked. You are told what came of it."))
    return HttpResponseRedirect(f"{list_url}#job-{job.pk}")
