"""The round report for principals: two pages that everybody reads, and the annex behind them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import RollUp
from recommendations.reporting.duties import DutyLine
from recommendations.reporting.facts import Scope
from recommendations.reporting.gaps import gaps_of
from recommendations.reporting.latest import excerpts
from recommendations.reporting.moved import Direction, Moved, moved_actions, moved_sentence
from recommendations.reporting.reports import columns, owed, sections
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.books import Since, agency_movements, movements, since
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.shape import Column, Kind, Report, Section, Table, Value
from recommendations.reporting.round_progress import progress
from recommendations.reporting.standings import Standing
from recommendations.reporting.targets import targets


def build(asked: Asked) -> Report:
    """Return where everything stands, what moved since a round opened, and who is silent.

    11 queries, for the public 8. What stands counts the texts of all rounds. Dates that an
    agency did not keep are for the inside only. Raises DidNotExist for a round that was not
    recorded yet.
    """
    found = ground(asked, all_rounds=True)
    start = since(found, asked.round)
    inside = asked.scope is Scope.INSIDE
    lines = owed.lines_of(found) if inside else []
    said = [
        sections.areas(found),
        movements(found, start, agencies=False),
        moved(found, start),
        gap_numbers(found),
        not_reported(found, lines) if inside else silent(found),
        actions(found),
        agency_movements(found, start),
    ]
    if inside:
        said.append(owed.on_time(lines, found.reading.agencies))
    code = asked.round.code if asked.round else ""
    return Report(
        **asked.stamp(""),
        name="round",
        title=_("Round report %(round)s") % {"round": code},
        subtitle=found.title,
        sections=tuple(said),
    )


def moved(found: Ground, start: Since) -> Section:
    """Return the actions that moved up, down or otherwise since the round opened."""
    own = moved_actions(found.own_lives, start.moment, found.basis.as_of)
    kinds = [*Direction]
    known = found.reading.actions
    rows = sorted(
        (one for one in own if one.action_id in known),
        key=lambda one: (kinds.index(one.direction), [*known].index(one.action_id)),
    )
    head = (
        Column("direction", Kind.CHOICE, _("Direction"), _("Which way."), words(Direction)),
        columns.action(),
        columns.action_title(),
        Column("before", Kind.CHOICE, _("Before"), _("When the round opened."), words(RollUp)),
        Column("after", Kind.CHOICE, _("Now"), _("At the moment."), words(RollUp)),
    )

    def row(one: Moved) -> tuple[str, ...]:
        action = known[one.action_id]
        return one.direction.value, action.code, action.short_title, one.before, one.after

    return Section(
        key="moved",
        title=_("What moved up, what moved down?"),
        sentences=(moved_sentence(rows),),
        table=Table(head, tuple(row(one) for one in rows)),
        nothing=_("No action moved."),
    )


def gap_numbers(found: Ground) -> Section:
    """Return how many actions and leads lack something, each with what it is a share of."""
    known = gaps_of(found.basis, found.reading)
    dated = targets(found.reading.every_standing, found.today)
    numbers = [
        ("no_lead", len(known.no_lead), known.actions),
        ("never_reported", len(known.never_reported), known.leads),
        ("stale", len(known.stale), known.leads),
        ("past_target", dated.overdue, dated.leads),
        ("no_target_date", dated.without_date, dated.leads),
    ]
    kinds = {
        "no_lead": _("Actions without a lead"),
        "never_reported": _("Leads that have never reported"),
        "stale": _("Leads that have not reported for a year"),
        "past_target": _("Open leads past their target date"),
        "no_target_date": _("Open leads without a target date"),
        "not_answered": _("Agencies asked to lead that have not answered"),
    }
    if found.basis.scope is Scope.INSIDE:
        asked = len(known.not_answered)
        numbers.append(("not_answered", asked, known.leads + asked))
    head = (
        Column("gap", Kind.CHOICE, _("Gap"), _("What is lacking."), kinds),
        columns.number("count", _("Number")),
        columns.number("of", _("Of"), _("What it is a share of.")),
    )
    return Section(
        key="gaps",
        title=_("What has nobody taken up, dated or reported?"),
        sentences=(known.sentence, dated.sentence),
        table=Table(head, tuple(numbers)),
    )


def not_reported(found: Ground, lines: list[DutyLine]) -> Section:
    """Return which agencies still owe an update of the round, most first."""
    agencies = found.reading.agencies
    owing = [one for one in owed.progress_of(lines, agencies) if one.progress.missing]
    counted = [one for one in lines if agencies[one.agency_id].counted]
    return Section(
        key="not_reported",
        title=_("Who has not reported?"),
        sentences=(progress(counted).sentence,),
        table=owed.progress(owing),
        nothing=_("Every agency has sent what it was asked for."),
    )


def silent(found: Ground) -> Section:
    """Return which agencies lead an action of which nothing is published yet, most first."""
    leads: dict[str, list[Standing]] = {}
    for one in found.standings:
        if one.decides:
            leads.setdefault(one.agency_code, []).append(one)
    counts = {code: sum(one.reported_at is None for one in own) for code, own in leads.items()}
    quiet = sorted((code for code in counts if counts[code]), key=lambda code: -counts[code])
    none = sum(counts.values())
    total = sum(len(own) for own in leads.values())
    head = (
        columns.agency(),
        columns.agency_name(),
        columns.number("without", _("Without a report"), _("Of those that it leads.")),
        columns.number("leads", _("Leads"), _("Actions that it leads or co-leads.")),
    )
    return Section(
        key="silent",
        title=_("Who has not reported?"),
        sentences=(
            ngettext(
                "Nothing is published yet on %(none)d of %(count)d lead.",
                "Nothing is published yet on %(none)d of %(count)d leads.",
                total,
            )
            % {"none": none, "count": total},
        ),
        table=Table(
            head,
            tuple(
                (code, leads[code][0].agency_name, counts[code], len(leads[code])) for code in quiet
            ),
        ),
        nothing=_("Something is published on every action that is led."),
    )


def actions(found: Ground) -> Section:
    """Return every action with its leads, its status, and the beginning of its newest text."""
    newest: dict[str, list[tuple[datetime, Standing]]] = {}
    for one in found.standings:
        if one.is_active and one.in_force_at is not None:
            newest.setdefault(one.action_code, []).append((one.in_force_at, one))
    shown = {code: max(of, key=lambda pair: pair[0])[1] for code, of in newest.items()}
    texts = excerpts(found.basis, [one.submission_id or 0 for one in shown.values()])
    acronyms = found.acronyms(lead.agency_code for line in found.lines for lead in line.leads)
    table = sections.actions(found.lines, acronyms)
    by = _("Whose text is the newest in force.")
    short = _("How the newest text in force begins.")
    more = (
        Column("newest_by", Kind.CODE, _("Newest text by"), by),
        Column("newest_at", Kind.MOMENT, _("Sent"), _("When it was sent.")),
        Column("newest_text", Kind.PROSE, _("In short"), short),
    )

    def text(code: str) -> tuple[Value, ...]:
        one = shown.get(code)
        if one is None:
            return "", None, ""
        beginning = texts[one.submission_id or 0]
        cut = "…" if beginning.is_cut else ""
        return one.agency_code, one.reported_at, beginning.text + cut

    rows = tuple(
        (*row, *text(line.code)) for row, line in zip(table.rows, found.lines, strict=True)
    )
    return Section(
        key="actions",
        title=_("Every action"),
        table=Table((*table.columns, *more), rows),
        nothing=_("No action was recorded yet at this moment."),
        annex=True,
    )
