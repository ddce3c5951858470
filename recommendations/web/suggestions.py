"""The update form's buttons beside a comment: use the suggested text, answer in words."""

from __future__ import annotations

from django.urls import reverse

from recommendations.domain import updates, workflow
from recommendations.models import Draft, Update
from recommendations.web.forms.written import Written
from recommendations.web.visitor import Visitor

TAKE, REPLACE, TALK = "take", "replace", "talk"


def pressed(then: str) -> tuple[str, int]:
    """Return what a button beside a comment says, and the id of the comment; ("", 0) for others."""
    doing, _dash, number = then.partition("-")
    if doing in (TAKE, REPLACE, TALK) and number.isdecimal() and len(number) < 10:
        return doing, int(number)
    return "", 0


def save(found: Update, form: Written, who: Visitor, then: str) -> Draft:
    """Save what was typed; where the button says so, with the suggested text in its field.

    Raises what `updates.save_draft` and the verb `take_suggestion` raise.
    """
    doing, comment = pressed(then)
    version = form.cleaned_data.get("draft_version", -1)
    if doing not in (TAKE, REPLACE):
        return updates.save_draft(
            found, content=form.content(), by=who.user, at=who.at, version=version
        )
    workflow.perform(
        "take_suggestion",
        found,
        by=who.user,
        at=who.at,
        # What a person saw of the text is the draft's version; of the update they change nothing.
        version=found.version,
        comment=comment,
        content=form.content(),
        draft_version=version,
        replace=doing == REPLACE,
    )
    return Draft.objects.get(update=found.pk)


def place_after(pk: int, then: str) -> str:
    """Return where a button beside a comment leads, "" for other buttons."""
    doing, comment = pressed(then)
    if doing == TALK:
        return reverse("comment", args=[comment])
    return f"{reverse('update', args=[pk])}#comment-{comment}" if doing else ""
