"""How the notice is worded that a webhook is switched off."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import Delivery, Webhook
from recommendations.notify.known import Known


def given_up(row: Delivery, subject: Webhook, known: Known) -> dict[str, Any]:
    """Say why a webhook is not called any more, and lead to its page."""
    return {
        "heading": _("Switched off"),
        "detail": subject.disabled_because,
        "url": reverse("webhook", args=[subject.pk]),
    }
