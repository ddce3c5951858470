"""The sections that several reports share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from recommendations.reporting.answers import Answer
from recommendations.reporting.facts import AgencyFact
from recommendations.reporting.overview import ActionLine, reported_by
from recommendations.reporting.reports import columns
from recommendations.reporting.reports.bars import bar
from recommendations.reporting.reports.ground import Ground
from recommendations.reporting.reports.shape import Column, Kind, Passage, Section, Table, Value
from recommendations.reporting.standings import DatedStanding, tally_active
from recommendations.reporting.tally import AssignmentTally, tally_actions
from recommendations.reporting.texts import FullText


def assignments(ground: Ground, *, annex: bool = False) -> Section:
    """Return where every assignment stands, one row for each."""
    target = columns.target()
    table = Table(
        (
            columns.area(),
            columns.action(),
            columns.agency(),
            columns.agency_name(),
            columns.role(),
            columns.acceptance(),
            columns.status(),
            columns.claim(),
            columns.assessed(),
            columns.since(),
            columns.information_of(),
            *target,
        ),
        tuple(assignment(one, ground) for one in ground.dated),
    )
    return Section(
        key="assignments",
        title=_("Assignments"),
        sentences=(tally_active(ground.standings).sentence,),
        table=table,
        nothing=_("Nothing was assigned yet at this moment."),
        annex=annex,
    )


def assignment(one: DatedStanding, ground: Ground) -> tuple[Value, ...]:
    """Return the row of an assignment."""
    reported = one.reported_at is not None
    return (
        one.area_code,
        one.action_code,
        one.agency_code,
        one.agency_name,
        one.role,
        one.acceptance,
        one.shown.value,
        ground.claim(one),
        columns.said(one.verified) if reported else "",
        one.since,
        one.reported_at,
        one.target_on,
        one.target_precision,
        one.target_text,
    )


def areas(ground: Ground) -> Section:
    """Return where the areas stand: a bar and a row for each, every action counted once."""
    lines = ground.area_lines
    total = tally_actions(line.standing for one in lines for line in one.actions)
    table = Table(
        (
            columns.area(),
            Column("title", Kind.TEXT, _("Title"), _("The title that it had at the moment.")),
            *columns.by_standing(),
            *columns.reported(),
        ),
        tuple(
            (
                one.code,
                one.title,
                *columns.counts(one.total.actions),
                *columns.reported_values(one.total.reported),
            )
            for one in lines
        ),
    )
    return Section(
        key="areas",
        title=_("Where do the areas stand?"),
        sentences=(total.sentence, reported_by(ground.reading.every_standing).sentence),
        bars=tuple(bar(f"{one.code} {one.title}", one.total.actions) for one in lines),
        table=table,
        nothing=_("No priority area was recorded yet at this moment."),
    )


def actions(lines: Iterable[ActionLine], acronyms: dict[str, str]) -> Table:
    """Return where every action stands, with its leads by the acronyms they had."""
    leads = _("The leads and co-leads, by the acronyms that they had at the moment.")
    head = (
        columns.area(),
        columns.action(),
        columns.action_title(),
        Column("lead_agencies", Kind.TEXT, _("Led by"), leads),
        columns.standing(),
        *columns.reported(),
    )
    return Table(
        head,
        tuple(
            (
                line.area_code,
                line.code,
                line.short_title,
                led_by(line, acronyms),
                line.standing.value,
                *columns.reported_values(line.reported),
            )
            for line in lines
        ),
    )


def led_by(line: ActionLine, acronyms: dict[str, str]) -> str:
    """Return the acronyms of the leads of an action: "ILO, OHCHR"."""
    return ", ".join(acronyms.get(lead.agency_code, lead.agency) for lead in line.leads)


def said(text: FullText, heading: str, source: str) -> list[Passage]:
    """Return the passages of a text in force, those that say something."""
    parts = (
        ("done", _("What was done"), text.done),
        ("unchanged", _("Why nothing changed"), text.unchanged),
        ("challenges", _("Challenges and gaps"), text.challenges),
        ("next_steps", _("Next steps"), text.next_steps),
        ("reason", _("Why it is on hold"), text.reason),
        ("evidence_waiver", _("Why there is no evidence"), text.evidence_waiver),
    )
    return [
        Passage(
            heading=_("%(what)s: %(part)s") % {"what": heading, "part": title},
            source=source,
            part=part,
            text=words,
        )
        for part, title, words in parts
        if words.strip()
    ]


def texts(ground: Ground, whole: Mapping[int, FullText], *, by_agency: bool) -> Section:
    """Return the texts in force in full, action by action.

    `by_agency` says in each heading whose text it is.
    """
    passages: list[Passage] = []
    for one in ground.standings:
        if one.submission_id is not None:
            what = f"{one.action_code} {one.action_title}"
            heading = f"{what}, {one.agency}" if by_agency else what
            text = whole[one.submission_id]
            source = f"{one.action_code}, {one.agency_code}, {text.round_code}"
            passages += said(text, heading, source)
    return Section(
        key="texts",
        title=_("What the agencies wrote") if by_agency else _("What the agency wrote"),
        passages=tuple(passages),
        nothing=_("No update was approved or published by this moment."),
    )


def statuses(tally: AssignmentTally) -> Table:
    """Return how many assignments there are of each status."""
    head = (columns.status(), columns.number("count", _("Number")))
    return Table(head, tuple((value, count) for value, count in tally.parts))


def answered(answers: Iterable[Answer], names: dict[int, AgencyFact]) -> Table:
    """Return the answers to a questionnaire, one row for each question."""
    head = (
        columns.agency(),
        columns.agency_name(),
        Column("round", Kind.CODE, _("Round"), _("Code of the round that asked.")),
        columns.number("question", _("Number"), _("Number of the question.")),
        Column("heading", Kind.TEXT, _("Heading"), _("As the round worded it.")),
        Column("wording", Kind.PROSE, _("Question"), _("As the round asked it.")),
        Column("answer", Kind.PROSE, _("Answer"), _("Empty where it was left open.")),
        Column("sent_at", Kind.MOMENT, _("Sent"), _("When the agency sent it.")),
        Column("counts_since", Kind.MOMENT, _("Counts since"), _("When it came in force.")),
        Column("content_hash", Kind.TEXT, _("Hash"), _("SHA-256 of what was sent.")),
    )
    return Table(
        head,
        tuple(
            (
                names[one.agency_id].code,
                names[one.agency_id].name,
                one.round_code,
                one.number,
                one.heading,
                one.question,
                one.text,
                one.sent_at,
                one.at,
                one.content_hash,
            )
            for one in answers
        ),
    )
