"""Forms whose saving needs a reason, and which notice that somebody else saved first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import model_to_dict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import history
from agencies.models import Event
from agencies.revisions import SAY_WHY

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

OURS = ("version", "reason")
LONGEST_REASON = 2000
CONSTRAINT_WORDS = {
    "from_until": lazy("The period ends before it begins. Change one of the two dates."),
    "one_without_end": lazy("This person holds this place already, without an end. End it first."),
    "group_membership_unique": lazy("This agency has this place in the group already."),
    "email_unique": lazy("Another person has this address."),
    "code_unique": lazy("This code is taken. Choose another one."),
    "dates_in_order": lazy("Put the dates in order: the round opens, updates are due, it closes."),
    "one_default": lazy("Another framework is the default. Take the mark from that one first."),
}
"""What to do about a constraint, by the end of its name."""


@dataclass(frozen=True)
class Difference:
    """A field that is not what was typed: its name, both values in words, who meant it."""

    label: str
    current: str
    typed: str
    touched: bool


MINUS = dict.fromkeys(map(ord, "−–—‐‑﹣－"), "-")
"""What people and keyboards write for a minus sign."""


class DayList(forms.CharField):
    """Whole numbers of days with commas between them, such as −14, −3, 0, 3, 10."""

    def prepare_value(self, value: Any) -> Any:
        """Return the days as a person types them."""
        if isinstance(value, list):
            return ", ".join(str(day).replace("-", "−") for day in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Return the days in order, each once; whatever sign stands for minus."""
        if isinstance(value, list):
            return value
        typed = str(value or "").translate(MINUS)
        parts = ["".join(part.split()) for part in re.split("[,;،؛、，]", typed)]
        try:
            return sorted({int(part) for part in parts if part})
        except ValueError as error:
            words = _("Enter whole days with commas between them, such as −14, −3, 0, 3, 10.")
            raise ValidationError(words) from error


class Reason(forms.Form):
    """The reason of a change."""

    reason = forms.CharField(
        label=lazy("Reason"),
        help_text=lazy("Why you do this. It is kept in the history."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": SAY_WHY},
    )


class RevisionForm(ModelForm):
    """The fields of a row, the version that the person saw, and the reason of the change.

    Each field carries what it held when the form was opened. When somebody else saved
    first, `differences` shows both versions; fields that the person left alone take the
    present value, fields that they changed keep what was typed, and saving once more
    applies it on top of the present version.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = Reason.base_fields["reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self.newest: Event | None = None
        self.initial["version"] = self.instance.version
        for name in self.names if self.instance.pk else ():
            self.fields[name].show_hidden_initial = True

    @property
    def names(self) -> list[str]:
        """Return the names of the row's own fields in this form."""
        return [name for name in self.fields if name not in OURS]

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as the row takes it."""
        return {name: self.cleaned_data[name] for name in self.names}

    def clean(self) -> dict[str, Any]:
        """Refuse a form that was opened on an older version."""
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):  # browsers send the newlines of another system
                self.cleaned_data[name] = value.replace("\r\n", "\n")
        version = self.cleaned_data.get("version")
        if self.instance.pk and version is not None and version != self.instance.version:
            self.show_both_versions()
            self.add_error(None, _("Somebody else changed this while you had it open."))
        return self.cleaned_data

    def show_both_versions(self) -> None:
        """Note the differences, and put what others changed into fields left alone."""
        typed_in: Any = self.data
        data = typed_in.copy()
        self.newest = history.of(self.instance).select_related("actor").last()
        for name in self.names:
            current = self.fields[name].prepare_value(self.initial.get(name))
            touched = self.touched(name)
            typed = self.cleaned_data.get(name, self.data.get(name))
            now = self.instance._meta.get_field(name).value_from_object(self.instance)
            if getattr(typed, "pk", typed) != now:
                words = self.in_words(name, getattr(self.instance, name))
                typed_words = self.in_words(name, typed)
                label = str(self.fields[name].label or name)
                self.differences.append(Difference(label, words, typed_words, touched))
            held = "" if current is None else str(current)
            data[f"initial-{name}"] = held
            if not touched and isinstance(self.fields[name], forms.BooleanField) and not current:
                data.pop(name, None)
            elif not touched:
                data[name] = held
        data["version"] = str(self.instance.version)
        self.data = data

    def touched(self, name: str) -> bool:
        """Say whether the person changed a field; without knowing, take it that they did."""
        return f"initial-{name}" not in self.data or name in self.changed_data

    def in_words(self, name: str, value: Any) -> str:
        """Return a value as a person reads it."""
        choices = getattr(self.instance._meta.get_field(name), "flatchoices", ())
        if value in (None, ""):
            return _("(empty)")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, date):
            return date_format(value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(dict(choices).get(value, value))

    def validate_unique(self) -> None:
        """Leave this to `_post_clean`, which asks about the whole row."""

    def _update_errors(self, errors: Any) -> None:
        for error in errors.error_dict.get(NON_FIELD_ERRORS, ()):
            error.message = in_own_words(error.message)
        super()._update_errors(errors)  # type: ignore[misc]

    def _post_clean(self) -> None:
        """Ask the whole row, fields that are fixed by now included, as saving will."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        before = {name: self.initial.get(name) for name in self.names}
        if self.instance.pk and model_to_dict(self.instance, self.names) == before:
            self.add_error(None, _("Nothing is different from what is saved."))
            return
        try:
            self.instance.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                field = name if name in self.fields and name != NON_FIELD_ERRORS else None
                for message in messages:
                    self.add_error(field, in_own_words(message))


def in_own_words(message: str) -> str:
    """Return what to do about a constraint, instead of its name."""
    for ending, words in CONSTRAINT_WORDS.items():
        if ending in message:
            return str(words)
    return message
