"""Webhooks of one's agency or of the secretariat: register, test, rotate, switch, repeat a call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import NotVisible
from agencies.revisions import Conflict
from recommendations.domain import webhooks
from recommendations.domain.kinds import words_of
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Webhook, WebhookCall
from recommendations.notify.webhooks import calling, signing, telling
from recommendations.web import kept
from recommendations.web.attempts import version_in
from recommendations.web.forms.webhooks import OffForm, WebhookForm, owners_for
from recommendations.web.visitor import Visitor, signed_in

PAGE = 25


def speaker(request: HttpRequest, *, page: str = "") -> Visitor:
    """Return the visitor, who speaks for somebody; for others these pages do not exist."""
    who = signed_in(request, page=page)
    if not who.roles.agencies and not who.oversees_anything:
        raise NotVisible
    return who


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Show the webhooks of everybody for whom the person speaks."""
    who = speaker(request)
    found = webhooks.managed_webhooks(who.roles).order_by("id")
    rows = [(one, webhooks.owner_of(one), webhooks.standing_of(one)) for one in found]
    return render(request, "recommendations/webhook_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Register an address, and show its secret, this once."""
    who = speaker(request, page=request.path)
    owners = owners_for(who.roles)
    form, status = WebhookForm(initial=opening(request), owners=owners), 200
    if request.method == "POST":
        form, status = WebhookForm(request.POST, owners=owners), 400
        made = register(form, who)
        if made is not None:
            kept.forget(request)
            return secret_page(request, made, new=True)
    context = {"form": form, "owners": owners, "crumbs": crumbs(_("Register a webhook"))}
    return render(request, "recommendations/webhook_new.html", context, status=status)


def opening(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed before signing in again, with every event that was ticked."""
    typed = kept.kept_for(request, request.path)
    return {**typed.dict(), "events": typed.getlist("events")} if typed else {}


def register(form: WebhookForm, who: Visitor) -> Webhook | None:
    """Register what the form says, or say at its fields what is wrong."""
    if not form.is_valid():
        return None
    framework, agency = form.owners[form.cleaned_data["owner"]]
    address, events = form.cleaned_data["address"], form.cleaned_data["events"]
    try:
        return webhooks.register(
            framework, agency, address=address, events=events, by=who.user, at=who.at
        )
    except RequirementMissing as missing:
        form.say(missing.problems)
    except NotAllowedNow as refusal:
        form.add_error(None, str(refusal))
    return None


def secret_page(request: HttpRequest, webhook: Webhook, *, new: bool) -> HttpResponse:
    """Show a secret; no other page does, and it is kept nowhere as it is."""
    context = {
        "webhook": webhook,
        "secret": signing.secret_of(webhook.seed),
        "new": new,
        "crumbs": crumbs(_("Secret")),
    }
    return render(request, "recommendations/webhook_secret.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a webhook and its calls, and do what a button of the page says."""
    who = speaker(request, page=request.path)
    found = get_object_or_404(webhooks.managed_webhooks(who.roles), pk=pk)
    form, status = OffForm(initial=kept.opening(request)), 200
    if request.method == "POST":
        form = OffForm(request.POST if request.POST.get("do") == "off" else None)
        try:
            done = do(request, found, who, form)
        except RequirementMissing as missing:
            form.say(missing.problems)
            status = 400
        except (NotAllowedNow, Conflict) as refusal:
            messages.warning(request, str(refusal))
            status = 409
        else:
            kept.forget(request)
            return done
        found = get_object_or_404(webhooks.managed_webhooks(who.roles), pk=pk)
    context = page_of(request, found, who) | {"form": form}
    return render(request, "recommendations/webhook_detail.html", context, status=status)


def do(request: HttpRequest, found: Webhook, who: Visitor, form: OffForm) -> HttpResponse:
    """Do what a button says; raises what the domain refuses, NotAllowedNow for no button."""
    facts: dict[str, Any] = {"by": who.user, "at": who.at, "version": version_in(request)}
    verb = request.POST.get("do", "")
    if verb == "rotate":
        return secret_page(request, webhooks.rotate(found, **facts), new=False)
    if verb == "off":
        form.is_valid()
        webhooks.switch_off(found, because=form.cleaned_data.get("reason", ""), **facts)
        messages.success(request, _("Switched off. What waits is not sent."))
    elif verb == "on":
        webhooks.switch_on(found, **facts)
        messages.success(request, _("Switched on, for what happens from now on."))
    elif verb == "test":
        test(found, who)
        messages.success(request, _("A test call leaves within a minute. Its line shows below."))
    elif verb == "again":
        repeat(found, request.POST.get("call", ""), who)
        messages.success(request, _("The call leaves again within a minute, with the same id."))
    else:
        raise NotAllowedNow(_("Nothing was changed."))
    return redirect("webhook", found.pk)


def test(found: Webhook, who: Visitor) -> None:
    """Let a test call leave; the event of it wakes the worker."""
    if not found.is_live:
        raise NotAllowedNow(_("It is not called now: nothing can be tested."))
    with transaction.atomic():
        made = telling.ping(found, at=who.at)
        webhooks.note_deed(found, "tested", by=who.user, at=who.at, call=made.pk)


def repeat(found: Webhook, typed: str, who: Visitor) -> None:
    """Send a settled call once more; the event of it wakes the worker."""
    number = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
    call = get_object_or_404(found.calls, pk=number)
    if not found.is_live:
        raise NotAllowedNow(_("It is not called now: nothing can be sent again."))
    with transaction.atomic():
        if not calling.repeat(call, at=who.at):
            raise NotAllowedNow(_("This call waits already."))
        webhooks.note_deed(found, "call_repeated", by=who.user, at=who.at, call=call.pk)


def page_of(request: HttpRequest, found: Webhook, who: Visitor) -> dict[str, Any]:
    """Return what the page shows: how it stands, what it asks for, its newest calls."""
    calls = found.calls.order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        calls = calls.filter(pk__lt=int(before))
    shown = list(calls[: PAGE + 1])
    older = f"{request.path}?before={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    waiting = WebhookCall.State.WAITING
    return {
        "webhook": found,
        "owner": webhooks.owner_of(found),
        "standing": webhooks.standing_of(found),
        "kinds": [words_of(name) for name in found.events],
        "old_until": found.old_until if len(found.seeds(who.at)) > 1 else None,
        "calls": [(call, words_of(call.kind), call.state != waiting) for call in shown[:PAGE]],
        "older": older,
        "crumbs": crumbs(str(found)),
    }


def crumbs(here: str) -> list[tuple[str, str]]:
    """Return the way to a page about webhooks."""
    return [(_("Webhooks"), reverse("webhooks")), (here, "")]
