"""What models and forms of the pages refuse, as a program is told: what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext as _

from agencies.forms import in_own_words
from recommendations.api.problems import Refused

EMPTY = ("blank", "null", "required")
"""The codes under which Django says that nothing stands where something must."""


def problems_of(
    error: ValidationError, field_of: Callable[[ValidationError], str]
) -> dict[str, str]:
    """Return what cannot stand of a row, by the names of its fields.

    `field_of` says at which of them stands what is wrong with the row as a whole.
    """
    found: dict[str, list[str]] = {}
    for name, errors in error.error_dict.items():
        for one in errors:
            field = field_of(one) if name == NON_FIELD_ERRORS else name
            found.setdefault(field, []).append(said(field, one))
    return {name: " ".join(words) for name, words in found.items()}


def said(name: str, error: ValidationError) -> str:
    """Return what to do about one refusal of a field."""
    if error.code in EMPTY:
        return _("Give “%(name)s”.") % {"name": name}
    if error.code == "unique":
        return _("This is taken. Choose another one.")
    if error.code == "max_length" and error.params:
        return _("Write at most %(most)d characters.") % {"most": error.params["limit_value"]}
    return " ".join(map(in_own_words, error.messages))


def refused(form: BaseForm) -> Refused:
    """Return what a form does not take, each field with what it does take."""
    fields = {
        name: " ".join(chosen_or_said(name, form.fields.get(name), one) for one in errors)
        for name, errors in form.errors.as_data().items()
    }
    return Refused("unusable-value", " ".join(dict.fromkeys(fields.values())), fields=fields)


def chosen_or_said(name: str, field: Any, error: ValidationError) -> str:
    """Return what to do about one refusal of a field of a form; of a choice, what there is.

    What was sent is not repeated, so that a code that is not for the reader is refused as one
    that there is not.
    """
    known = [str(value) for value, _label in getattr(field, "choices", ()) if value]
    words = {"name": name, "words": ", ".join(known)}
    if error.code in EMPTY and known:
        return _("Give “%(name)s”: one of %(words)s.") % words
    if error.code == "invalid_choice":
        return _("Choose one of: %(words)s.") % words if known else _("There is none to choose.")
    return said(name, error)
