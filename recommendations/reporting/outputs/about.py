"""What a file says about itself to its reader, in words."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.reporting.outputs.languages import DRAFTS, LANGUAGES
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.reports.canonical import section_hashes
from recommendations.reporting.reports.shape import Report


def title() -> str:
    """Return the heading of what a file says about itself."""
    return _("About this file")


def unsettled(report: Report) -> str:
    """Return the mark of a report whose figures can still change; "" of one that is settled."""
    if report.settled:
        return ""
    return _("Not yet settled: the moment is not two minutes old, and figures can still change.")


def about(report: Report) -> list[tuple[str, str]]:
    """Return what the file is, for what moment and scope, and how it can be checked."""
    names = {"round": _("Round"), "agency": _("Agency"), "area": _("Area")}
    lines = [(_("Report"), f"{report.title} ({report.name})"), (_("Position"), report.position)]
    if not report.settled:
        lines.append((_("Settled"), unsettled(report)))
    lines += [(_("Framework"), f"{report.subtitle} ({report.framework})")]
    lines += [(names.get(name, name), code) for name, code in report.filters]
    lines += [
        (_("Language"), language(report.language)),
        (_("Same figures on the site"), report.address),
        (_("Published by"), settings.PUBLISHER),
        (_("Terms of use"), terms()),
        (_("To cite"), citation(report)),
        (_("Made by"), f"hldtracker {settings.RELEASE}"),
        (_("To check it"), "manage.py report --verify"),
    ]
    if report.language in DRAFTS:
        draft = _("Draft: no native reader has checked the words of this language yet.")
        lines.append((_("Translation"), draft))
    hashes = section_hashes(report)
    for section in report.sections:
        lines.append((section.title, f"{size(report.counts[section.key])}, {hashes[section.key]}"))
    return [(printable(name), printable(words)) for name, words in lines]


def terms() -> str:
    """Return under which terms the data may be used."""
    return settings.DATA_LICENCE or _("No licence is stated: ask the secretariat.")


def citation(report: Report) -> str:
    """Return how the file is cited."""
    parts = {
        "publisher": settings.PUBLISHER,
        "title": report.title,
        "framework": report.subtitle,
        "position": report.position,
        "address": report.address,
    }
    return _("%(publisher)s: “%(title)s”, %(framework)s. %(position)s %(address)s") % parts


def language(code: str) -> str:
    """Return the name of a language in itself."""
    return LANGUAGES.get(code, code)


def size(count: int) -> str:
    """Return "12 rows"."""
    return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
