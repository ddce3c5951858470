"""How statuses, states, dates and bars look on every page.

The values and their words come from `recommendations.models.vocabulary`; here they get their
glyph, their order and their markup. The fills stand in the style sheet under the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias, TypedDict

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from recommendations.models.vocabulary import (
    Acceptance,
    ImplementationStatus,
    ReviewState,
    Role,
    RollUp,
)
from recommendations.reporting.charts import across
from recommendations.reporting.moments import precisely
from recommendations.reporting.sentences import COUNTED, listed
from recommendations.reporting.tally import Shown, Tally

register = template.Library()

Words: TypeAlias = str | Promise
Counts: TypeAlias = Tally | Mapping[str, int] | Iterable[tuple[str, int]]

NO_REPORT = Shown.NO_REPORT.value
# The order is that of every key, bar and sentence. No glyph has a direction, so that Arabic
# needs no mirror.
GLYPHS = {
    "implemented": "✓",
    "reported_implemented": "✓",
    "partly_implemented": "½",
    "continuing": "∞",
    "in_progress": "…",
    "on_hold": "‖",
    "not_started": "○",
    "discontinued": "×",
    "closed_not_implemented": "×",
    "no_report": "–",
    "no_information": "–",
    "no_lead": "◇",
}
STATUS_LABELS: dict[str, Words] = {
    **dict(RollUp.choices),
    **dict(ImplementationStatus.choices),
    **dict(Shown.choices),
}
# Fills with a texture in charts, each a pattern of components/_patterns.html.
TEXTURED = {
    value: value
    for value in ("continuing", "on_hold", "discontinued", "partly_implemented", "no_lead")
} | {"closed_not_implemented": "discontinued"}
TAG_LABELS: dict[str, Words] = {
    **dict([*ReviewState.choices, *Acceptance.choices, *Role.choices]),
    "overdue": _("Overdue"),
    "in_review": _("In review"),
    "reopened": _("Reopened"),
    "retracted": _("Retracted"),
    "correction": _("Correction"),
    "held": _("Publication held"),
    "to_do": _("To do"),
    "planned": _("Planned"),
    "open": _("Open"),
    "closing": _("Closing"),
    "closed": _("Closed"),
    "met": _("Met"),
    "waived": _("Waived"),
    "answered": _("Answered"),
    "changed": pgettext_lazy("of a field", "changed"),
    "added": pgettext_lazy("of a field", "added"),
    "removed": pgettext_lazy("of a field", "removed"),
    "demo": _("Demo"),
}


class Segment(TypedDict):
    """One piece of a stacked bar; places and widths are per cent of the bar."""

    value: str
    css: str
    count: int
    label: Words
    texture: str
    x: str
    width: str
    middle: str


# --- statuses and states ---------------------------------------------------------------------


@register.filter
def glyph(value: str | None) -> str:
    """Return the glyph of an implementation status or a roll-up."""
    return GLYPHS[value or NO_REPORT]


@register.inclusion_tag("components/_status.html")
def status(value: str | None, label: Words = "") -> dict[str, Words]:
    """Show a status: a filled square with its glyph, then its words."""
    value = value or NO_REPORT
    return {"value": value, "glyph": GLYPHS[value], "label": label or STATUS_LABELS[value]}


@register.inclusion_tag("components/_key.html")
def status_key(*values: str) -> dict[str, list[str]]:
    """Show what the fills mean: the values named, or all that an assignment can have."""
    return {"values": list(values or Shown.values)}


@register.inclusion_tag("components/_key.html")
def action_key() -> dict[str, list[str]]:
    """Show what the fills mean where actions and their assignments stand in one table."""
    return {"values": [value for value in GLYPHS if value != RollUp.NO_INFORMATION]}


@register.simple_tag
def cell(value: str | None, url: str, name: Words = "", overdue: bool = False) -> SafeString:
    """Show a status as a cell of the matrix: a link with its glyph and hidden words.

    Made without a template file, because a matrix holds up to 450 of them.
    """
    value = value or NO_REPORT
    words = STATUS_LABELS[value]
    mark: SafeString | str = ""
    if overdue:
        words = pgettext("status, overdue", "%(status)s, overdue") % {"status": words}
        mark = mark_safe('<b aria-hidden="true">!</b>')
    return format_html(
        '<a class="cell s-{}" href="{}"><span aria-hidden="true">{}</span>{}'
        '<span class="visually-hidden">{}{}</span></a>',
        value,
        url,
        GLYPHS[value],
        mark,
        format_html("{}: ", name) if name else "",
        words,
    )


@register.inclusion_tag("components/_tag.html")
def tag(value: str, label: Words = "") -> dict[str, Words]:
    """Show where a text, an answer, a duty or a round stands: a soft tag with its word."""
    return {"value": value, "label": label or TAG_LABELS[value]}


@register.inclusion_tag("components/_tag.html")
def overdue(due: date | None, today: date) -> dict[str, Words]:
    """Show by how many days something is overdue; show nothing while it is not."""
    if due is None or due >= today:
        return {}
    days = (today - due).days
    words = ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", days)
    return {"value": "overdue", "label": words % {"days": days}}


# --- dates -----------------------------------------------------------------------------------


@register.filter
def moment(value: date | datetime | None, today: date | None = None) -> str:
    """Return a date with its distance, "30 Nov 2013 (in 7 days)", or a moment with its zone."""
    if value is None:
        return str(_("no date"))
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        text = date_format(value, pgettext("format of a moment", "j M Y H:i T"))
        value = value.date()
    else:
        text = date_format(value, pgettext("format of a date", "j M Y"))
    return f"{text} ({distance(value, today)})" if today else text


@register.filter
def precise(value: date | None, precision: str) -> str:
    """Return a date as exactly as it is known: a day, a month, a quarter or a year."""
    return str(_("no date")) if value is None else precisely(value, precision)


@register.simple_tag
def iso(value: date | datetime | None, today: date | None = None) -> SafeString:
    """Show a date or moment in a `time` element that programs can read."""
    if value is None:
        return format_html('<span class="muted">{}</span>', moment(None))
    if isinstance(value, datetime):
        machine = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    else:
        machine = value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, moment(value, today))


def distance(value: date, today: date) -> str:
    """Say how far a day is from today, in words."""
    days = (value - today).days
    if days == 0:
        return str(_("today"))
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


# --- bars ------------------------------------------------------------------------------------


@register.inclusion_tag("components/_bar.html")
def stacked_bar(counts: Counts, id: str, title: Words = "") -> dict[str, object]:
    """Show counts by status, or by state, as a bar with the numbers in it.

    Statuses are put in their fixed order, states keep the order given. `id` is unique on the
    page; `title` says what is counted. The sentence of the numbers is the bar's description.
    """
    present = [(value, count) for value, count in _in_order(counts) if count]
    return {
        "id": id,
        "title": title,
        "sentence": sentence(present),
        "segments": segments(present),
    }


@register.filter
def sentence(counts: Counts) -> str:
    """Return counts in words: "8 implemented, 18 in progress, 2 without a report"."""
    return listed(_counted(value, count) for value, count in _in_order(counts) if count)


def segments(counts: list[tuple[str, int]]) -> list[Segment]:
    """Lay the counts out in a bar of 100 per cent."""
    return [
        Segment(
            value=block.value,
            css=f"s-{block.value}" if block.value in GLYPHS else f"w-{block.value}",
            count=block.count,
            label=_words(block.value),
            texture=TEXTURED.get(block.value, ""),
            x=f"{block.x:.2f}%",
            width=f"{block.width:.2f}%",
            middle=f"{block.middle[0]:.2f}%",
        )
        for block in across(counts)
    ]


def _in_order(counts: Counts) -> list[tuple[str, int]]:
    """Put statuses in the order of every key; states stay as they come, after them."""
    if isinstance(counts, Tally):
        return [(str(part.value), part.count) for part in counts.counts]
    pairs = counts.items() if isinstance(counts, Mapping) else counts
    order = list(GLYPHS)
    return sorted(pairs, key=lambda pair: order.index(pair[0]) if pair[0] in GLYPHS else 99)


def _words(value: str) -> Words:
    return STATUS_LABELS[value] if value in STATUS_LABELS else TAG_LABELS[value]


def _counted(value: str, count: int) -> str:
    if value in COUNTED:
        return str(COUNTED[value] % {"count": count})
    words = str(TAG_LABELS[value])
    return f"{count} {words[:1].lower()}{words[1:]}"
