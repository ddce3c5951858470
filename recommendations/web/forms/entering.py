"""What a coordinator enters on behalf of somebody of an agency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from recommendations.web.forms.assignments import ResponseForm
from recommendations.web.forms.fields import Facts
from recommendations.web.forms.updates import UpdateForm


class OnBehalf(Facts):
    """Who of the agency said it."""

    on_behalf_of = forms.ChoiceField(
        label=_("On behalf of"),
        help_text=_("Who of the agency told you. Both names are shown, and kept in the history."),
    )

    def offer(self, people: Iterable[User]) -> None:
        """Offer these people of the agency."""
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["on_behalf_of"]
        field.choices = [("", "—"), *((pk, str(person)) for pk, person in self.people.items())]

    def named(self) -> User | None:
        """Return the person who was chosen."""
        return self.people.get(self.cleaned_data.get("on_behalf_of", ""))


class AnswerForThem(OnBehalf, ResponseForm):
    """An agency's answer that came by mail or telephone."""

    asked = ("on_behalf_of", "answer")
    field_order = ("on_behalf_of",)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("Answer of the agency")
        self.offer(people)


class TextForThem(OnBehalf, UpdateForm):
    """An agency's update that came by mail or telephone: the text, without evidence."""

    asked = ("on_behalf_of", *UpdateForm.asked)
    field_order = ("on_behalf_of", *UpdateForm.field_order)  # type: ignore[assignment]

    link_url = link_title = link_public = None  # type: ignore[assignment]
    file = file_title = file_public = None  # type: ignore[assignment]
    draft_version = None  # type: ignore[assignment]

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(people)
