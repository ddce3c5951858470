"""Why the publication of a round is held."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from recommendations.web.forms.fields import Facts, LongText


class HoldForm(Facts):
    """The reason for holding."""

    asked = ("reason",)

    reason = LongText(
        label=_("Reason"), help_text=_("Kept in the history; the public never sees it."), rows=3
    )
