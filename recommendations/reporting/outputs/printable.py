"""Texts as every format can hold them: what cannot be printed is marked, never dropped."""

from __future__ import annotations

import re

MARK = "\ufffd"
UNPRINTABLE = re.compile(
    # controls but for tab and line end, halves of surrogate pairs, what is no character
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
    )
    + "]"
)


def printable(text: str) -> str:
    """Return a text with one kind of line end, and a mark for each character that is none."""
    return UNPRINTABLE.sub(MARK, text.replace("\r\n", "\n").replace("\r", "\n"))
