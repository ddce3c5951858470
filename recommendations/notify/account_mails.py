"""Mails about an account: written when they are sent, so that no token waits in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Appointment, User
from recommendations.models import Delivery
from recommendations.notify import new_address


@dataclass(frozen=True)
class Letter:
    """A short mail: what happened, one address to open, and what to do if it was not them."""

    subject: str
    before: str
    link: str
    after: str


def write(delivery: Delivery, *, user: User, at: datetime) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail about the account of a person."""
    letter = WRITERS[delivery.kind](delivery, user, at)
    context = {
        **asdict(letter),
        "link": f"{settings.BASE_URL}{letter.link}",
        "answered": bool(answered_by(at.date())),
        "base": settings.BASE_URL,
        "demo": settings.HLDTRACKER_DEMO,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    text = render_to_string("email/account.txt", context)
    return letter.subject, text, render_to_string("email/account.html", context)


def address_of(delivery: Delivery, user: User) -> str:
    """Return where the mail goes: a new or an old address of the person, else the present one."""
    return str(delivery.facts.get("address") or user.email)


def answered_by(day: date) -> list[str]:
    """Return who reads an answer to a mail about an account: the administrators of the site."""
    held = Appointment.objects.on(day).filter(
        office=Appointment.Office.ADMINISTRATOR, framework=None, user__is_active=True
    )
    return list(dict.fromkeys(held.order_by("user_id").values_list("user__email", flat=True)))


def password_reset(delivery: Delivery, user: User, at: datetime) -> Letter:
    """Return the mail with the link to set a password; the key in it is made here."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    before = ngettext(
        "Somebody, most likely you, asked for a new password. Open this page and choose it. "
        "The link works once, for %(hours)d hour:",
        "Somebody, most likely you, asked for a new password. Open this page and choose it. "
        "The link works once, for %(hours)d hours:",
        hours,
    )
    return Letter(
        subject=_("Set a new password"),
        before=before % {"hours": hours},
        link=reverse("account_reset_password_from_key", kwargs=key),
        after=_("If it was not you, do nothing: your password stays as it is."),
    )


def address_change(delivery: Delivery, user: User, at: datetime) -> Letter:
    """Return the mail to a new address, with the link that confirms it."""
    token = new_address.token(user, delivery.facts, at=at)
    return Letter(
        subject=_("Confirm your new address"),
        before=_(
            "%(person)s wants to sign in with this address from now on. "
            "To confirm it, open this page within 24 hours and press the button there:"
        )
        % {"person": user.name},
        link=reverse("address-confirm", args=[token]),
        after=_("If you did not ask for this, do nothing: no address is changed."),
    )


def account_changed(delivery: Delivery, user: User, at: datetime) -> Letter:
    """Return the mail that says what was changed, when, and what to do if it was not them."""
    facts = {"when": moment(delivery.facts["at"])}
    return CHANGES[delivery.facts["what"]](facts, bool(delivery.facts.get("own", True)))


def password_changed(facts: dict[str, str], own: bool) -> Letter:
    """Say that a password was changed, or set by whoever runs the site."""
    if own:
        before = _(
            "The password of your account was changed on %(when)s. Whoever was signed in with "
            "the old one is signed out. If it was not you, set another one at once:"
        )
    else:
        before = _(
            "Whoever runs this site set a password for your account on %(when)s. Whoever was "
            "signed in is signed out. If you did not ask for it, set another one at once:"
        )
    return Letter(
        subject=_("Your password was changed"),
        before=before % facts,
        link=reverse("account_reset_password"),
        after=_("And tell an administrator."),
    )


def old_address(facts: dict[str, str], own: bool) -> Letter:
    """Say to the address that somebody had that it opens their account no more."""
    if own:
        before = _(
            "The address of your account was changed on %(when)s. "
            "You sign in with the new one from now on; this one opens nothing any more."
        )
    else:
        before = _(
            "An administrator changed the address of your account on %(when)s. "
            "You sign in with the new one from now on; this one opens nothing any more."
        )
    return Letter(
        subject=_("Your address was changed"),
        before=before % facts,
        link=reverse("account_login"),
        after=_("If it was not you, tell an administrator at once.")
        if own
        else _("If you did not ask for it, tell an administrator at once."),
    )


def new_address_given(facts: dict[str, str], own: bool) -> Letter:
    """Say to the address that an administrator gave to an account that it opens it now."""
    return Letter(
        subject=_("You sign in with this address now"),
        before=_(
            "An administrator changed the address of your account to this one on %(when)s. "
            "Your password is the same. Sign in here:"
        )
        % facts,
        link=reverse("account_login"),
        after=_("If you did not ask for it, tell an administrator at once."),
    )


def account_opened(facts: dict[str, str], own: bool) -> Letter:
    """Say that somebody can sign in again."""
    return Letter(
        subject=_("Your account is open again"),
        before=_("An administrator opened your account again on %(when)s. Sign in here:") % facts,
        link=reverse("account_login"),
        after=_("If you did not expect this, tell an administrator."),
    )


def account_closed(delivery: Delivery, user: User, at: datetime) -> Letter:
    """Return the mail that says that somebody cannot sign in any more."""
    before = _(
        "Your account was closed on %(when)s by an administrator. You cannot sign in any more, "
        "and you are told nothing after this mail. What you did stays in the history. The public "
        "pages are open to everybody:"
    )
    return Letter(
        subject=_("Your account was closed"),
        before=before % {"when": moment(delivery.facts["at"])},
        link="/",
        after=_("If you did not expect this, tell an administrator."),
    )


def token_made(facts: dict[str, str], own: bool) -> Letter:
    """Say that a program can act for somebody now."""
    return Letter(
        subject=_("A token was made for your account"),
        before=_(
            "On %(when)s a token was made with which a program can act for you. "
            "Your tokens, and a button to revoke each:"
        )
        % facts,
        link=reverse("tokens"),
        after=_("If it was not you, revoke it, set a new password and tell an administrator."),
    )


CHANGES: dict[str, Callable[[dict[str, str], bool], Letter]] = {
    "password": password_changed,
    "address": old_address,
    "new_address": new_address_given,
    "opened": account_opened,
    "token": token_made,
}


def moment(said: str) -> str:
    """Return a moment in the reader's time zone, with its name."""
    local = timezone.localtime(datetime.fromisoformat(said))
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"


WRITERS: dict[str, Callable[[Delivery, User, datetime], Letter]] = {
    "password_reset": password_reset,
    "address_change": address_change,
    "account_changed": account_changed,
    "account_closed": account_closed,
}
