"""What the tests of pages read from an answer."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from agencies.models import User
from recommendations.web import kept

TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def text_of(answer: Any) -> str:
    """Return what a page says, without markup, in single spaces."""
    words = unescape(TAG.sub(" ", answer.content.decode()))
    return re.sub(r"\s+([.,;:?)])", r"\1", " ".join(words.split()))


def links_of(answer: Any) -> list[str]:
    """Return where a page leads, in its order."""
    return [unescape(url) for url in re.findall(r'href="([^"]*)"', answer.content.decode())]


def writer(person: User) -> dict[str, str]:
    """Return what a form carries that this person had opened."""
    return {"writer": kept.signature(person.pk)}


def is_plain(answer: Any) -> bool:
    """Say whether an answer is the same for everybody: no cookie, no token, nothing posted."""
    page = answer.content.decode()
    return not answer.cookies and "csrf" not in page and 'method="post"' not in page
