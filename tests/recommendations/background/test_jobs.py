"""Jobs: asked for once, held by one worker, tried twice, kept for thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from agencies.access import roles_of
from recommendations.background import files
from recommendations.background.limits import LEASE, SECONDS, STARTING
from recommendations.domain import jobs
from recommendations.models import Job
from tests import make
from tests.at_once import at_once
from tests.make import NOW, later
from tests.recommendations.background.asking import asked


def test_the_same_request_by_the_same_person_is_the_same_job(cast):
    first = asked(cast.coordinator, cast.framework)

    assert asked(cast.coordinator, cast.framework, at=later(days=1)) == first
    assert asked(cast.administrator, cast.framework) != first
    assert asked(cast.coordinator, cast.framework, format="csv") != first
    assert asked(cast.coordinator, cast.framework, as_of=later(hours=2)) != first


@pytest.mark.parametrize("ends", ["failed", "expired"])
def test_what_failed_or_is_no_longer_kept_is_made_anew(cast, ends):
    first = asked(cast.coordinator, cast.framework)
    ended = {"finished_at": NOW, "expires_at": NOW, "outcome": "It broke down."}
    Job.objects.filter(pk=first.pk).update(state=ends, **ended)

    assert asked(cast.coordinator, cast.framework) != first


def test_a_person_has_five_jobs_under_way_at_most(cast):
    for hours in range(1, 6):
        asked(cast.coordinator, cast.framework, as_of=later(hours=hours))
    with pytest.raises(jobs.TooMany, match=r"^5 of your reports are being made\."):
        asked(cast.coordinator, cast.framework, as_of=later(hours=6))
    Job.objects.filter(owner=cast.coordinator)[0].delete()

    assert asked(cast.coordinator, cast.framework, as_of=later(hours=6)).state == "waiting"


def test_jobs_are_taken_in_the_order_in_which_they_were_asked_for_one_at_a_time(cast):
    second = asked(cast.coordinator, cast.framework, at=later(minutes=1))
    first = asked(cast.administrator, cast.framework, at=NOW)
    taken = jobs.claim(at=later(minutes=2), lease=LEASE)
    assert taken == first
    assert (taken.state, taken.tries) == ("running", 1)
    assert jobs.claim(at=later(minutes=2), lease=LEASE) is None
    jobs.give_up(taken.pk, taken.lease, "No.", at=later(minutes=3))

    assert jobs.claim(at=later(minutes=3), lease=LEASE) == second


@pytest.mark.usefixtures("committed")
def test_of_workers_at_one_moment_one_gets_the_job():
    cast = make.cast()
    asked(cast.coordinator, cast.framework)
    taken = at_once([lambda: jobs.claim(at=later(hours=1), lease=LEASE)] * 4)

    assert [job.tries for job in taken if job] == [1]


@pytest.mark.usefixtures("committed")
def test_a_request_that_is_sent_twice_at_one_moment_is_one_job():
    cast = make.cast()
    found = at_once([lambda: asked(cast.coordinator, cast.framework).pk] * 4)

    assert found == [Job.objects.get().pk] * 4


def test_a_job_whose_worker_died_is_taken_once_more_when_its_lease_is_over(cast):
    asked(cast.coordinator, cast.framework)
    first = jobs.claim(at=NOW, lease=LEASE)
    assert jobs.claim(at=NOW + LEASE, lease=LEASE) is None
    after = NOW + LEASE + timedelta(seconds=1)
    second = jobs.claim(at=after, lease=LEASE)
    assert (second, second.tries) == (first, 2)

    assert jobs.finish(first.pk, first.lease, at=after, stored_as="jobs/a") is False
    assert list(jobs.broken_down(at=after + LEASE)) == []
    assert list(jobs.broken_down(at=after + LEASE + timedelta(seconds=1))) == [first]
    assert jobs.claim(at=after + LEASE + timedelta(seconds=1), lease=LEASE) is None


def test_no_program_lives_as_long_as_the_lease_that_holds_it():
    assert timedelta(seconds=SECONDS + STARTING) < LEASE


def test_a_worker_that_lost_its_lease_moves_nothing(cast):
    job = asked(cast.coordinator, cast.framework)
    jobs.claim(at=NOW, lease=LEASE)
    jobs.move(job.pk, "another", 50)
    job.refresh_from_db()

    assert job.progress == 0


def test_files_go_after_thirty_days_and_their_jobs_stay(cast, settings: Settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = tmp_path / "made"
    made.write_bytes(b"figures")
    asked(cast.coordinator, cast.framework)
    job = jobs.claim(at=NOW, lease=LEASE)
    jobs.finish(job.pk, job.lease, at=NOW, **files.keep(made))
    job.refresh_from_db()
    assert (tmp_path / job.stored_as).read_bytes() == b"figures"
    assert files.expire(at=later(days=29, hours=23)) == 0
    assert files.expire(at=later(days=30)) == 1
    job.refresh_from_db()

    assert (job.state, job.stored_as, job.size) == ("expired", "", None)
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == []


def test_a_person_sees_their_own_jobs_and_no_other(cast):
    own, other = (asked(person, cast.framework) for person in (cast.coordinator, cast.observer))
    people = [cast.coordinator, cast.administrator, cast.stranger]
    found = [[*jobs.visible_jobs(roles_of(person, at=NOW))] for person in people]

    assert found == [[own], [], []]
    for person in people:
        roles = roles_of(person, at=NOW)
        seen = {*jobs.visible_jobs(roles)}
        assert {job for job in (own, other) if jobs.sees_job(roles, job)} == seen


def test_reports_of_the_inside_are_for_who_oversees_and_for_the_agency_itself(cast):
    home, ilo = cast.framework.pk, cast.ilo.pk
    people = ("coordinator", "administrator", "ilo_focal_point", "iom_focal_point", "observer")
    may = {
        name: [
            jobs.may_have(roles_of(getattr(cast, name), at=NOW), home, about)
            for about in (None, ilo)
        ]
        for name in people
    }

    assert may == {
        "coordinator": [True, True],
        "administrator": [True, True],
        "ilo_focal_point": [False, True],
        "iom_focal_point": [False, False],
        "observer": [False, False],
    }
