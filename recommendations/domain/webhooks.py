"""Who may register a webhook, for what, and how one is allowed, rotated and switched off."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from agencies import history
from agencies.access import NotPermitted, Roles, roles_of
from agencies.models import Agency, User
from agencies.revisions import Conflict
from recommendations.domain.access import oversees_or_none, sees_inside
from recommendations.domain.kinds import kinds_for
from recommendations.domain.transition import NotAllowedNow, RequirementMissing, need_reason
from recommendations.models import OLD_SECRET_HOLDS, Framework, Webhook

MOST = 10
"""As many as one owner may have in a framework."""
LONGEST_ADDRESS = 500


def manages(roles: Roles, framework_id: int | None, agency_id: int | None) -> bool:
    """Say whether a person speaks for an owner: somebody of the agency, or of the secretariat."""
    if agency_id is None:
        return sees_inside(roles, framework_id)
    return roles.is_in(agency_id)


def managed_webhooks(roles: Roles) -> QuerySet[Webhook]:
    """Return the webhooks for whose owner a person speaks: `manages` as a queryset."""
    office = oversees_or_none(roles, "framework")
    return Webhook.objects.filter(
        Q(agency__in=roles.agencies) | (Q(agency__isnull=True) & office)
    ).select_related("framework", "agency")


def owner_of(obj: Webhook) -> str:
    """Return whose it is."""
    return str(obj.agency) if obj.agency else _("The secretariat")


def standing_of(obj: Webhook) -> str:
    """Return how it stands, in words."""
    if obj.disabled_at is not None:
        return _("Switched off: %(why)s") % {"why": obj.disabled_because}
    if obj.allowed_at is None:
        return _("Waits for an administrator")
    return _("Called") if obj.is_live else _("The agency is closed")


def register(
    framework: Framework,
    agency: Agency | None,
    *,
    address: str,
    events: Sequence[str],
    by: User,
    at: datetime,
) -> Webhook:
    """Register an address. It is called once an administrator has allowed it.

    Raises NotPermitted for an owner that the person does not speak for, RequirementMissing for
    an address or a kind of event that cannot be, NotAllowedNow when the owner has its ten.
    """
    agency_id = agency.pk if agency else None
    if not manages(roles_of(by, at=at), framework.pk, agency_id):
        raise NotPermitted(_("Only somebody of the agency or of the secretariat can do this."))
    refuse_what_cannot_be(agency, address, events)
    made = Webhook(
        framework=framework,
        agency=agency,
        address=address,
        events=sorted(set(events)),
        seed=new_seed(),
        registered_at=at,
        version=1,
    )
    try:
        with transaction.atomic():
            Framework.objects.select_for_update(no_key=True).filter(pk=framework.pk).first()
            if Webhook.objects.filter(framework=framework, agency=agency).count() >= MOST:
                words = _("There are %(most)d webhooks already. Switch one on again instead.")
                raise NotAllowedNow(words % {"most": MOST})
            made.save(force_insert=True)
            history.append(made, "registered", by=by, at=at, changed=("address", "events"))
    except IntegrityError:  # of one owner, an address is there once
        raise RequirementMissing({"address": _("This address is registered already.")}) from None
    return made


def refuse_what_cannot_be(agency: Agency | None, address: str, events: Sequence[str]) -> None:
    """Raise RequirementMissing for an address as it is written, and kinds that nobody tells."""
    known = {kind.name for kind in kinds_for(secretariat=agency is None)}
    problems = {}
    if wrong := address_problem(address):
        problems["address"] = wrong
    if not set(events) <= known:
        problems["events"] = _("Choose kinds of events from the list.")
    if problems:
        raise RequirementMissing(problems)


def new_seed() -> str:
    """Return what a new secret is made from."""
    return secrets.token_hex(32)


def address_problem(address: str) -> str | None:
    """Return what is wrong with an address as it is written, or None.

    Where it leads is asked at each call: names move.
    """
    expected = _("Enter an address such as https://example.org/hooks/tracker.")
    if len(address) > LONGEST_ADDRESS:
        return _("Enter at most %(most)d characters.") % {"most": LONGEST_ADDRESS}
    if not address.isascii() or not address.isprintable() or " " in address:
        return expected
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError:
        return expected
    if parts.scheme != "https" or not address.startswith("https://"):
        return _("The address must begin with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return _("Leave out user names, passwords and what follows a #.")
    if not is_host_name(parts):
        return _("Give the host by its name, such as example.org, not by a number.")
    if port not in settings.WEBHOOK_PORTS:
        ports = ", ".join(map(str, settings.WEBHOOK_PORTS))
        return _("Leave out the port. Possible here: %(ports)s.") % {"ports": ports}
    return None


def is_host_name(parts: SplitResult) -> bool:
    """Say whether the host is a name with a domain, and no address in any of its spellings."""
    try:
        DomainNameValidator(accept_idna=False)(parts.hostname or "")
    except ValidationError:
        return False
    return True


def rotate(webhook: Webhook, *, by: User, at: datetime, version: int) -> Webhook:
    """Give a new secret; the one before goes on signing beside it for a day."""
    return change(
        webhook,
        "secret_rotated",
        by=by,
        at=at,
        version=version,
        seed=new_seed(),
        old_seed=webhook.seed,
        old_until=at + OLD_SECRET_HOLDS,
    )


def switch_off(webhook: Webhook, *, because: str, by: User, at: datetime, version: int) -> Webhook:
    """Call it no more; what waits is not sent. Raises RequirementMissing without a reason."""
    need_reason(because)
    if webhook.disabled_at is not None:
        raise NotAllowedNow(_("It is switched off already."))
    values = {"disabled_at": at, "disabled_because": because}
    return change(webhook, "switched_off", by=by, at=at, version=version, note=because, **values)


def switch_on(webhook: Webhook, *, by: User, at: datetime, version: int) -> Webhook:
    """Call it again, with what happens from now on, if it is allowed."""
    if webhook.disabled_at is None:
        raise NotAllowedNow(_("It is switched on already."))
    values = {"disabled_at": None, "disabled_because": ""} | STRAIGHT
    return change(webhook, "switched_on", by=by, at=at, version=version, **values)


STRAIGHT: dict[str, Any] = {"failing_since": None, "quiet_until": None}
"""What is forgotten when it begins anew."""


def allow(webhook: Webhook, *, by: User, at: datetime, version: int, note: str) -> Webhook:
    """Let an address be called, from now on; an administrator of the framework says why."""
    refuse_if_no_administrator(webhook, by=by, at=at)
    if webhook.allowed_at is not None:
        raise NotAllowedNow(_("It is allowed already."))
    values = {"allowed_at": at, "allowed_by": by} | STRAIGHT
    return change(webhook, "allowed", by=by, at=at, version=version, note=note, **values)


def forbid(webhook: Webhook, *, by: User, at: datetime, version: int, note: str) -> Webhook:
    """Take the permission back: its owner cannot switch it on again."""
    refuse_if_no_administrator(webhook, by=by, at=at)
    if webhook.allowed_at is None:
        raise NotAllowedNow(_("It is not allowed."))
    values = {"allowed_at": None, "allowed_by": None}
    return change(webhook, "forbidden", by=by, at=at, version=version, note=note, **values)


def refuse_if_no_administrator(webhook: Webhook, *, by: User, at: datetime) -> None:
    """Raise NotPermitted for anybody who does not administer the framework."""
    if not roles_of(by, at=at).is_administrator(webhook.framework_id):
        raise NotPermitted(_("Only an administrator of the framework can do this."))


def give_up(webhook: Webhook, *, because: str, at: datetime) -> None:
    """Switch off an address that does not take its calls; its owner is told by the event."""
    with transaction.atomic():
        rows = Webhook.objects.filter(pk=webhook.pk, disabled_at__isnull=True)
        if rows.update(disabled_at=at, disabled_because=because, version=F("version") + 1):
            current = Webhook.objects.get(pk=webhook.pk)
            history.append(current, "given_up", by=None, at=at, changed=("disabled_at",))


def note_deed(webhook: Webhook, verb: str, *, by: User, at: datetime, call: int) -> None:
    """Append what a person did with a call, in the transaction of it; that wakes the worker."""
    Webhook.objects.filter(pk=webhook.pk).update(version=F("version") + 1)
    current = Webhook.objects.get(pk=webhook.pk)
    history.append(current, verb, by=by, at=at, content={"call": call})


LOGGED = ("allowed_at", "allowed_by", "disabled_at")


def change(
    webhook: Webhook,
    verb: str,
    *,
    by: User,
    at: datetime,
    version: int,
    note: str = "",
    **values: Any,
) -> Webhook:
    """Change a webhook as it was seen, with its event. Raises Conflict for an older version.

    No secret comes into the log, not even what it is made from.
    """
    with transaction.atomic():
        rows = Webhook.objects.filter(pk=webhook.pk, version=version)
        claimed = rows.update(version=F("version") + 1, **values)
        current = Webhook.objects.select_related("framework", "agency").get(pk=webhook.pk)
        if not claimed:
            raise Conflict(current, {})
        logged = [name for name in LOGGED if name in values]
        history.append(current, verb, by=by, at=at, changed=logged, note=note)
    return current
