"""Each rule of access in its two forms: the predicate and the queryset say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from agencies.access import NotPermitted, Roles, roles_of
from agencies.models import Appointment, User
from recommendations.domain import access, updates
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import (
    Assignment,
    Duty,
    Evidence,
    ReviewState,
    Round,
    Submission,
    Update,
)
from tests import make
from tests.stage import ASKED, Stage

VISIBLE = {
    Round: access.visible_rounds,
    Assignment: access.visible_assignments,
    Duty: access.visible_duties,
    Update: access.visible_updates,
    Evidence: access.visible_evidence,
}


def everybody(play: Stage) -> dict[str, Roles]:
    """Return the roles of all people on stage, of a member of two agencies, and of nobody."""
    of_both = make.person("Focal point of both", of=play.cast.ilo)
    make.member(of_both, play.cast.iom)
    observer = make.person("Observer of one")
    Appointment.objects.create(
        user=observer, office="observer", framework=play.cast.framework, from_on=make.START
    )
    people: dict[str, User | AnonymousUser] = {
        **play.people,
        "of_both": of_both,
        "observer_of_one": observer,
        "nobody": AnonymousUser(),
    }
    return {name: roles_of(person, at=ASKED) for name, person in people.items()}


@pytest.mark.parametrize("model", VISIBLE, ids=lambda model: model.__name__)
def test_what_a_person_sees_is_what_their_lists_hold(play: Stage, model: type) -> None:
    objects = list(model.objects.order_by("id"))  # type: ignore[attr-defined]
    for name, roles in everybody(play).items():
        listed = set(VISIBLE[model](roles).values_list("pk", flat=True))  # type: ignore[operator]
        seen = {obj.pk for obj in objects if access.sees(roles, obj)}
        assert (name, seen) == (name, listed)
    assert len(objects) > 2


def test_who_may_decide_is_whose_queue_holds_it(play: Stage) -> None:
    updates = list(Update.objects.with_place().order_by("id"))
    for name, roles in everybody(play).items():
        queue = set(access.decidable_updates(roles, at=ASKED).values_list("pk", flat=True))
        may = {
            update.pk
            for update in updates
            if update.review_state == ReviewState.SUBMITTED
            and access.sees(roles, update)
            and access.may(roles, "approve", update, at=ASKED)
        }
        assert (name, may) == (name, queue)


def test_what_a_person_can_write_now_is_what_a_query_for_it_finds(play: Stage) -> None:
    everyone, by = everybody(play), play.cast.ilo_focal_point
    answered = play.objects["update returned"]
    make.sent(answered, by=by, at=ASKED)
    make.do("withdraw", answered, by=by, at=ASKED)

    def writes(roles: Roles, update: Update) -> bool:
        try:
            updates.check_writable(update, roles, at=ASKED)
        except (NotAllowedNow, NotPermitted):
            return False
        return True

    def compared() -> int:
        objects = list(Update.objects.with_place().order_by("id"))
        for name, roles in everyone.items():
            found = updates.writable_updates(roles).order_by("id").values_list("pk", flat=True)
            assert (name, [*found]) == (name, [one.pk for one in objects if writes(roles, one)])
        return updates.writable_updates(everyone["focal_point"]).count()

    running = compared()
    make.do("close", play.objects["round open"], by=play.cast.coordinator, at=ASKED)

    assert (running, compared()) == (15, 7)


def test_the_queue_of_each_person_holds_these(play: Stage) -> None:
    around = ("", ", closed", ", waived", ", questionnaire")
    submitted = {f"update submitted{more}": more for more in around}
    by_id = {play.objects[place].pk: place for place in submitted}
    queues = {
        name: sorted(
            by_id[pk]
            for pk in access.decidable_updates(roles, at=ASKED).values_list("pk", flat=True)
        )
        for name, roles in everybody(play).items()
    }

    everything = sorted(submitted)
    nothing: list[str] = []
    assert queues == {
        "focal_point": nothing,
        "alternate": nothing,
        "other_agency": nothing,
        "coordinator": everything,
        "of_agency": nothing,
        "wrote": nothing,
        "sent": nothing,
        "belonged": nothing,
        "administrator": nothing,
        "observer": nothing,
        "stranger": nothing,
        "elsewhere": nothing,
        "gone": nothing,
        "of_both": nothing,
        "observer_of_one": nothing,
        "nobody": nothing,
    }


def test_the_day_of_a_submission_is_the_same_in_both_forms_wherever_the_reader_is(
    play: Stage,
) -> None:
    late = datetime(2026, 5, 10, 22, tzinfo=UTC)
    reviewer = make.person("Coordinator who joins", office="coordinator")
    make.member(reviewer, play.cast.ilo, from_on=date(2026, 5, 11), until_on=date(2026, 5, 12))
    obj = play.objects["update submitted"]
    Submission.objects.filter(update=obj.pk).update(submitted_at=late)
    roles = roles_of(reviewer, at=ASKED)

    with timezone.override("Pacific/Auckland"):
        queue = access.decidable_updates(roles, at=ASKED)
        assert queue.filter(pk=obj.pk).exists()
        assert access.may(roles, "approve", Update.objects.get(pk=obj.pk), at=ASKED)


def test_evidence_is_opened_by_those_for_whom_it_is_meant(play: Stage) -> None:
    everyone = everybody(play)

    def readers(name: str) -> list[str]:
        return [who for who, roles in everyone.items() if access.sees(roles, play.evidence[name])]

    agency = ["focal_point", "alternate", "of_agency"]
    inside = [
        *("focal_point", "alternate", "coordinator", "of_agency", "wrote", "sent"),
        *("belonged", "administrator"),
    ]
    assert {
        "draft": readers("draft, public"),
        "sent": readers("submitted, public"),
        "approved, public": readers("approved, public"),
        "approved, reviewers only": readers("approved, reviewers only"),
    } == {
        "draft": [*agency, "of_both"],
        "sent": [*inside, "of_both"],
        "approved, public": list(everyone),
        "approved, reviewers only": [*inside, "of_both"],
    }


def test_only_its_agency_reads_a_draft(play: Stage) -> None:
    draft = play.objects["update draft"]
    assert isinstance(draft, Update)
    readers = [who for who, roles in everybody(play).items() if access.sees_text(roles, draft)]

    assert readers == ["focal_point", "alternate", "of_agency", "of_both"]


def test_a_coordinator_of_all_frameworks_and_one_of_this_see_the_same(play: Stage) -> None:
    of_this = make.person("Coordinator of this")
    Appointment.objects.create(
        user=of_this, office="coordinator", framework=play.cast.framework, from_on=make.START
    )
    every, one = (roles_of(person, at=ASKED) for person in (play.people["coordinator"], of_this))

    here = {"duty__round__framework": play.cast.framework}
    seen, decided = access.visible_updates(one), access.decidable_updates(one, at=ASKED)
    assert set(access.visible_updates(every).filter(**here)) == set(seen)
    assert set(access.decidable_updates(every, at=ASKED).filter(**here)) == set(decided)
    assert set(seen.filter(**here)) == set(seen)


def test_the_queue_takes_one_query(play: Stage, django_assert_num_queries: object) -> None:
    roles = roles_of(play.people["coordinator"], at=ASKED)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(access.decidable_updates(roles, at=ASKED)) == 4


def test_an_office_reaches_until_its_last_day(play: Stage) -> None:
    person = make.person("Coordinator until May")
    Appointment.objects.create(
        user=person, office="coordinator", from_on=make.START, until_on=ASKED.date()
    )
    planned = play.objects["round planned"]
    seen = {
        days: access.sees(roles_of(person, at=ASKED + timedelta(days=days)), planned)
        for days in (0, 1)
    }

    assert seen == {0: True, 1: False}


def test_evidence_of_what_was_taken_back_is_the_agency_s_again(play: Stage) -> None:
    update = play.objects["update submitted"]
    make.do("withdraw", update, by=play.cast.ilo_focal_point, at=ASKED)
    shown = play.evidence["submitted, public"]
    readers = {
        name: (access.sees(roles, shown), access.visible_evidence(roles).contains(shown))
        for name, roles in everybody(play).items()
    }

    assert {name for name, sees in readers.items() if True in sees} == {
        *("focal_point", "alternate", "of_agency", "of_both"),
    }
    assert set(readers.values()) == {(True, True), (False, False)}
