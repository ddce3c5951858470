"""The history of an object: field by field for insiders, what was public for everybody else."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import revisions
from recommendations.models import Assignment, Publication, Update
from recommendations.reporting.history import pages
from recommendations.reporting.outputs.guard import guarded
from tests import make
from tests.recommendations.web.pages import is_plain, links_of, text_of

GONE = "20260504T120000000000-7-3"
"""A place in the history of an action between its entries."""


def page(kind: str, pk: int) -> str:
    """Return the address of a history."""
    return f"/history/{kind}/{pk}/"


@pytest.fixture
def told(cast: make.Cast, clock: Any) -> Update:
    """Return an update that was returned, taken back once, sent again and approved."""
    update = make.owed(cast)
    fp = cast.ilo_focal_point
    make.sent(update, by=fp, body={"done": "First try."})
    make.do(
        "return",
        update,
        by=cast.coordinator,
        at=make.later(hours=1),
        note="Say how many.",
        due_on=make.later(days=40).date(),
    )
    make.sent(update, by=fp, at=make.later(hours=2), body={"done": "Taken back."})
    make.do("withdraw", update, by=fp, at=make.later(hours=3))
    make.sent(update, by=fp, at=make.later(hours=4), body={"done": "Two seminars."})
    make.approved(update, by=cast.coordinator, at=make.later(hours=5))
    clock.now = make.later(days=1)
    return update


def test_an_update_is_told_field_by_field_newest_first(
    told: Update, cast: make.Cast, signed_in: Any
) -> None:
    words = text_of(signed_in(cast.coordinator).get(page("update", told.pk)))

    assert "Position on 5 May 2026 09:30 UTC." in words
    assert (
        "Update approved 4 May 2026 14:30 UTC · Coordinator Review state Submitted to Approved"
        in words
    )
    assert (
        "Update returned 4 May 2026 10:30 UTC · Coordinator Review state Submitted to Returned"
        " Submission 1 Comment Say how many." in words
    )
    order = ["Update approved", "Update taken back", "Update returned", "Update begun"]
    assert sorted(order, key=words.index) == order
    assert "What was done Two seminars." in words


def test_what_was_taken_back_is_read_by_its_agency_alone(
    told: Update, cast: make.Cast, signed_in: Any
) -> None:
    assert "Taken back." in text_of(signed_in(cast.ilo_focal_point).get(page("update", told.pk)))
    for overseer in (cast.coordinator, cast.administrator):
        words = text_of(signed_in(overseer).get(page("update", told.pk)))
        assert "First try." in words
        assert "Taken back." not in words


def test_a_changed_wording_shows_both_texts_and_the_reason(cast: make.Cast, signed_in: Any) -> None:
    for text in ("A second text", "A third text"):
        revisions.revise(
            cast.action,
            values={"official_text": text},
            by=cast.administrator,
            at=make.NOW,
            note=f"Because of {text}.",
            version=cast.action.version,
        )
    words = text_of(signed_in(cast.coordinator).get(page("action", cast.action.pk)))

    assert (
        "Changed 4 May 2026 09:30 UTC · Administrator Because of A third text."
        " Official text Before A second text A third text" in words
    )
    assert "Official text Before Official text of A1 A second text" in words


def test_values_are_told_in_words(cast: make.Cast, signed_in: Any) -> None:
    assignment = make.accepted(cast)
    make.do(
        "set_target",
        assignment,
        by=cast.coordinator,
        target_on=make.later(days=365).date(),
        target_precision="month",
    )
    words = text_of(signed_in(cast.ilo_focal_point).get(page("assignment", assignment.pk)))

    assert "Target date 4 May 2027" in words
    assert "Precision month" in words
    assert "Accepted 4 May 2026 09:30 UTC · ILO focal point Acceptance Proposed to Accepted" in (
        words
    )
    for told in ("Action A1 Short title of A1", "Agency ILO", "Role Lead"):
        assert told in words


def test_a_text_that_no_row_holds_any_more_is_said_to_be_gone(
    cast: make.Cast, signed_in: Any
) -> None:
    for note in ("Another source", "A third source"):
        revisions.revise(
            cast.framework,
            values={"mandate": note},
            by=cast.administrator,
            at=make.NOW,
            note="Corrected.",
            version=cast.framework.version,
        )
    words = text_of(signed_in(cast.coordinator).get(page("framework", cast.framework.pk)))

    assert "Mandate Before (a text that is no longer kept) A third source" in words
    assert "Another source" not in words


def test_what_belongs_to_it_comes_when_it_is_asked_for(
    told: Update, cast: make.Cast, signed_in: Any
) -> None:
    url, client = page("action", cast.action.pk), signed_in(cast.coordinator)

    assert "Update approved" not in text_of(client.get(url))
    assert "Update approved Update 2026-H1 A1 ILO" in text_of(client.get(url, {"parts": "yes"}))


def test_a_history_is_narrowed_by_person_verb_and_days(
    told: Update, cast: make.Cast, signed_in: Any
) -> None:
    url, client = page("update", told.pk), signed_in(cast.coordinator)

    def heads(**query: str) -> list[str]:
        return [entry.words for entry in client.get(url, query).context["entries"]]

    assert heads(person=str(cast.ilo_focal_point.pk)) == [
        "Update sent",
        "Update taken back by the agency",
        "Update sent",
        "Update sent",
    ]
    assert heads(verb="returned") == ["Update returned"]
    assert len(heads(**{"from": "2026-05-04", "until": "2026-05-04"})) == 7
    assert heads(until="2026-05-03") == heads(**{"from": "2026-05-05"}) == []
    assert heads(as_of="2026-05-04T10:30") == ["Update returned", "Update sent", "Update begun"]


def test_a_period_may_end_on_the_last_day_there_is(
    told: Update, cast: make.Cast, signed_in: Any
) -> None:
    url, client = page("update", told.pk), signed_in(cast.coordinator)

    assert len(client.get(url, {"until": "9999-12-31"}).context["entries"]) == 7


@pytest.mark.parametrize(
    "query",
    [
        {"verb": "exploded"},
        {"person": "x"},
        {"from": "yesterday"},
        {"from": "2026-05-04", "until": "2026-05-03"},
        {"before": "7"},
        {"after": "99999999T999999999999-1"},
        {"as_of": "2099-01-01"},
        {"verbs": "returned"},
    ],
)
def test_a_filter_that_is_none_is_refused(
    told: Update, cast: make.Cast, signed_in: Any, query: dict[str, str]
) -> None:
    client = signed_in(cast.coordinator)

    assert client.get(page("update", told.pk), query).status_code == 400
    if set(query) <= {"verb", "person", "from", "until"}:
        assert client.get(f"{page('update', told.pk)}export.csv", query).status_code == 400


def test_pages_miss_no_entry_and_show_none_twice(
    told: Update, cast: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = signed_in(cast.coordinator), f"{page('action', cast.action.pk)}?parts=yes"
    everything = [entry.key for entry in client.get(url).context["entries"]]
    monkeypatch.setattr(pages, "PAGE", 4)
    seen, back, at = [], [], url
    while at:
        context = client.get(at).context
        seen += [entry.key for entry in context["entries"]]
        last, at = at, context["next_url"]
    while last:
        context = client.get(last).context
        back = [*[entry.key for entry in context["entries"]], *back]
        last = context["previous_url"]

    assert seen == everything == back
    assert len(everything) > 8


def test_the_public_reads_what_was_public_and_nothing_of_how_it_came(
    told: Update, cast: make.Cast, client: Client
) -> None:
    assignment = Assignment.objects.get()
    for kind, pk in (
        ("assignment", assignment.pk),
        ("action", cast.action.pk),
        ("agency", cast.ilo.pk),
    ):
        answer = client.get(page(kind, pk))
        words = text_of(answer)

        assert answer.status_code == 200
        assert is_plain(answer)
        assert "Update of round 2026-H1 published" in words
        assert "Taken on by the agency" in words
        assert "Status No report yet to In progress" in words
        for private in ("First try.", "Say how many.", "focal point", "Coordinator", "returned"):
            assert private not in words
        assert not [url for url in links_of(answer) if url.startswith("/updates/")]


def test_a_public_history_goes_on_also_below_a_place_at_which_nothing_stands_any_more(
    told: Update, cast: make.Cast, client: Client
) -> None:
    url = page("action", cast.action.pk)
    everything = [entry.key for entry in client.get(url).context["entries"]]
    older = [entry.key for entry in client.get(url, {"before": GONE}).context["entries"]]

    assert older == everything[-len(older) :]
    assert [key[:13] for key in (everything[0], older[0])] == ["20260504T1430", "20260504T0930"]


def test_nothing_of_a_text_is_told_in_public_before_it_is_published(
    told: Update, cast: make.Cast, client: Client
) -> None:
    Publication.objects.all().delete()
    for kind, pk in (("action", cast.action.pk), ("agency", cast.ilo.pk)):
        words = text_of(client.get(page(kind, pk)))

        assert "2026-H1" not in words
        assert "In progress" not in words.split("Apply filters")[1]


def test_an_assignment_that_was_never_taken_on_has_no_public_history(
    cast: make.Cast, client: Client
) -> None:
    assignment = make.proposed(cast)
    make.do("decline", assignment, by=cast.ilo_focal_point, note="No mandate.")

    assert client.get(page("assignment", assignment.pk)).status_code == 404
    for kind, pk in (("action", cast.action.pk), ("agency", cast.ilo.pk)):
        assert [entry.words for entry in client.get(page(kind, pk)).context["entries"]] == [
            "Entered"
        ]


def test_what_an_agency_left_stays_in_the_public_history(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    clock.now = make.later(days=1)
    assignment = make.accepted(cast)
    make.do("end", assignment, by=cast.coordinator, at=make.later(hours=1), note="Secret reason.")
    answer = client.get(page("action", cast.action.pk))

    assert [entry.words for entry in answer.context["entries"]] == [
        "The agency is no longer on this action",
        "Taken on by the agency",
        "Entered",
    ]
    earlier = client.get(page("action", cast.action.pk), {"as_of": "2026-05-04T09:30"})
    assert [entry.words for entry in earlier.context["entries"]] == [
        "Taken on by the agency",
        "Entered",
    ]
    assert "Secret reason." not in text_of(answer)
    own = client.get(page("assignment", assignment.pk))
    assert [entry.words for entry in own.context["entries"]] == [
        "The agency is no longer on this action",
        "Taken on by the agency",
    ]
    way = [(str(cast.action), "/f/hld-2013/actions/A1/"), ("History", "")]
    assert own.context["crumbs"] == way
    assert "Secret reason." not in text_of(own)


def test_the_page_of_a_moment_leads_to_the_history_after_the_agency_left(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    clock.now = make.later(days=1)
    assignment = make.accepted(cast)
    make.do("end", assignment, by=cast.coordinator, at=make.later(hours=1), note="Handed over.")
    asked = {"as_of": "2026-05-04T09:30"}
    answer = client.get("/f/hld-2013/actions/A1/ILO/", asked)
    address = page("assignment", assignment.pk) + "?as_of=2026-05-04T09:30"

    assert answer.content.decode().count(f'href="{address}"') == 1
    assert [entry.words for entry in client.get(address).context["entries"]] == [
        "Taken on by the agency"
    ]


def test_what_is_published_after_the_agency_left_is_not_told_in_public(
    told: Update, cast: make.Cast, client: Client
) -> None:
    submission = Publication.objects.get().submission
    Publication.objects.all().delete()
    assignment = Assignment.objects.get()
    make.do("end", assignment, by=cast.coordinator, at=make.later(hours=6), note="Handed over.")
    Publication.objects.create(submission=submission, recorded_at=make.later(hours=7))
    words = text_of(client.get(page("action", cast.action.pk)))

    assert "The agency is no longer on this action" in words
    assert "2026-H1" not in words


def test_the_public_asks_for_no_person(told: Update, cast: make.Cast, client: Client) -> None:
    for name in ("person", "parts"):
        assert client.get(page("action", cast.action.pk), {name: "1"}).status_code == 400


@pytest.mark.parametrize("kind", ["event", "nothing", "submission", "draft"])
def test_a_kind_without_a_history_is_not_found(kind: str, cast: make.Cast, signed_in: Any) -> None:
    assert signed_in(cast.administrator).get(page(kind, 1)).status_code == 404


def read(answer: Any) -> list[dict[str, str]]:
    """Return the rows of a file."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_export_holds_what_the_filters_show(
    told: Update, cast: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHUNK", 2)
    client, url = signed_in(cast.coordinator), page("update", told.pk)
    shown = client.get(url, {"verb": "returned"})
    export = next(link for link in links_of(shown) if "export.csv" in link)
    rows = read(client.get(export))

    assert export == f"{url}export.csv?verb=returned"
    assert [(row["Field"], row["Before"], row["After"]) for row in rows] == [
        ("Review state", "Submitted", "Returned"),
        ("Submission", "", "1"),
        ("Comment", "", "Say how many."),
    ]
    assert {row["When (UTC)"] for row in rows} == {"2026-05-04T10:30:00Z"}
    assert {row["Who"] for row in rows} == {"Coordinator"}
    everything = read(client.get(f"{url}export.csv"))
    assert {row["What"] for row in everything} == {
        entry.words for entry in client.get(url).context["entries"]
    }


