"""What is typed in a conversation about an update."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.domain.contents import LONGEST
from recommendations.web.forms.fields import Facts, LongText


class AnswerForm(Facts):
    """An answer to a comment."""

    asked = ("text",)

    text = LongText(label=_("Your answer"), help_text=_("The other side reads it at once."))


class PhraseForm(Facts):
    """A sentence that a coordinator writes often."""

    asked = ("text",)

    text = LongText(label=_("Phrase"), rows=3)

    def clean_text(self) -> str:
        """Return the phrase; what is empty, or longer than a comment takes, says so."""
        text = str(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(_("Write the phrase."))
        if len(text) > LONGEST:
            raise forms.ValidationError(
                _("Shorten this text to %(limit)d characters.") % {"limit": LONGEST}
            )
        return text
