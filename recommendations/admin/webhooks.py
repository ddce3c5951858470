"""Webhooks and their calls, to look into; an administrator allows, forbids and switches off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReadOnlyAdmin
from agencies.admin.confirmed import Doing, Refused, confirmed
from recommendations.admin.mails import moment
from recommendations.domain import webhooks
from recommendations.domain.kinds import words_of
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Webhook, WebhookCall


def refusing(do: Callable[..., object]) -> Doing:
    """Return a deed of the domain that says its refusals as a list of the admin shows them."""

    def done(obj: Any, **facts: Any) -> object:
        try:
            return do(obj, **facts)
        except (NotAllowedNow, RequirementMissing) as refusal:
            raise Refused(str(refusal)) from None

    return done


def switch_off(obj: Webhook, *, note: str, **facts: Any) -> object:
    """Switch one off; its owner reads the reason and may switch it on again."""
    return webhooks.switch_off(obj, because=note, **facts)


def what_it_is(obj: Webhook) -> str:
    """Return beside a row whose it is, where it goes and how it stands."""
    return f"{webhooks.owner_of(obj)}: {obj.address}. {webhooks.standing_of(obj)}"


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """Webhooks: whose, where to, how they stand. Nobody sees a secret here."""

    framework_path = "framework"
    fields = (
        *("host", "owner", "framework", "address", "hears_of", "how", "registered"),
        *("allowed", "allowed_by", "failing"),
    )
    list_display = ("host", "owner", "framework", "how", "failing")
    list_filter = ("framework",)
    search_fields = ("address", "agency__acronym")
    ordering = ("-registered_at", "-id")
    related = ("framework", "agency", "allowed_by")
    actions = tuple(
        confirmed(name, words, refusing(do), explains=what_it_is)
        for name, words, do in (
            ("allow", lazy("Allow calls"), webhooks.allow),
            ("forbid", lazy("Forbid calls"), webhooks.forbid),
            ("disable", lazy("Switch off"), switch_off),
        )
    )

    @admin.display(description=lazy("host"), ordering="address")
    def host(self, obj: Webhook) -> str:
        """Return the host that is called."""
        return str(obj)

    @admin.display(description=lazy("owner"))
    def owner(self, obj: Webhook) -> str:
        """Return whose it is."""
        return webhooks.owner_of(obj)

    @admin.display(description=lazy("events"))
    def hears_of(self, obj: Webhook) -> str:
        """Return the kinds of events that it asks for."""
        return "; ".join(words_of(name) for name in obj.events) or _("All")

    @admin.display(description=lazy("state"))
    def how(self, obj: Webhook) -> str:
        """Return how it stands."""
        return webhooks.standing_of(obj)

    @admin.display(description=lazy("registered at"), ordering="registered_at")
    def registered(self, obj: Webhook) -> str:
        """Return when it was registered."""
        return moment(obj.registered_at)

    @admin.display(description=lazy("allowed at"))
    def allowed(self, obj: Webhook) -> str:
        """Return since when it is allowed."""
        return moment(obj.allowed_at)

    @admin.display(description=lazy("failing since"), ordering="failing_since")
    def failing(self, obj: Webhook) -> str:
        """Return since when no call was accepted."""
        return moment(obj.failing_since)


@admin.register(WebhookCall)
class WebhookCallAdmin(ReadOnlyAdmin):
    """Calls of webhooks: when, how often tried, and what the other side answered."""

    framework_path = "webhook__framework"
    fields = (
        *("call_id", "host", "what", "how_far", "made", "due", "tries", "status"),
        *("answer", "took_ms", "settled"),
    )
    list_display = ("made", "host", "what", "how_far", "tries", "status", "settled")
    list_filter = ("state",)
    search_fields = ("name", "webhook__address")
    ordering = ("-id",)
    related = ("webhook__framework", "webhook__agency")

    @admin.display(description=lazy("id"))
    def call_id(self, obj: WebhookCall) -> str:
        """Return the id that the other side sees."""
        return obj.name

    @admin.display(description=lazy("host"))
    def host(self, obj: WebhookCall) -> str:
        """Return the host that is called."""
        return str(obj.webhook)

    @admin.display(description=lazy("event"), ordering="kind")
    def what(self, obj: WebhookCall) -> str:
        """Return what it tells."""
        return words_of(obj.kind)

    @admin.display(description=lazy("state"), ordering="state")
    def how_far(self, obj: WebhookCall) -> str:
        """Return whether it waits, was accepted, was not sent or given up."""
        return obj.get_state_display()

    @admin.display(description=lazy("made at"), ordering="made_at")
    def made(self, obj: WebhookCall) -> str:
        """Return when it was made."""
        return moment(obj.made_at)

    @admin.display(description=lazy("next try"))
    def due(self, obj: WebhookCall) -> str:
        """Return when it is tried next."""
        return moment(obj.next_at) if obj.state == WebhookCall.State.WAITING else ""

    @admin.display(description=lazy("settled at"), ordering="settled_at")
    def settled(self, obj: WebhookCall) -> str:
        """Return when it was accepted, not sent or given up."""
        return moment(obj.settled_at)
