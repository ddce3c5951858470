"""The mails of the running demo as pictures: text and HTML, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from playwright.sync_api import Browser

if TYPE_CHECKING:
    from agencies.models import User
    from recommendations.models import Delivery

WIDE, NARROW = 600, 360
COLUMNS = 680
"""How wide 80 letters of a text are."""
COORDINATOR, ILO = "coordinator@demo.example", "ilo.focal@demo.example"
IN_ARABIC = "نرجو إرسال التحديث قبل نهاية الأسبوع، مع عدد التصديقات منذ يناير."
"""A coordinator's own word in a reminder: "The update before the end of the week, with …"."""
TEXT_PAGE = (
    "<!doctype html><meta charset=utf-8><pre dir=auto style='margin:12px;font:13px/1.45 monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext'>{}</pre>"
)
"""A text as a plain mail program shows it: its lines, wrapped at the edge."""


@dataclass(frozen=True)
class Shown:
    """A mail to take pictures of, by a name: to whom, and what it holds."""

    name: str
    user: User
    rows: Sequence[Delivery]
    kind: str = "at_once"
    pictures: tuple[tuple[int, str], ...] = ((WIDE, "light"), (NARROW, "light"))


def chosen() -> Iterator[Shown]:
    """Yield the mails that are shown; nothing is sent or kept."""
    from agencies.models import User  # noqa: PLC0415
    from recommendations.models import Delivery, Duty  # noqa: PLC0415

    def told(user: User, *kinds: str) -> list[Any]:
        rows = Delivery.objects.filter(user=user, channel="mail", kind__in=kinds)
        return list(rows.select_related("event", "framework").order_by("id"))

    ilo, coordinator = (User.objects.get(email=address) for address in (ILO, COORDINATOR))
    yield Shown("returned", ilo, told(ilo, "returned")[:1])
    dark = ((WIDE, "light"), (NARROW, "light"), (NARROW, "dark"))
    owed = told(ilo, "due", "answer_owed") or told(ilo, "round_opened", "returned")
    yield Shown("digest", ilo, owed, "digest", dark)
    yield Shown("to-review", coordinator, told(coordinator, "submitted", "summary")[-8:], "digest")
    duty = Duty.objects.with_place().filter(
        state="open", round__state="open", assignment__agency__code="ILO"
    )[0]
    chased = Delivery(
        user=ilo,
        kind="chased",
        framework=duty.round.framework,
        subject_type="duty",
        subject_id=duty.pk,
        facts={"note": IN_ARABIC},
        made_at=timezone.now(),
    )
    yield Shown("arabic", ilo, [chased])
    reset = Delivery(user=ilo, kind="password_reset", cause="sign-in:1", made_at=timezone.now())
    yield Shown("password", ilo, [reset], "sign_in")


def written(shown: Shown) -> EmailMultiAlternatives:
    """Return a mail as it would leave."""
    from recommendations.models import Message  # noqa: PLC0415
    from recommendations.notify import mails  # noqa: PLC0415

    message = Message(user=shown.user, kind=shown.kind, message_id="<picture@demo.example>")
    return mails.write(message, shown.rows, at=timezone.now())


def take_mails(browser: Browser, folder: Path) -> Iterator[str]:
    """Take the pictures of the mails; say how large each is and which would be too wide."""
    folder.mkdir(parents=True, exist_ok=True)
    for shown in chosen():
        mail = written(shown)
        html = str(mail.alternatives[0][0])
        size = len(mail.message().as_bytes())
        pages = [(html, width, look, f"{width}-{look}") for width, look in shown.pictures]
        pages.append((TEXT_PAGE.format(escape(str(mail.body))), COLUMNS, "light", "text"))
        for content, width, look, ending in pages:
            page = browser.new_page(
                viewport={"width": width, "height": 300},
                color_scheme="dark" if look == "dark" else "light",
            )
            page.set_content(content)
            file = f"mail-{shown.name}-{ending.removesuffix('-light')}.png"
            page.screenshot(path=folder / file, full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            page.close()
            yield f"{file}: {mail.subject} ({size} bytes){' too wide' if wide > 0 else ''}"
