"""What changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def removed_from(old: str, new: str) -> SafeString:
    """Mark in the old text the words that the new one no longer has."""
    spoken = pgettext("before removed words", "removed: ")
    pieces = [(same, before) for same, before, _after in _pieces(old, new)]
    return _marked(pieces, "del", spoken)


@register.filter
def added_to(new: str, old: str) -> SafeString:
    """Mark in the new text the words that the old one did not have."""
    spoken = pgettext("before added words", "added: ")
    pieces = [(same, after) for same, _before, after in _pieces(old, new)]
    return _marked(pieces, "ins", spoken)


def _pieces(old: str, new: str) -> list[tuple[bool, str, str]]:
    """Cut two texts into pieces that are the same and pieces that differ.

    One or two equal words between changes count as changed: a sentence is easier to read than
    its splinters.
    """
    before, after = re.findall(r"\s*\S+", old), re.findall(r"\s*\S+", new)
    keys = [word.strip() for word in before], [word.strip() for word in after]
    codes = difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
    pieces: list[tuple[bool, str, str]] = []
    for place, (kind, *ends) in enumerate(codes):
        splinter = ends[1] - ends[0] <= 2 and 0 < place < len(codes) - 1
        same = kind == "equal" and not splinter
        left, right = "".join(before[ends[0] : ends[1]]), "".join(after[ends[2] : ends[3]])
        if pieces and not same and not pieces[-1][0]:
            _changed, earlier_left, earlier_right = pieces.pop()
            left, right = earlier_left + left, earlier_right + right
        pieces.append((same, left, right))
    return pieces


def _marked(pieces: list[tuple[bool, str]], element: str, spoken: str) -> SafeString:
    """Wrap the pieces that differ, with a hidden word for those who cannot see the marks."""
    out: list[str] = []
    for same, text in pieces:
        words = text.lstrip()
        out.append(conditional_escape(text[: len(text) - len(words)]))
        if same or not words:
            out.append(conditional_escape(words))
        else:
            hidden = format_html('<span class="visually-hidden">{}</span>', spoken)
            out.append(format_html("<{0}>{1}{2}</{0}>", element, hidden, words))
    return mark_safe("".join(out))  # noqa: S308 (every part is escaped above)
