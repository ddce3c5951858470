"""Fields that keep what was typed, and say in words what they cannot take."""

from __future__ import annotations

from typing import Any, TypeAlias

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words: TypeAlias = str | Promise


class LongText(forms.CharField):
    """Text of people: kept as typed, whatever its length, with one kind of line end.

    A browser sends two characters for a line end; the limits count one. The null character,
    which no person types and PostgreSQL refuses, is dropped. `needed` says when it is needed,
    where it is not always.
    """

    def __init__(self, *, rows: int = 5, needed: Words = "", **more: Any) -> None:
        self.needed = needed
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(strip=False, widget=widget, required=False, **more)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends and without white space at its end."""
        text = str(super().to_python(value))
        return text.replace("\r\n", "\n").replace("\x00", "").rstrip()


class ShortText(forms.CharField):
    """One line of people's text."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"dir": "auto"}), required=False, **more)


class Day(forms.DateField):
    """A day, typed or picked. `needed` says when it is, where it is not always."""

    def __init__(self, *, needed: Words = "", **more: Any) -> None:
        self.needed = needed
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d %b %Y", "%d %B %Y"],
            error_messages={
                "invalid": _("Enter the date as year-month-day, such as 2026-11-30."),
            },
            required=False,
            **more,
        )


class Days(forms.IntegerField):
    """A number of days."""

    def __init__(self, **more: Any) -> None:
        words = _("Enter a whole number of days from 0 to 365.")
        super().__init__(
            min_value=0,
            max_value=365,
            required=False,
            error_messages={"invalid": words, "min_value": words, "max_value": words},
            **more,
        )


class Facts(forms.Form):
    """A form whose demands come from the domain.

    `asked` names the fields that are not optional; they are marked so, and the domain, which
    knows the state, says what is missing.
    """

    asked: tuple[str, ...] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark(True)

    def full_clean(self) -> None:
        """Read what was typed; nothing is missing at this point."""
        self.mark(False)
        super().full_clean()
        self.mark(True)

    def mark(self, required: bool) -> None:
        """Mark the fields that are not optional."""
        for name in self.asked:
            self.fields[name].required = required

    def say(self, problems: dict[str, str]) -> None:
        """Show what the domain missed at the fields of the same names."""
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, text)
