"""What all forms have in common in which an agency writes: the draft, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.domain.contents import LONGEST, TEXTS
from recommendations.domain.evidence import TYPES
from recommendations.web.forms.fields import Facts, ShortText

AT_MOST = format_lazy(_("Plain text, {limit} characters at most."), limit=f"{LONGEST:,}")
PUBLIC = _("Public with the update; otherwise only reviewers see it")
EVIDENCE_FIELDS = ("link_url", "link_title", "link_public", "file", "file_title", "file_public")


class Written(Facts):
    """What an agency writes: its draft, with evidence, saved whatever is missing."""

    link_url = forms.CharField(
        label=_("Web address"),
        max_length=1000,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        required=False,
        help_text=_("In full, such as https://www.example.org/report"),
    )
    link_title = ShortText(label=_("What the link shows"), max_length=200)
    link_public = forms.BooleanField(label=PUBLIC, required=False)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput,
        required=False,
        allow_empty_file=True,
        help_text=format_lazy(_("At most 10 MB. Types: {types}."), types=", ".join(TYPES)),
    )
    file_title = ShortText(label=_("What the file shows"), max_length=200)
    file_public = forms.BooleanField(label=PUBLIC, required=False)
    draft_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def follow(self, draft_version: int, added: list[str]) -> None:
        """Go on from what was saved: the next save is of that version, and adds nothing twice."""
        typed = {name: self.data[name] for name in self.data}
        typed["draft_version"] = str(draft_version)
        if "link" in added:
            typed |= {"link_url": "", "link_title": "", "link_public": "on"}
        self.data = typed

    def content(self) -> dict[str, Any]:
        """Return what was typed, as a draft holds it; what could not be read is left out."""
        raise NotImplementedError

    @property
    def texts(self) -> dict[str, forms.Field]:
        """Return the fields that make the draft, without the evidence."""
        others = (*EVIDENCE_FIELDS, "draft_version")
        return {name: field for name, field in self.fields.items() if name not in others}


def initial_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content as the form shows it."""
    shown = {name: value for name, value in content.items() if name != "body"}
    return {**shown, **dict.fromkeys(TEXTS, ""), **content.get("body", {})}
