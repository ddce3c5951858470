"""Demo people sign in where a demo is on, and nowhere else, whatever they know or hold."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from agencies.models import User
from hldtracker.adapters import AccountAdapter

PASSWORD = "a-long-password-for-tests"
SIGN_IN = "/account/sign-in/"


@pytest.fixture
def demo_person(db):
    """Return a demo person who knows the password."""
    person = User.objects.create_user("ilo.focal@demo.example", "ILO focal point", PASSWORD)
    User.objects.filter(pk=person.pk).update(is_demo=True)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return User.objects.get(pk=person.pk)


def sign_in(client, person):
    answer = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
    return answer.status_code, "_auth_user_id" in client.session


def test_where_the_demo_is_on_the_password_opens(client, demo_person, settings):
    settings.HLDTRACKER_DEMO = True

    assert sign_in(client, demo_person) == (302, True)


def test_elsewhere_the_right_password_is_a_wrong_one(client, demo_person):
    assert sign_in(client, demo_person) == (200, False)


def test_elsewhere_real_people_sign_in_all_the_same(client, db):
    person = User.objects.create_user("reader@example.org", "Reader", PASSWORD)

    assert sign_in(client, person) == (302, True)


def test_a_session_of_the_demo_ends_with_the_demo(client, demo_person, settings):
    settings.HLDTRACKER_DEMO = True
    sign_in(client, demo_person)
    with_demo = client.get(SIGN_IN).wsgi_request.user.is_authenticated

    settings.HLDTRACKER_DEMO = False

    assert (with_demo, client.get(SIGN_IN).wsgi_request.user.is_authenticated) == (True, False)


def test_no_other_way_in_is_open_either(demo_person):
    with pytest.raises(PermissionDenied):
        AccountAdapter().pre_login(
            RequestFactory().get(SIGN_IN),
            demo_person,
            email_verification="none",
            signal_kwargs=None,
            email=demo_person.email,
            signup=False,
            redirect_url=None,
        )
