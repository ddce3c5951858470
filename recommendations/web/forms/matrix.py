"""What the matrix shows in its cells, and which agencies: kept in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.reporting.matrix_rows import offered


class Show(TextChoices):
    """What a cell says."""

    STATUS = "status", _("Status")
    LATE = "late", _("Days past the target date")
    CHANGED = "changed", _("Changed since the last round")
    CLAIMS = "claims", _("Claims to verify")


class MatrixForm(forms.Form):
    """The two choices; what is late is counted for the inside, and nobody is ranked in public."""

    show = forms.ChoiceField(label=_("Show"), required=False)
    only = forms.ChoiceField(label=_("Only agencies"), required=False)

    def __init__(self, data: Mapping[str, Any], *, inside: bool, has_agency: bool) -> None:
        super().__init__({"show": Show.STATUS, **data})
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in Show if inside or one != Show.LATE
        ]
        rows = [(one.value, one.label) for one in offered(inside=inside, has_agency=has_agency)]
        self.fields["only"].choices = [("", _("All")), *rows]  # type: ignore[attr-defined]

    @property
    def show_as(self) -> Show:
        """Return what the cells say; the status where the address asks for what there is not."""
        return Show(self.cleaned_data.get("show") or Show.STATUS)

    @property
    def rows_of(self) -> str:
        """Return which agencies have a row, "" for all."""
        return str(self.cleaned_data.get("only", ""))
