"""The mails of a demo, which go to no server but into files: to read, newest first."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from recommendations.web.demo import keeps_mail

FILE = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+\.log")
"""How Django names a file of mails: the moment at which it was begun, and a number."""
BETWEEN = re.compile(rb"^-{79}\n(?=Content-Type: |\Z)", re.MULTILINE)
"""What Django writes after each mail. A text may hold such a line, but no mail begins after it."""
MOST = 100


@dataclass(frozen=True)
class Letter:
    """One mail of a file: the how manieth, and what it says."""

    file: str
    number: int
    parsed: EmailMessage

    @property
    def subject(self) -> str:
        """Return its subject."""
        return str(self.parsed["Subject"])

    @property
    def to(self) -> str:
        """Return to whom it goes."""
        return str(self.parsed["To"])

    @property
    def sender(self) -> str:
        """Return from whom it comes."""
        return str(self.parsed["From"])

    @property
    def at(self) -> datetime:
        """Return when it was written."""
        return cast(datetime, self.parsed["Date"].datetime)

    @property
    def text(self) -> str:
        """Return its text."""
        return self.part("plain")

    @property
    def html(self) -> str:
        """Return the source of its HTML; empty where the person wants none."""
        return self.part("html")

    def part(self, kind: str) -> str:
        """Return what it says in one of its forms."""
        body = self.parsed.get_body((kind,))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""


def letters_in(path: Path) -> list[Letter]:
    """Return the mails of a file, in the order in which they were written."""
    written = [each for each in BETWEEN.split(path.read_bytes()) if each.strip()]
    return [
        Letter(path.name, number, email.message_from_bytes(each, policy=default))
        for number, each in enumerate(written, start=1)
    ]


def newest() -> Iterator[Letter]:
    """Yield the mails, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    found = [path for path in folder.glob("*.log") if FILE.fullmatch(path.name)]
    for path in sorted(found, key=lambda path: path.name, reverse=True):
        yield from reversed(letters_in(path))


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """Show the newest mails of the demo."""
    if not keeps_mail():
        raise Http404
    letters = [letter for letter, _nth in zip(newest(), range(MOST), strict=False)]
    return render(request, "dev/letter_list.html", {"letters": letters})


@require_safe
def letter(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show one mail: its text, and the source of its HTML."""
    path = Path(settings.EMAIL_FILE_PATH) / file
    if not (keeps_mail() and FILE.fullmatch(file) and path.is_file()):
        raise Http404
    found = [each for each in letters_in(path) if each.number == number]
    if not found:
        raise Http404
    return render(request, "dev/letter.html", {"letter": found[0]})
