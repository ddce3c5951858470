"""How a person wants to hear of things: each kind of notice, when mail comes, in which zone."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import MailSettings
from recommendations.notify.notices import How, Notice

CHOSEN = "how_"
SETTINGS = (
    "time_zone",
    "digest_at",
    "digest_weekday",
    "quiet_from",
    "quiet_until",
    "text_only",
)
OLD_NAMES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


def zones() -> list[str]:
    """Return the time zones to offer: UTC, and those that are named by a place."""
    places = [name for name in available_timezones() if "/" in name]
    return ["UTC", *sorted(name for name in places if not name.startswith(OLD_NAMES))]


class TimeZone(forms.CharField):
    """A time zone by its name, whatever its case; "New York" finds America/New_York."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Time zone"),
            help_text=gettext_lazy("The region and a large place, such as Africa/Nairobi, or UTC."),
            max_length=64,
            widget=forms.TextInput(attrs={"list": "zones", "dir": "ltr", "spellcheck": "false"}),
            error_messages={
                "required": gettext_lazy("Enter a time zone, such as Africa/Nairobi, or UTC.")
            },
        )

    def to_python(self, value: Any) -> str:
        """Return the name as the zone is filed; says which is probably meant where none is."""
        typed = "_".join(str(super().to_python(value)).split())
        if not typed:
            return ""
        known = {name.casefold(): name for name in available_timezones()}
        cities = {name.rpartition("/")[2].casefold(): name for name in zones()}
        found = known.get(typed.casefold()) or cities.get(typed.casefold())
        if found:
            return found
        names = {**cities, **known}
        near = difflib.get_close_matches(typed.casefold(), names, n=1, cutoff=0.6)
        problem = _("There is no time zone “%(typed)s”.") % {"typed": str(value).strip()[:64]}
        advice = (
            _("Did you mean %(near)s?") % {"near": names[near[0]]}
            if near
            else _("Enter one such as Africa/Nairobi, or UTC.")
        )
        raise forms.ValidationError(f"{problem} {advice}")


class Clock(forms.TimeField):
    """A time of the day, typed or picked."""

    def __init__(self, *, required: bool = False, **more: Any) -> None:
        super().__init__(
            required=required,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
            error_messages={
                "invalid": gettext_lazy("Enter the time as hours and minutes, such as 07:00."),
                "required": gettext_lazy("Enter the time as hours and minutes, such as 07:00."),
            },
            **more,
        )


@dataclass(frozen=True)
class Row:
    """A kind of notice in the table, with its radios."""

    notice: Notice
    field: BoundField


class NoticesForm(forms.Form):
    """Everything on the page of notices; a duty cannot be switched off."""

    use_required_attribute = False

    time_zone = TimeZone()
    digest_at = Clock(label=gettext_lazy("Time of the digest"), required=True)
    digest_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of the weekly digest"), choices=[*WEEKDAYS.items()], coerce=int
    )
    quiet_from = Clock(
        label=gettext_lazy("No mail from"),
        help_text=gettext_lazy("Mail that would come then waits."),
    )
    quiet_until = Clock(
        label=gettext_lazy("No mail until"), help_text=gettext_lazy("Leave both empty for none.")
    )
    text_only = forms.BooleanField(
        label=gettext_lazy("Send mail as plain text, without HTML"), required=False
    )

    def __init__(
        self, *args: Any, notices: Sequence[Notice], chosen: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.notices = notices
        for notice in notices:
            hows = [how for how in How if not notice.duty or how != How.OFF]
            self.fields[CHOSEN + notice.kind] = forms.ChoiceField(
                label=str(notice.words),
                choices=[(how.value, how.label) for how in hows],
                widget=forms.RadioSelect,
                initial=chosen[notice.kind],
                error_messages={
                    "required": _("Choose when you hear of it."),
                    "invalid_choice": _("Choose one of the times shown."),
                },
            )

    def clean(self) -> dict[str, Any]:
        """Refuse quiet hours with one end, and those that are none or all."""
        read = super().clean() or {}
        start, end = read.get("quiet_from"), read.get("quiet_until")
        sound = not {"quiet_from", "quiet_until"} & set(self.errors)
        if sound and start is None and end is not None:
            self.add_error("quiet_from", _("Enter from when mail waits, or clear both times."))
        elif sound and end is None and start is not None:
            self.add_error("quiet_until", _("Enter until when mail waits, or clear both times."))
        elif sound and start is not None and start == end:
            words = _("Enter another time: from %(time)s until %(time)s is no time at all.")
            self.add_error("quiet_until", words % {"time": f"{start:%H:%M}"})
        return read

    @property
    def duties(self) -> list[Row]:
        """Return the rows that ask something of the reader."""
        return self.rows(duty=True)

    @property
    def information(self) -> list[Row]:
        """Return the rows that inform."""
        return self.rows(duty=False)

    def rows(self, *, duty: bool) -> list[Row]:
        """Return the rows of one of the two tables."""
        wanted = (notice for notice in self.notices if notice.duty is duty)
        return [Row(notice, self[CHOSEN + notice.kind]) for notice in wanted]

    def settings(self) -> dict[str, Any]:
        """Return what was set, for the row of the person."""
        return {name: self.cleaned_data[name] for name in SETTINGS}

    def wanted(self) -> dict[str, str]:
        """Return how the person wants to hear of each kind."""
        return {one.kind: self.cleaned_data[CHOSEN + one.kind] for one in self.notices}


def opening_of(settings: MailSettings) -> dict[str, Any]:
    """Return what the form opens with."""
    return {name: getattr(settings, name) for name in SETTINGS}
