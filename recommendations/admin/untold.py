"""Events that could not be told to anybody; once the cause is put right, they are told here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import chronicle
from agencies.admin.base import ReadOnlyAdmin
from agencies.admin.confirmed import Refused, confirmed
from recommendations.admin.mails import moment
from recommendations.models import Untold
from recommendations.notify import fan_out


def tell_again(obj: Untold, **facts: Any) -> None:
    """Tell an event to those whom it concerns today; where it fails again, say how."""
    if obj.told_at is not None:
        raise Refused(_("It was told already."))
    try:
        fan_out.tell_again(obj, by=facts["by"], note=facts["note"], at=facts["at"])
    except Exception as error:  # whatever goes wrong, the administrator is who can see it
        raise Refused(f"{type(error).__name__}: {error}") from error


def why_untold(obj: Untold) -> str:
    """Return what went wrong when it should have been told."""
    return obj.because


@admin.register(Untold)
class UntoldAdmin(ReadOnlyAdmin):
    """Events that the others went past, because telling them failed. None is lost.

    For administrators of all frameworks: an event may be about a person.
    """

    fields = ("event", "done", "failed", "because", "told", "told_by", "note")
    list_display = ("failed", "event", "done", "because", "told", "told_by")
    list_filter = (("told_at", admin.EmptyFieldListFilter),)
    ordering = ("-failed_at", "-id")
    related = ("event", "told_by")
    actions = (
        confirmed(
            "tell_again",
            lazy("Tell it now"),
            tell_again,
            explains=why_untold,
            permissions=("view",),
        ),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the person administers all frameworks."""
        return None in self.offices(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person administers all frameworks."""
        return None in self.offices(request)

    @admin.display(description=lazy("what was done"))
    def done(self, obj: Untold) -> str:
        """Return the verb of the event, in words."""
        return chronicle.in_words(obj.event.verb, obj.event.object_type)

    @admin.display(description=lazy("failed at"), ordering="failed_at")
    def failed(self, obj: Untold) -> str:
        """Return when it should have been told."""
        return moment(obj.failed_at)

    @admin.display(description=lazy("told at"), ordering="told_at")
    def told(self, obj: Untold) -> str:
        """Return when it was told after all."""
        return moment(obj.told_at)
