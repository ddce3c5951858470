"""Writing a mail: text and HTML with the same words, and headers that mail programs understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
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

from agencies.models import User
from recommendations.models import Delivery, Message
from recommendations.notify import account_mails, clock, fitting, unsubscribe
from recommendations.notify.bundling import host
from recommendations.notify.lines import Line, lines, worst_first
from recommendations.notify.notices import BY_KIND, FOR_AGENCIES, To, is_for_agencies
from recommendations.notify.shared import Shared
from recommendations.notify.wording import day

LONGEST_SUBJECT = 150
LONGEST_WHY = 300
MOST_READERS = 5
"""People whom an answer reaches: a header has no room for everybody."""


def write(
    message: Message,
    deliveries: Sequence[Delivery],
    *,
    at: datetime,
    shared: Shared | None = None,
) -> EmailMultiAlternatives:
    """Return the mail that holds these deliveries, in the reader's language and time zone.

    It stays under 20 kB: what is left over stands in the inbox, and the mail says so. `shared`
    is what this mail has in common with others, where there are others.
    """
    user = message.user
    shared = shared or Shared([user], deliveries, at=at)
    message.address = user.email
    wanted = shared.settings_of(user)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(clock.zone_of(wanted)):
        if message.kind == Message.Kind.SIGN_IN:
            message.address = account_mails.address_of(deliveries[0], user)
            letter = account_mails.write(deliveries[0], user=user, at=at)
            return put_together(message, deliveries, *letter, shared=shared)
        found = worst_first(lines(deliveries, shared.known))
        subject = subject_of(found, on=timezone.localdate(at))
        context = context_of(user, deliveries, subject=subject, shared=shared)
        for most, longest in fitting.CUTS:
            context["lines"] = shown(found, most=most, longest=longest)
            text = render_to_string("email/notices.txt", context)
            html = fitting.softened(render_to_string("email/notices.html", context))
            letter = (subject, text, html)
            mail = put_together(message, deliveries, *letter, shared=shared)
            if fitting.fits(mail):
                break
    return mail


def put_together(
    message: Message,
    deliveries: Sequence[Delivery],
    *letter: str,
    shared: Shared,
) -> EmailMultiAlternatives:
    """Return a mail with its headers around a letter: subject, text and HTML."""
    subject, text, html = letter
    message.subject = one_line(subject)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        from_email=formataddr((sender_of(deliveries), settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((one_line(message.user.name), message.address))],
        reply_to=answered_by(deliveries, shared),
        headers=headers_of(message, deliveries),
    )
    if not shared.settings_of(message.user).text_only:
        mail.attach_alternative(html, "text/html")
    fitting.packed(mail)
    return mail


def context_of(
    user: User, deliveries: Sequence[Delivery], *, subject: str, shared: Shared
) -> dict[str, Any]:
    """Return what the templates of a mail show around its lines."""
    return {
        "subject": subject,
        "base": settings.BASE_URL,
        "why": Truncator(why(user, deliveries, shared)).chars(LONGEST_WHY),
        "choose": reverse("notices"),
        "hand_over": reverse("hand-over") if is_for_agencies(deliveries[0].kind) else "",
        "demo": settings.HLDTRACKER_DEMO,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def shown(found: Sequence[Line], *, most: int, longest: int) -> list[dict[str, Any]]:
    """Return the lines as the templates print them, and how many more stand in the inbox."""
    lines = [said(line, longest) for line in found[:most]]
    if len(found) > most:
        count = len(found) - most
        words = ngettext(
            "%(count)d more stands in your inbox", "%(count)d more stand in your inbox", count
        )
        lines.append({"heading": words % {"count": count}, "url": reverse("inbox")})
    return lines


def said(line: Line, longest: int) -> dict[str, Any]:
    """Return a line as the templates print it.

    A quotation is indented in the text; in HTML each of its rows runs as its own words do.
    """
    detail = fitting.cut(line.detail, longest)
    heading = Truncator(line.heading).chars(fitting.LONGEST_HEADING)
    return {
        "heading": heading,
        "detail": detail,
        "rows": [row for row in detail.splitlines() if row.strip()],
        "quoted": fitting.quoted(detail),
        "url": line.url,
    }


def subject_of(found: Sequence[Line], *, on: date) -> str:
    """Return the subject: of one thing its words, of several how many and the first due date.

    Where nothing is due it names the day of the mail, so that digests can be told apart.
    """
    if len(found) == 1:
        return found[0].heading
    waiting = [line for line in found if line.open]
    if not waiting:
        words = ngettext("%(n)d notice", "%(n)d notices", len(found)) % {"n": len(found)}
        return _("%(day)s: %(what)s") % {"day": day(on), "what": words}
    words = ngettext("%(n)d thing to do", "%(n)d things to do", len(waiting)) % {"n": len(waiting)}
    returned = sum(line.kind == "returned" for line in waiting)
    if returned:
        words += _(" (%(n)d returned)") % {"n": returned}
    first = min((line.due_on for line in waiting if line.due_on), default=None)
    if first is None:
        return _("%(day)s: %(what)s") % {"day": day(on), "what": words}
    return _("Due %(day)s: %(what)s") % {"day": day(first), "what": words}


def one_line(text: str) -> str:
    """Return a text as a header may hold it: no line break, no endless length."""
    return Truncator(" ".join(text.split())).chars(LONGEST_SUBJECT)


def why(user: User, deliveries: Sequence[Delivery], shared: Shared) -> str:
    """Say why the person gets this mail."""
    audiences = {BY_KIND[row.kind].to for row in deliveries}
    if audiences & {*FOR_AGENCIES, To.HANDED}:
        places = shared.places.get(user.pk)
        if places:
            return _("You get this as %(places)s.") % {"places": ", ".join(places)}
    if audiences & {To.COORDINATORS, To.READER, To.HANDED}:
        return _("You get this as coordinator.")
    return _("You get this because it is about you.")


def sender_of(deliveries: Sequence[Delivery]) -> str:
    """Return the name under which the mail comes: the framework, where it is about one."""
    framework = deliveries[0].framework
    return one_line(framework.short_title) if framework else "hldtracker"


def answered_by(deliveries: Sequence[Delivery], shared: Shared) -> list[str]:
    """Return who reads an answer: the coordinators of the framework; of the site, who runs it."""
    if BY_KIND[deliveries[0].kind].to is To.PERSON:
        return shared.administrators
    framework_id = deliveries[0].framework_id
    if framework_id is None or not is_for_agencies(deliveries[0].kind):
        return []
    return shared.coordinators(framework_id)[:MOST_READERS]


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
