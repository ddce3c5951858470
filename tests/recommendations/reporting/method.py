"""The sentences of the method page, and the mark of the test that holds each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, wraps
from html import unescape
from typing import ParamSpec

from django.template.loader import render_to_string

P = ParamSpec("P")
HELD: list[str] = []
"""The sentences that a test has been written for."""


@cache
def sentences() -> tuple[str, ...]:
    """Return what the method page says, sentence by sentence, without its headings and key."""
    page = render_to_string("recommendations/about_method.html").split('<ul class="key"')[0]
    paragraphs = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", page, re.DOTALL)
    return tuple(
        sentence
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=\.)\s+", unescape(paragraph))
    )


def holds(sentence: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Mark a test as that of a sentence; the page must have the sentence to the letter."""
    HELD.append(sentence)

    def decorator(test: Callable[P, None]) -> Callable[P, None]:
        @wraps(test)
        def checked(*args: P.args, **kwargs: P.kwargs) -> None:
            assert sentence in sentences(), "the method page says something else"
            test(*args, **kwargs)

        return checked

    return decorator
