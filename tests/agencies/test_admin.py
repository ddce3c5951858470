"""The admin: who comes in, what a save leaves behind, what it refuses, and how it says so."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection, connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies import history, revisions
from agencies.admin.base import ReadOnlyAdmin, RevisedAdmin
from agencies.models import (
    Agency,
    Appointment,
    Event,
    GroupMembership,
    Membership,
    User,
    WorkingGroup,
)
from hldtracker.admin_site import TASKS
from tests import make
from tests.administration import (
    REASON,
    act,
    add,
    address,
    change,
    choose,
    form_of,
    opened,
    typed_into,
)

INDEX = "/admin/"
DESKS = list(admin.site._registry.values())


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(cast):
    """Return a browser in which the administrator of all frameworks is signed in."""
    return signed_in(cast.administrator)


@pytest.fixture
def other(cast):
    """Return another administrator of all frameworks."""
    return make.person("Second administrator", office="administrator")


@pytest.fixture
def limited(cast):
    """Return a browser of somebody who administers one framework of two."""
    framework = make.framework("next-set", is_default=False)
    user = make.person("Administrator of the next set")
    office = Appointment(user=user, office="administrator", framework=framework, from_on=make.START)
    revisions.create(office, by=None, at=make.NOW)
    return signed_in(user)


def events_of(obj):
    return [(event.verb, event.actor, event.note) for event in history.of(obj)]


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- the door ---------------------------------------------------------------------------------


def test_a_stranger_is_led_to_the_one_sign_in_page(db, client):
    answer = client.get(INDEX, follow=True)

    assert answer.redirect_chain[-1][0].startswith("/account/sign-in/")


@pytest.mark.parametrize(
    "who", ["coordinator", "ilo_coordinator", "ilo_focal_point", "observer", "stranger"]
)
@pytest.mark.parametrize("page", [INDEX, "/admin/login/", "/admin/agencies/user/"])
def test_people_without_the_office_are_told_so(cast, who, page):
    answer = signed_in(getattr(cast, who)).get(page)

    assert answer.status_code == 403
    assert "Only administrators come in here." in words(answer)


def test_an_office_that_ended_opens_nothing_at_the_next_request(cast, desk):
    assert desk.get(INDEX).status_code == 200
    Appointment.objects.filter(user=cast.administrator).update(
        until_on=make.START + timedelta(days=1)
    )

    assert desk.get(INDEX).status_code == 403


def test_the_front_page_is_ordered_by_task_and_names_every_list_once(desk):
    answer = desk.get(INDEX)
    shown = [
        (task["name"], [model["object_name"] for model in task["models"]])
        for task in answer.context["app_list"]
    ]

    assert shown == [(str(name), list(models)) for name, models in TASKS]
    assert sorted(name for _, names in shown for name in names) == sorted(
        desk.model._meta.object_name for desk in DESKS
    )


@pytest.mark.parametrize("name", ["password_change", "autocomplete", "view_on_site"])
def test_what_goes_round_our_pages_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}", args=[1, 1] if name == "view_on_site" else [])


# --- what no page may do ----------------------------------------------------------------------


@pytest.mark.parametrize("page", DESKS, ids=str)
def test_every_page_keeps_the_rules_of_the_house(page):
    assert isinstance(page, RevisedAdmin | ReadOnlyAdmin)
    assert (tuple(page.inlines), tuple(page.list_editable)) == ((), ())


@pytest.mark.parametrize("page", DESKS, ids=str)
def test_nothing_can_be_deleted(page, rf, cast, desk):
    request = rf.get(INDEX)
    request.user = cast.administrator

    assert page.has_delete_permission(request) is False
    assert "delete_selected" not in page.get_actions(request)
    assert desk.get(f"{address(page.model, 'changelist')}1/delete/").status_code in (403, 404)


def test_deleting_by_post_changes_nothing(cast, desk):
    for row in (cast.ilo, cast.stranger):
        desk.post(address(row, "delete"), {"post": "yes", "reason": REASON})
        desk.post(
            address(row, "changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )

    assert Agency.objects.filter(pk=cast.ilo.pk).exists()
    assert User.objects.filter(pk=cast.stranger.pk).exists()


@pytest.mark.parametrize(
    "page", [page for page in DESKS if isinstance(page, ReadOnlyAdmin)], ids=str
)
def test_what_the_workflow_writes_is_only_read(page, rf, cast, desk):
    request = rf.get(INDEX)
    request.user = cast.administrator

    assert page.has_add_permission(request) is False
    assert page.has_change_permission(request) is False
    assert desk.get(address(page.model, "add")).status_code == 403


# --- a save -----------------------------------------------------------------------------------


def test_a_change_is_an_event_with_its_reason_and_no_log_entry(cast, desk):
    answer = change(desk, cast.ilo, name="International Labour Office")

    cast.ilo.refresh_from_db()
    assert (answer.status_code, cast.ilo.name) == (302, "International Labour Office")
    assert events_of(cast.ilo)[-1] == ("revised", cast.administrator, REASON)
    assert history.unfaithful(cast.ilo) == {}
    assert LogEntry.objects.count() == 0


def test_an_earlier_name_stays_for_figures_of_earlier_days(cast, desk):
    change(desk, cast.ilo, name="International Labour Office")

    names = [row.name for row in cast.ilo.names.order_by("id")]
    assert names == ["Full name of ILO", "International Labour Office"]


def test_a_new_row_needs_a_reason_and_is_an_event(desk, cast):
    typed = {"code": "IMF", "acronym": "IMF", "name": "Fund", "category": "other_agency"}

    refused = add(desk, Agency, **typed, reason=" ")
    assert (refused.status_code, Agency.objects.filter(code="IMF").count()) == (200, 0)

    add(desk, Agency, **typed)
    made = Agency.objects.get(code="IMF")
    assert events_of(made) == [("created", cast.administrator, REASON)]
    assert LogEntry.objects.count() == 0


def test_a_change_without_a_reason_is_refused_and_keeps_what_was_typed(cast, desk):
    answer = change(desk, cast.ilo, name="Another name", reason="")

    cast.ilo.refresh_from_db()
    assert cast.ilo.name == "Full name of ILO"
    assert form_of(answer)["name"] == ["Another name"]
    assert "Say why." in words(answer)


def test_a_form_without_a_version_is_refused(cast, desk):
    form = typed_into(opened(desk, cast.ilo), name="Another name")
    del form["version"]
    desk.post(address(cast.ilo), form)

    cast.ilo.refresh_from_db()
    assert cast.ilo.name == "Full name of ILO"


def test_saving_what_is_saved_already_says_so_and_makes_no_event(cast, desk):
    answer = change(desk, cast.ilo)

    assert "Nothing is different from what is saved." in words(answer)
    assert len(events_of(cast.ilo)) == 1


def test_newlines_of_another_system_are_no_change(cast, desk):
    group = WorkingGroup(code="gmg", name="Group", kind="task_force", note="One\nTwo")
    revisions.create(group, by=None, at=make.NOW)
    answer = change(desk, group, note="One\r\nTwo")

    assert "Nothing is different from what is saved." in words(answer)


def test_fields_that_stand_in_addresses_are_stated_once(cast, desk):
    change(desk, cast.ilo, code="OTHER", name="Another name")

    cast.ilo.refresh_from_db()
    assert (cast.ilo.code, cast.ilo.name) == ("ILO", "Another name")


def test_a_code_that_is_taken_is_refused_in_words(cast, desk):
    answer = add(desk, Agency, code="ilo", acronym="x", name="x", category="gmg")

    assert "This code is taken. Choose another one." in words(answer)


def test_a_code_that_another_agency_had_is_never_given_again(cast, desk):
    cast.ilo.old_codes.create(code="BIT")
    answer = add(desk, Agency, code="bit", acronym="x", name="x", category="gmg")

    assert "An agency had this code, and its addresses. Choose another." in words(answer)


# --- two people at once -----------------------------------------------------------------------


def test_a_stale_form_is_refused_and_shows_both_versions(cast, desk, other):
    stale = opened(desk, cast.ilo)
    change(signed_in(other), cast.ilo, name="Their name", reason="Their reason")
    answer = desk.post(address(cast.ilo), typed_into(stale, name="My name"))

    cast.ilo.refresh_from_db()
    assert (answer.status_code, cast.ilo.name) == (409, "Their name")
    said = words(answer)
    assert "Changed by Second administrator" in said
    assert "Full name Their name My name" in said
    assert "Their reason" in said
    assert form_of(answer)["name"] == ["My name"]


def test_a_stale_form_can_be_applied_on_top_and_undoes_nothing_else(cast, desk, other):
    stale = opened(desk, cast.ilo)
    change(signed_in(other), cast.ilo, name="Their name", aliases="Theirs")
    answer = desk.post(address(cast.ilo), typed_into(stale, acronym="I.L.O."))
    again = desk.post(address(cast.ilo), typed_into(form_of(answer)))

    cast.ilo.refresh_from_db()
    assert (answer.status_code, again.status_code) == (409, 302)
    assert (cast.ilo.acronym, cast.ilo.name, cast.ilo.aliases) == (
        "I.L.O.",
        "Their name",
        "Theirs",
    )


def test_a_form_that_hides_what_it_opened_with_is_stale_all_the_same(cast, desk, other):
    stale = {
        name: value
        for name, value in opened(desk, cast.ilo).items()
        if not name.startswith("initial-")
    }
    change(signed_in(other), cast.ilo, name="Their name")
    answer = desk.post(address(cast.ilo), typed_into(stale, acronym="I.L.O."))

    assert answer.status_code == 409
    assert form_of(answer)["name"] == ["Full name of ILO"]


@pytest.mark.postgresql
def test_a_save_in_the_same_instant_is_found_by_the_claim(committed):
    """On SQLite the transaction holds the database, so that nobody can come between."""
    if connection.vendor == "sqlite":
        pytest.skip("needs PostgreSQL")
    cast = make.cast()
    browser = signed_in(cast.administrator)
    form = typed_into(opened(browser, cast.ilo), name="My name")
    crossed = []

    def theirs():
        mine = Agency.objects.get(pk=cast.ilo.pk)
        facts = {"by": None, "at": make.NOW, "note": "Theirs", "version": mine.version}
        revisions.revise(mine, values={"name": "Their name"}, **facts)
        connections.close_all()

    def cross(execute, sql, params, many, context):
        if sql.startswith('UPDATE "agencies_agency"') and not crossed:
            crossed.append(sql)
            thread = Thread(target=theirs)
            thread.start()
            thread.join()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cross):
        answer = browser.post(address(cast.ilo), form)

    cast.ilo.refresh_from_db()
    assert (answer.status_code, cast.ilo.name, len(crossed)) == (409, "Their name", 1)
    assert "Full name Their name My name" in words(answer)


# --- people and offices -----------------------------------------------------------------------


def test_a_person_who_is_entered_can_be_found_by_sign_in_and_has_no_password(cast, desk):
    add(desk, User, name="New focal point", email="New.Focal@Example.org")

    made = User.objects.get(email="new.focal@example.org")
    rows = EmailAddress.objects.filter(user=made).values_list("email", "verified", "primary")
    assert list(rows) == [("new.focal@example.org", True, True)]
    assert made.has_usable_password() is False
    assert events_of(made) == [("created", cast.administrator, REASON)]


def test_sign_in_follows_a_change_of_address(cast, desk):
    change(desk, cast.stranger, email="Elsewhere@example.org")

    assert [*EmailAddress.objects.filter(user=cast.stranger).values_list("email", flat=True)] == [
        "elsewhere@example.org"
    ]


def test_an_address_is_used_once_in_whatever_case(cast, desk):
    answer = add(desk, User, name="Somebody", email=cast.stranger.email.upper())

    assert answer.status_code == 200
    assert "address" in words(answer)
    assert User.objects.filter(name="Somebody").count() == 0


def test_no_form_knows_a_password_and_posting_one_changes_nothing(cast, desk):
    before = cast.stranger.password
    form = typed_into(opened(desk, cast.stranger), name="Renamed", password="x", is_active=None)
    desk.post(address(cast.stranger), form)

    cast.stranger.refresh_from_db()
    assert "password" not in opened(desk, cast.stranger)
    assert (cast.stranger.name, cast.stranger.password, cast.stranger.is_active) == (
        "Renamed",
        before,
        True,
    )


def test_people_are_deactivated_and_activated_with_a_reason(cast, desk):
    theirs = signed_in(cast.coordinator)
    assert theirs.get("/queue/").status_code == 200

    act(desk, "deactivate", cast.coordinator)
    assert theirs.get("/queue/").status_code == 302
    act(desk, "activate", cast.coordinator)

    assert [(verb, note) for verb, _, note in events_of(cast.coordinator)] == [
        ("created", ""),
        ("deactivated", REASON),
        ("activated", REASON),
    ]


def test_nobody_enters_or_changes_a_membership_of_their_own(cast, desk):
    make.member(cast.administrator, cast.iom)
    own = Membership.objects.get(user=cast.administrator)

    entered = add(
        desk,
        Membership,
        user=cast.administrator.pk,
        agency=cast.ilo.pk,
        capacity="alternate",
        from_on="2026-05-01",
    )
    changed = desk.post(
        address(own), {"until_on": "2026-01-01", "version": own.version, "reason": REASON}
    )

    assert (entered.status_code, changed.status_code) == (200, 403)
    assert [row.until_on for row in Membership.objects.filter(user=cast.administrator)] == [None]


def test_many_people_at_once_each_on_their_own(cast, desk):
    act(desk, "deactivate", cast.stranger)
    answer = act(desk, "deactivate", cast.stranger, cast.observer, cast.administrator)

    refused = {outcome.name: outcome.refusal for outcome in answer.context["refused"]}
    assert answer.context["done"] == ["Observer"]
    assert refused == {
        "Stranger": "This person is deactivated already.",
        "Administrator": "Another administrator has to do this, so that one always remains.",
    }


def test_an_action_without_a_reason_asks_again_and_does_nothing(cast, desk):
    answer = act(desk, "deactivate", cast.stranger, reason="")

    cast.stranger.refresh_from_db()
    assert (answer.status_code, cast.stranger.is_active) == (400, True)
    assert "Say why." in words(answer)


def test_an_action_on_a_row_that_changed_meanwhile_is_refused(cast, desk, other):
    form = form_of(choose(desk, "deactivate", cast.stranger))
    change(signed_in(other), cast.stranger, name="Renamed")
    answer = desk.post(address(User, "changelist"), typed_into(form))

    cast.stranger.refresh_from_db()
    assert cast.stranger.is_active is True
    assert answer.context["refused"][0].refusal.startswith("Somebody else changed it")


def test_an_action_without_a_version_is_refused(cast, desk):
    form = form_of(choose(desk, "deactivate", cast.stranger))
    del form[f"version-{cast.stranger.pk}"]
    answer = desk.post(address(User, "changelist"), typed_into(form))

    assert answer.context["done"] == []


def test_nobody_changes_their_own_office(cast, desk):
    own = Appointment.objects.get(user=cast.administrator)
    page = desk.get(address(own))
    answer = desk.post(address(own), {"until_on": "2026-01-01", "version": 1, "reason": REASON})

    assert "reason" not in form_of(page)
    assert answer.status_code == 403


def test_nobody_gives_themselves_an_office(cast, desk):
    answer = add(
        desk, Appointment, user=cast.administrator.pk, office="coordinator", from_on="2026-01-01"
    )

    assert answer.status_code == 200
    assert Appointment.objects.filter(user=cast.administrator).count() == 1


def test_an_office_is_ended_not_rewritten(cast, desk, other):
    office = Appointment.objects.get(user=cast.coordinator)
    change(desk, office, until_on="2026-05-31", user=cast.stranger.pk, office="administrator")

    office.refresh_from_db()
    assert (office.user, office.office, str(office.until_on)) == (
        cast.coordinator,
        "coordinator",
        "2026-05-31",
    )


def test_one_place_is_held_once_at_a_time(cast, desk):
    answer = add(
        desk,
        Membership,
        user=cast.ilo_focal_point.pk,
        agency=cast.ilo.pk,
        capacity="focal_point",
        from_on="2026-01-01",
    )

    assert "This person holds this place already, without an end. End it first." in words(answer)


def test_a_period_ends_after_it_begins(cast, desk):
    membership = Membership.objects.get(user=cast.ilo_focal_point)
    answer = change(desk, membership, until_on="2019-01-01")

    assert "The period ends before it begins. Change one of the two dates." in words(answer)


# --- an administrator of one framework --------------------------------------------------------


def test_rows_of_another_framework_do_not_exist(cast, limited):
    office = Appointment(
        user=cast.observer, office="observer", framework=cast.framework, from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)

    assert [len(limited.get(address(Appointment, "changelist")).context["cl"].result_list)] == [1]
    assert limited.get(address(office)).status_code == 404
    assert limited.get(address(office, "history")).status_code == 404
    assert limited.post(address(office), {"reason": REASON, "version": 1}).status_code == 404


def test_an_office_for_all_frameworks_is_not_theirs_to_give(cast, limited):
    typed = {"user": cast.stranger.pk, "office": "coordinator", "from_on": "2026-01-01"}
    everywhere = add(limited, Appointment, **typed, framework="")
    elsewhere = add(limited, Appointment, **typed, framework=cast.framework.pk)

    assert (everywhere.status_code, elsewhere.status_code) == (200, 200)
    assert Appointment.objects.filter(user=cast.stranger).count() == 0


def test_an_office_of_their_framework_is_theirs_to_give(cast, limited):
    own = form_of(limited.get(address(Appointment, "add")))["framework"]
    typed = {"user": cast.stranger.pk, "office": "coordinator", "from_on": "2026-01-01"}
    choices = limited.get(address(Appointment, "add")).context["adminform"].form.fields["framework"]
    add(limited, Appointment, **typed, framework=choices.queryset.get().pk)

    assert own == [""]
    assert Appointment.objects.get(user=cast.stranger).framework.slug == "next-set"


@pytest.mark.parametrize("row", ["ilo", "stranger"])
def test_what_all_frameworks_share_is_only_read(cast, limited, row):
    shared = getattr(cast, row)
    page = limited.get(address(shared))
    answer = limited.post(address(shared), {"name": "x", "reason": REASON, "version": 1})

    assert (page.status_code, "reason" in form_of(page)) == (200, False)
    assert answer.status_code == 403
    assert limited.get(address(shared, "add")).status_code == 403


def test_people_are_not_theirs_to_deactivate(cast, limited):
    choose(limited, "deactivate", cast.stranger)
    typed = {f"version-{cast.stranger.pk}": 1, "confirmed": "yes", "reason": REASON}
    chosen = {"action": "deactivate", "_selected_action": [cast.stranger.pk]}
    limited.post(address(User, "changelist"), typed | chosen)

    cast.stranger.refresh_from_db()
    assert cast.stranger.is_active is True


def test_the_log_shows_what_happened_in_their_framework(limited):
    shown = {
        event.framework_id for event in limited.get("/admin/agencies/event/").context["cl"].queryset
    }

    assert len(shown) == 1
    assert None not in shown


# --- looking for what is not shown ------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "agencies/user/?password__startswith=!",
        "agencies/user/?memberships__agency__code=ILO",
        "agencies/appointment/?user__password__startswith=!",
        "agencies/event/?actor__password__startswith=!",
        "recommendations/submission/?body__icontains=seminars",
        "recommendations/submission/?status=in_progress",
        "recommendations/update/?draft__body__icontains=seminars",
        "recommendations/update/?duty__round__framework__appointments__user__password=x",
    ],
)
def test_a_list_cannot_be_asked_about_what_it_does_not_show(desk, asked):
    assert desk.get(f"/admin/{asked}").status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        "agencies/user/?is_active__exact=1",
        "agencies/user/?appointments__office__exact=observer",
        "agencies/event/?object_type=agency&at__gte=2026-01-01%2000:00:00%2B00:00",
        "recommendations/update/?duty__round__id__exact=1",
        "recommendations/action/?framework__id__exact=1&standing__exact=no_lead",
    ],
)
def test_the_filters_that_a_list_offers_work(desk, asked):
    assert desk.get(f"/admin/{asked}").status_code == 200


# --- history ----------------------------------------------------------------------------------


def test_the_history_of_a_row_is_its_events_in_words(cast, desk):
    change(desk, cast.ilo, name="International Labour Office")
    steps = desk.get(address(cast.ilo, "history")).context["steps"]

    assert [(step.number, step.verb, step.actor, step.note) for step in steps] == [
        (2, "Changed", "Administrator", REASON),
        (1, "Entered", "The system", ""),
    ]
    assert steps[0].fields == ["full name"]


def test_the_log_can_be_read_and_filtered(cast, desk):
    change(desk, cast.ilo, name="International Labour Office")
    answer = desk.get("/admin/agencies/event/?object_type=agency")
    newest = Event.objects.filter(object_type="agency").order_by("-at", "-id").first()

    assert {event.object_type for event in answer.context["cl"].result_list} == {"agency"}
    assert desk.get(address(newest)).status_code == 200


# --- size -------------------------------------------------------------------------------------


def grown(model, count, cast):
    """Make rows of a model until there are this many of them."""
    start = model.objects.count()
    for number in range(start, count):
        agency = make.agency(f"A{number}")
        if model is User:
            make.person(f"Person {number}")
        elif model is Membership:
            make.person(f"Person {number}", of=agency)
        elif model is Appointment:
            make.person(f"Person {number}", office="observer")
        elif model in (WorkingGroup, GroupMembership):
            group = WorkingGroup(code=f"g{number}", name=f"Group {number}", kind="task_force")
            revisions.create(group, by=None, at=make.NOW)
            if model is GroupMembership:
                place = GroupMembership(group=group, agency=agency, role="lead")
                revisions.create(place, by=None, at=make.NOW)


@pytest.mark.parametrize(
    ("model", "queries"),
    [
        (Agency, 6),
        (WorkingGroup, 6),
        (GroupMembership, 6),
        (User, 6),
        (Membership, 6),
        (Appointment, 6),
        (Event, 6),
    ],
)
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    cast, desk, model, queries, django_assert_num_queries
):
    for count in (1, 3, 30):
        grown(model, count, cast)
        with django_assert_num_queries(queries):
            desk.get(address(model, "changelist"))
