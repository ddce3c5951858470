"""Webhooks that are registered and allowed, for the tests of what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agencies.models import Agency
from recommendations.domain import webhooks
from recommendations.models import Framework, Webhook
from recommendations.notify import passes
from recommendations.notify.webhooks.posting import Courier
from tests import make
from tests.hook_server import courier


def registered(
    cast: make.Cast,
    agency: Agency | None,
    *,
    address: str = "https://hooks.example.org/in",
    events: Sequence[str] = (),
    framework: Framework | None = None,
    at: datetime = make.NOW,
) -> Webhook:
    """Return a webhook of an agency, or of the secretariat, that waits to be allowed."""
    by = {cast.ilo: cast.ilo_focal_point, cast.iom: cast.iom_focal_point, None: cast.coordinator}
    return webhooks.register(
        framework or cast.framework, agency, address=address, events=events, by=by[agency], at=at
    )


def allowed(cast: make.Cast, agency: Agency | None, **how: object) -> Webhook:
    """Return a webhook that is called with what happens from now on."""
    made = registered(cast, agency, **how)  # type: ignore[arg-type]
    return webhooks.allow(
        made, by=cast.administrator, at=make.NOW, version=made.version, note="Agreed."
    )


def deliver(*, at: datetime, by: Courier | None = None) -> passes.Pass:
    """Do one pass at a moment."""
    return passes.deliver(clock=lambda: at, courier=by or courier())
