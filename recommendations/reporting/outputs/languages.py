"""The languages that a report can be asked for in; pages stay in English."""

from __future__ import annotations

LANGUAGES = {"en": "English", "fr": "français", "ar": "العربية", "zh": "中文"}
"""A language that the words of reports are translated into -> its name in itself."""
DRAFTS = ("fr", "ar", "zh")
"""Languages whose words no native reader has checked yet; their files say so."""
