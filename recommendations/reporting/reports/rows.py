"""The sections of full data that no other report has: one row for each thing that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.models import (
    Action,
    ActionWording,
    DiscontinuedBecause,
    Evidence,
    SubmissionKind,
)
from recommendations.reporting import facts
from recommendations.reporting.reports import columns
from recommendations.reporting.reports.books import overlap
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.ground import Ground
from recommendations.reporting.reports.shape import Column, Kind, Section, Table, Value
from recommendations.reporting.standings import Standing, tally_active
from recommendations.reporting.tally import tally_actions
from recommendations.reporting.texts import FullText, Piece


def actions(ground: Ground) -> Section:
    """Return every action with its official text of the time and where it stands; one query."""
    wordings = ActionWording.objects.filter(
        action__framework=ground.basis.framework, recorded_at__lte=ground.basis.as_of
    )
    official = dict(facts.newest(wordings, "action").values_list("action__code", "official_text"))
    lines = ground.lines
    head = (
        columns.area(),
        columns.action(),
        Column("kind", Kind.CHOICE, _("Kind"), _("Action or issue."), words(Action.Kind)),
        columns.action_title(),
        Column("official_text", Kind.PROSE, _("Official text"), _("As it was at the moment.")),
        columns.standing(),
        *columns.reported(),
    )
    return Section(
        key="actions",
        title=_("Actions"),
        sentences=(tally_actions(line.standing for line in lines).sentence,),
        table=Table(
            head,
            tuple(
                (
                    line.area_code,
                    line.code,
                    line.kind,
                    line.short_title,
                    official[line.code],
                    line.standing.value,
                    *columns.reported_values(line.reported),
                )
                for line in lines
            ),
        ),
        nothing=_("No action was recorded yet at this moment."),
    )


def texts(ground: Ground, whole: Mapping[int, FullText]) -> Section:
    """Return every text in force, with its hash and the address of its thread."""
    return Section(
        key="texts",
        title=_("Texts in force"),
        table=Table(
            text_columns(),
            tuple(
                text_row(ground, one, whole[one.submission_id])
                for one in ground.standings
                if one.submission_id is not None
            ),
        ),
        nothing=_("No update was approved or published by this moment."),
    )


def text_columns() -> tuple[Column, ...]:
    """Return the columns of a text."""
    reason = _("Why work is on hold.")
    because = words(DiscontinuedBecause)
    return (
        columns.action(),
        columns.agency(),
        Column("round", Kind.CODE, _("Round"), _("Code of the round it was sent in.")),
        columns.number("number", _("Version"), _("How often the update had been sent.")),
        Column("kind", Kind.CHOICE, _("Kind"), _("What it says."), words(SubmissionKind)),
        columns.claim(),
        *columns.texts(),
        Column("unchanged", Kind.PROSE, _("Why nothing changed"), _("Of “nothing new” only.")),
        Column("reason", Kind.PROSE, _("Reason"), reason),
        Column("resume_on", Kind.DAY, _("To be resumed"), _("When work is to go on.")),
        Column("discontinued_because", Kind.CHOICE, _("Why discontinued"), "", because),
        Column("superseded_by", Kind.CODE, _("Superseded by"), _("Code of the action.")),
        Column("evidence_waiver", Kind.PROSE, _("Why there is no evidence")),
        Column("sent_at", Kind.MOMENT, _("Sent"), _("When the agency sent it.")),
        Column("counts_since", Kind.MOMENT, _("Counts since"), _("When it came in force.")),
        Column("content_hash", Kind.TEXT, _("Hash"), _("SHA-256 of what was sent.")),
        Column("address", Kind.ADDRESS, _("Address"), _("Where the text stands on this site.")),
    )


def text_row(ground: Ground, one: Standing, text: FullText) -> tuple[Value, ...]:
    """Return the row of a text."""
    slug = ground.basis.framework.slug
    return (
        one.action_code,
        one.agency_code,
        text.round_code,
        text.number,
        text.kind,
        text.claim,
        text.done,
        text.challenges,
        text.next_steps,
        text.unchanged,
        text.reason,
        text.resume_on,
        text.discontinued_because,
        text.superseded_by,
        text.evidence_waiver,
        text.sent_at,
        one.in_force_at,
        text.content_hash,
        f"/f/{slug}/actions/{one.action_code}/{one.agency_code}/",
    )


def evidence(ground: Ground, pieces: Mapping[int, Sequence[Piece]]) -> Section:
    """Return the evidence of every text in force that the scope may see."""
    removed = _("Whether the bytes of the file had been removed by the moment.")
    public = _("Whether it is public with the update, or for reviewers only.")
    head = (
        columns.action(),
        columns.agency(),
        Column("kind", Kind.CHOICE, _("Kind"), "", words(Evidence.Kind)),
        Column("title", Kind.TEXT, _("Title"), _("In the words of the agency.")),
        Column("link", Kind.TEXT, _("Link"), _("Address of the evidence, where it is a link.")),
        Column("file_name", Kind.TEXT, _("File"), _("Name of the file.")),
        columns.number("size", _("Size"), _("Bytes of the file.")),
        Column("sha256", Kind.TEXT, _("Hash"), _("SHA-256 of the file.")),
        columns.yes_or_no("public", _("Public"), public),
        columns.yes_or_no("removed", _("Removed"), removed),
    )
    rows = tuple(
        (
            one.action_code,
            one.agency_code,
            piece.kind,
            piece.title,
            piece.url,
            piece.file_name,
            piece.size,
            piece.sha256,
            columns.said(piece.public),
            columns.said(piece.erased),
        )
        for one in ground.standings
        for piece in pieces.get(one.submission_id or 0, ())
    )
    return Section(
        key="evidence",
        title=_("Evidence"),
        table=Table(head, rows),
        nothing=_("No evidence went with the texts in force."),
    )


def agencies(ground: Ground) -> Section:
    """Return every agency with its numbers, which overlap where agencies share an action."""
    counted = _("Contributors are shown, and not counted among the agencies.")
    head = (
        columns.agency(),
        Column("acronym", Kind.TEXT, _("Acronym"), _("The acronym that it had at the moment.")),
        columns.agency_name(),
        Column("category", Kind.CHOICE, _("Category"), "", words(Agency.Category)),
        columns.yes_or_no("counted", _("Counted"), counted),
        columns.number("leading", _("Leads"), _("Actions that it leads or co-leads.")),
        columns.number("supporting", _("Supports"), _("Actions that it supports.")),
        *columns.by_status(),
    )
    held: dict[str, list[Standing]] = {}
    for one in ground.standings:
        held.setdefault(one.agency_code, []).append(one)
    rows = []
    for agency in ground.agencies:
        own = held.get(agency.code, [])
        leading = sum(one.decides for one in own)
        rows.append(
            (
                agency.code,
                agency.acronym,
                agency.name,
                agency.category,
                columns.said(agency.counted),
                leading,
                sum(one.is_active for one in own) - leading,
                *columns.counts(tally_active(own)),
            )
        )
    return Section(
        key="agencies",
        title=_("Agencies"),
        sentences=(overlap(),),
        table=Table(head, tuple(rows)),
    )
