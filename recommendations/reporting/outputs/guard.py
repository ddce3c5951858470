"""Texts that a spreadsheet would take for a formula, made harmless; and made as they were.

An apostrophe goes before what would start a formula: at the beginning of a text, and after
each semicolon, tab or line end inside it, because a spreadsheet set to another separator
begins a cell there. It is added where one stands already, too, so that taking one away always
gives the text back.
"""

from __future__ import annotations

import re

STARTS = r"=+\-@＝＋－＠﹢﹣﹦﹫"
"""What starts a formula, in its wide and small forms as well."""
PASSED_OVER = r" \"'\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff"
"""What a program may pass over before it looks for that."""
LINES = r"\t\n\v\f\r"
BEGINNING = rf"(?:^|(?<=[;{LINES}]))"
AFTER = rf"(?=[{PASSED_OVER}]*[{STARTS}])"
LIVE = re.compile(rf"{BEGINNING}{AFTER}|^(?='*[{LINES}])")
GUARDED = re.compile(rf"{BEGINNING}'{AFTER}|^'(?='*[{LINES}])")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return LIVE.sub("'", text)


def unguarded(text: str) -> str:
    """Return the text that was guarded."""
    return GUARDED.sub("", text)