def test_the_public_export_names_nobody(told: Update, cast: make.Cast, client: Client) -> None:
    rows = read(client.get(f"{page('action', cast.action.pk)}export.csv"))

    assert list(rows[0]) == ["When (UTC)", "About", "What", "Field", "Before", "After"]
    assert {row["What"] for row in rows} >= {"Update of round 2026-H1 published", "Entered"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_of_a_file_runs(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"


def test_a_cell_that_runs_nothing_stays_as_it_is() -> None:
    assert [guarded(cell) for cell in ("", "A1 - ILO", "'x")] == ["", "A1 - ILO", "'x"]


def test_a_formula_that_somebody_typed_does_not_run_from_the_file(
    cast: make.Cast, signed_in: Any
) -> None:
    assignment = make.accepted(cast)
    make.do("end", assignment, by=cast.coordinator, note='=HYPERLINK("https://evil.example","x")')
    rows = read(signed_in(cast.coordinator).get(f"{page('assignment', assignment.pk)}export.csv"))

    assert rows[0]["Why"] == '\'=HYPERLINK("https://evil.example","x")'


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_entries(
    count: int, cast: make.Cast, signed_in: Any
) -> None:
    more = [make.action(cast.area, f"A{number}", order=number) for number in range(2, count + 1)]
    assignments = [make.accepted(cast, action=action) for action in (cast.action, *more)]
    round = make.open_round(cast)
    for assignment in assignments:
        update = make.update_in(round, assignment)
        make.approved(make.sent(update, by=cast.ilo_focal_point), by=cast.coordinator)

    def queries(client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    inside, agency = signed_in(cast.coordinator), page("agency", cast.ilo.pk)
    assert (
        queries(inside, f"{agency}?parts=yes"),
        queries(inside, f"{page('round', round.pk)}?parts=yes"),
        queries(inside, page("update", assignments[0].duties.get().updates.get().pk)),
        queries(Client(), agency),
    ) == (14, 13, 11, 9)


def test_the_answers_of_a_questionnaire_are_told_under_their_questions(
    cast: make.Cast, signed_in: Any
) -> None:
    for number in (1, 2):
        make.question(cast.framework, number)
    update = make.answers_in(make.open_round(cast), cast.ilo)
    body = {"q1": "The first answer.", "q2": "The second answer."}
    make.sent(update, by=cast.ilo_focal_point, **(make.ANSWERS | {"body": body}))
    client, questions = signed_in(cast.coordinator), update.duty.round.questions.order_by("number")
    first, second = (str(question) for question in questions)
    words = text_of(client.get(page("update", update.pk)))

    assert f"{first} The first answer. {second} The second answer." in words
    of_agency = text_of(client.get(page("agency", cast.ilo.pk), {"parts": "yes"}))
    assert "The first answer." in of_agency
