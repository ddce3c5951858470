"""How large a mail may be: what is too much for it is cut, and the mail says so."""

from __future__ import annotations

from email.charset import Charset
from textwrap import wrap

from django.core.mail import EmailMultiAlternatives
from django.utils.text import Truncator
from django.utils.translation import gettext as _

LARGEST = 20_000
"""Bytes of a mail as it goes over the line, with its headers and both its parts."""
SMALL = 10_000
"""Bytes of both texts under which a mail need not be weighed."""
CUTS = (
    *((40, 20_000), (40, 4_000), (40, 2_000), (40, 1_000), (40, 400)),
    *((40, 120), (20, 120), (10, 120), (5, 120)),
)
"""How many lines a mail has at most, and how many characters a quotation: the first that fits."""
LONGEST_HEADING = 200
LONGEST_LINE = 998
"""Bytes that a mail server takes in one line (RFC 5322)."""
BASE64 = Charset("utf-8")
"""How a text without spaces is carried, such as Chinese: half as large as in Django's way."""
WIDTH, SOFT_WIDTH = 72, 400


def cut(text: str, longest: int) -> str:
    """Return a quotation, or its beginning with a word on where the rest is."""
    if len(text) <= longest:
        return text
    return f"{Truncator(text).chars(longest)}\n{_('Shortened here. The page has all of it.')}"


def quoted(text: str) -> str:
    """Return a quotation as the text of a mail shows it: indented, in lines that are not long."""
    rows = [part for row in text.splitlines() for part in wrapped(row, WIDTH) or [""]]
    return "\n".join(f"   > {row}".rstrip() for row in rows)


def softened(html: str) -> str:
    """Return HTML with a line break where a space was, so that a mail server takes its lines."""
    return "\n".join("\n".join(wrapped(row, SOFT_WIDTH)) for row in html.splitlines()) + "\n"


def wrapped(row: str, width: int) -> list[str]:
    """Return a row in lines of some width; an address is never broken."""
    return wrap(row, width, break_long_words=False, break_on_hyphens=False)


def packed(mail: EmailMultiAlternatives) -> None:
    """Choose how the texts of a mail are carried: plainly, or packed where a line is too long."""
    if any(len(row.encode()) > LONGEST_LINE for text in texts_of(mail) for row in text.split("\n")):
        mail.encoding = BASE64


def fits(mail: EmailMultiAlternatives) -> bool:
    """Say whether a mail is small enough; a small one is not put together for that."""
    if sum(len(text.encode()) for text in texts_of(mail)) <= SMALL:
        return True
    written = mail.message().as_bytes()
    return len(written) + written.count(b"\n") <= LARGEST


def texts_of(mail: EmailMultiAlternatives) -> list[str]:
    """Return the text of a mail, and its HTML where it has one."""
    return [str(mail.body), *(str(one[0]) for one in mail.alternatives)]
