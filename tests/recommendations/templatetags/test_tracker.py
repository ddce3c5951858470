"""What statuses, tags, dates and bars say on a page."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines

from recommendations.models import RollUp
from recommendations.reporting.tally import Count, Shown, Tally
from recommendations.templatetags import tracker

TODAY = date(2013, 11, 23)


def shown(source: str, **context: object) -> str:
    text = engines["django"].from_string("{% load tracker %}" + source).render(context)
    return " ".join(text.split())


def test_a_status_shows_its_square_and_its_words() -> None:
    assert shown("{% status 'in_progress' %}") == (
        '<span class="status s-in_progress"><i aria-hidden="true">…</i>In progress</span>'
    )


def test_a_status_that_nobody_reported_is_no_report_yet() -> None:
    assert shown("{% status nothing %}", nothing=None) == (
        '<span class="status s-no_report"><i aria-hidden="true">–</i>No report yet</span>'
    )


def test_a_tag_shows_its_word() -> None:
    assert shown("{% tag 'returned' %}") == '<span class="tag w-returned">Returned</span>'


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2013, 11, 20), '<span class="tag w-overdue">Overdue by 3 days</span>'),
        (date(2013, 11, 22), '<span class="tag w-overdue">Overdue by 1 day</span>'),
        (TODAY, ""),
        (None, ""),
    ],
)
def test_overdue_shows_only_what_is_late(due: date | None, words: str) -> None:
    assert shown("{% overdue due today %}", due=due, today=TODAY) == words


def test_a_cell_of_the_matrix_names_its_agency_action_and_status() -> None:
    assert shown("{% cell 'on_hold' '/x/' name='A1, ILO' overdue=True %}") == (
        '<a class="cell s-on_hold" href="/x/"><span aria-hidden="true">‖</span>'
        '<b aria-hidden="true">!</b>'
        '<span class="visually-hidden">A1, ILO: On hold, overdue</span></a>'
    )


def test_a_cell_escapes_names() -> None:
    assert "<i>" not in shown("{% cell 'on_hold' '/x/' name=name %}", name="<i>")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2013, 11, 30), "30 Nov 2013 (in 7 days)"),
        (date(2013, 11, 24), "24 Nov 2013 (in 1 day)"),
        (TODAY, "23 Nov 2013 (today)"),
        (date(2013, 11, 21), "21 Nov 2013 (2 days ago)"),
        (datetime(2013, 11, 21, 9, 5, tzinfo=UTC), "21 Nov 2013 09:05 UTC (2 days ago)"),
        (None, "no date"),
    ],
)
def test_a_moment_says_how_far_it_is(value: date | None, words: str) -> None:
    assert tracker.moment(value, TODAY) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [("day", "5 Apr 2013"), ("month", "Apr 2013"), ("quarter", "Q2 2013"), ("year", "2013")],
)
def test_a_date_is_as_exact_as_it_is_known(precision: str, words: str) -> None:
    assert tracker.precise(date(2013, 4, 5), precision) == words


def test_a_time_element_can_be_read_by_programs() -> None:
    moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert tracker.iso(moment) == (
        '<time datetime="2026-11-23T10:00Z">23 Nov 2026 10:00 UTC</time>'
    )
    assert tracker.iso(None) == '<span class="muted">no date</span>'


def test_counts_are_said_in_the_fixed_order_without_zeros() -> None:
    counts = {"no_report": 2, "in_progress": 18, "on_hold": 0, "implemented": 8}
    assert tracker.sentence(counts) == "8 implemented, 18 in progress, 2 without a report"


def test_the_key_of_actions_names_all_that_an_action_or_an_assignment_can_be() -> None:
    key = shown("{% action_key %}")
    named = {str(label) for label in [*RollUp.labels, *Shown.labels]}

    assert {label for label in named if label not in key} == set()
    assert key.count("<li>") == len(named)


def test_a_tally_of_the_figures_is_said_as_well() -> None:
    tally = Tally((Count(Shown.IMPLEMENTED, 8, 0), Count(Shown.NO_REPORT, 2, 8)), 10)
    assert tracker.sentence(tally) == "8 implemented, 2 without a report"


def test_a_bar_fills_its_hundred_per_cent_and_shows_the_few() -> None:
    pieces = tracker.segments([("implemented", 1), ("in_progress", 150), ("no_report", 4)])
    widths = [float(piece["width"].rstrip("%")) for piece in pieces]
    assert round(sum(widths) + 2 * 0.8, 1) == 100
    assert [width >= 7 for width in widths] == [True, True, True]
    assert [piece["css"] for piece in pieces] == ["s-implemented", "s-in_progress", "s-no_report"]


def test_a_bar_without_counts_says_so() -> None:
    assert shown("{% stacked_bar counts id='a' %}", counts={"implemented": 0}) == (
        '<span class="muted">Nothing to count yet</span>'
    )


def test_a_bar_is_described_by_its_numbers() -> None:
    text = shown("{% stacked_bar counts id='a' title='Area A' %}", counts={"on_hold": 2})
    assert '<title id="a-title">Area A</title>' in text
    assert '<desc id="a-desc">2 on hold</desc>' in text


def test_differences_mark_whole_phrases_on_both_sides() -> None:
    old, new = "Advice to 6 States. File opened in 3 of them.", "Advice to 9 States. Five in all."
    source = "{% load differences %}{{ old|removed_from:new }}|{{ new|added_to:old }}"
    removed, added = '<span class="visually-hidden">removed: </span>', "added: </span>"
    text = shown(source, old=old, new=new)
    assert text == (
        f"Advice to <del>{removed}6 States. File opened in 3 of them.</del>|"
        f'Advice to <ins><span class="visually-hidden">{added}9 States. Five in all.</ins>'
    )


def test_differences_escape_what_people_wrote() -> None:
    text = shown("{% load differences %}{{ new|added_to:old }}", old="a", new="a <b>")
    assert text == 'a <ins><span class="visually-hidden">added: </span>&lt;b&gt;</ins>'
