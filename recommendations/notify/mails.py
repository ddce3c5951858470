"""Writing a mail: text and HTML with the same words, and headers that mail programs understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.handovers import coordinating
from agencies.models import Membership, User
from recommendations.models import Delivery, Message
from recommendations.notify import account_mails, clock, preferences, unsubscribe
from recommendations.notify.bundling import host
from recommendations.notify.lines import Line, lines, worst_first
from recommendations.notify.notices import BY_KIND, To, is_for_agencies
from recommendations.notify.wording import day

LONGEST_SUBJECT = 150
LONGEST_DETAIL = 2_000
MOST_LINES = 40
"""A mail stays under 20 kB; what is left over stands in the inbox, and the mail says so."""


def write(
    message: Message, deliveries: Sequence[Delivery], *, at: datetime
) -> EmailMultiAlternatives:
    """Return the mail that holds these deliveries, in the reader's language and time zone."""
    user = message.user
    message.address = user.email
    wanted = preferences.settings_of(user)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(clock.zone_of(wanted)):
        if message.kind == Message.Kind.SIGN_IN:
            subject, text, html = account_mails.write(deliveries[0], user=user, at=at)
            message.address = account_mails.address_of(deliveries[0], user)
        else:
            found = worst_first(lines(deliveries))
            subject = subject_of(found)
            context = context_of(user, deliveries, found, subject=subject, at=at)
            text = render_to_string("email/notices.txt", context)
            html = render_to_string("email/notices.html", context)
    message.subject = one_line(subject)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        from_email=formataddr((sender_of(deliveries), settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((one_line(user.name), message.address))],
        reply_to=answered_by(deliveries, at=at),
        headers=headers_of(message, deliveries),
    )
    if not wanted.text_only:
        mail.attach_alternative(html, "text/html")
    return mail


def context_of(
    user: User, deliveries: Sequence[Delivery], found: list[Line], *, subject: str, at: datetime
) -> dict[str, Any]:
    """Return what the templates of a mail show."""
    shown = [said(line) for line in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        count = len(found) - MOST_LINES
        words = ngettext(
            "%(count)d more stands in your inbox", "%(count)d more stand in your inbox", count
        )
        shown.append({"heading": words % {"count": count}, "url": reverse("inbox")})
    return {
        "subject": subject,
        "lines": shown,
        "base": settings.BASE_URL,
        "why": why(user, deliveries, at=at),
        "choose": reverse("notices"),
        "hand_over": reverse("hand-over") if is_for_agencies(deliveries[0].kind) else "",
        "demo": settings.HLDTRACKER_DEMO,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def said(line: Line) -> dict[str, str]:
    """Return a line as the templates print it; a quotation is indented in the text."""
    detail = Truncator(line.detail).chars(LONGEST_DETAIL)
    quoted = "\n".join(f"   > {row}".rstrip() for row in detail.splitlines())
    return {"heading": line.heading, "detail": detail, "quoted": quoted, "url": line.url}


def subject_of(found: Sequence[Line]) -> str:
    """Return the subject: of one thing its words, of several how many and the first due date."""
    if len(found) == 1:
        return found[0].heading
    waiting = [line for line in found if line.open]
    if not waiting:
        return ngettext("%(n)d notice", "%(n)d notices", len(found)) % {"n": len(found)}
    words = ngettext("%(n)d thing to do", "%(n)d things to do", len(waiting)) % {"n": len(waiting)}
    returned = sum(line.kind == "returned" for line in waiting)
    if returned:
        words += _(" (%(n)d returned)") % {"n": returned}
    first = min((line.due_on for line in waiting if line.due_on), default=None)
    return _("Due %(day)s: %(what)s") % {"day": day(first), "what": words} if first else words


def one_line(text: str) -> str:
    """Return a text as a header may hold it: no line break, no endless length."""
    return Truncator(" ".join(text.split())).chars(LONGEST_SUBJECT)


def why(user: User, deliveries: Sequence[Delivery], *, at: datetime) -> str:
    """Say why the person gets this mail."""
    if any(is_for_agencies(row.kind) for row in deliveries):
        held = Membership.objects.on(at.date()).filter(user=user).select_related("agency")
        places = [
            f"{row.get_capacity_display()} ({row.agency.acronym})"
            for row in held.order_by("agency__sort_key", "id")
        ]
        if places:
            return _("You get this as %(places)s.") % {"places": ", ".join(places)}
    if any(BY_KIND[row.kind].to in (To.COORDINATORS, To.READER) for row in deliveries):
        return _("You get this as coordinator.")
    return _("You get this because it is about you.")


def sender_of(deliveries: Sequence[Delivery]) -> str:
    """Return the name under which the mail comes: the framework, where it is about one."""
    framework = deliveries[0].framework
    return one_line(framework.short_title) if framework else "hldtracker"


def answered_by(deliveries: Sequence[Delivery], *, at: datetime) -> list[str]:
    """Return who reads an answer: the coordinators of the framework; of the site, who runs it."""
    if BY_KIND[deliveries[0].kind].to is To.PERSON:
        return account_mails.answered_by(at.date())
    framework_id = deliveries[0].framework_id
    if framework_id is None or not is_for_agencies(deliveries[0].kind):
        return []
    return [user.email for user in coordinating(framework_id, at.date())]


def headers_of(message: Message, deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Return the headers of a mail that no person sent (RFC 3834, 2919, 8058)."""
    framework = deliveries[0].framework
    found = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<{framework.slug if framework else 'account'}.{host()}>",
    }
    if message.kind == Message.Kind.DIGEST:
        address = unsubscribe.address_of(message.user, settings.BASE_URL)
        found["List-Unsubscribe"] = f"<{address}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.thread:
        found["References"] = f"<{message.thread}@{host()}>"
    return found
