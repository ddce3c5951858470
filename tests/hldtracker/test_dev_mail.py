"""The mails of a demo: read in the browser there, and nowhere else."""

import re

import pytest
from django.utils import timezone

from agencies.models import User
from recommendations.notify import accounts, passes
from tests import make

LIST = "/dev/mail/"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def demo(settings, tmp_path):
    """Be a demo without a mail server."""
    settings.HLDTRACKER_DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def mail(*people):
    """Let a mail to each person leave, in one pass."""
    for person in people:
        accounts.tell_of_change(
            None, user=person, what="password", before="", by=person, at=timezone.now()
        )
    passes.deliver(clock=timezone.now)


def links_in(page):
    return re.findall(r'href="(/dev/mail/[^"]+)"', page.content.decode())


def test_the_newest_mail_stands_first_and_shows_its_text_and_the_source_of_its_html(client, demo):
    first, second = make.person("First"), make.person("Second")
    mail(first, second)
    page = client.get(LIST)
    letter = client.get(links_in(page)[0]).content.decode()

    assert re.findall(r"(First|Second) &lt;", page.content.decode()) == ["Second", "First"]
    assert "<dd>Second &lt;second@example.org&gt;</dd>" in letter
    assert "<h1>Your password was changed</h1>" in letter
    assert '<a href="http://testserver/account/password/reset/"' in letter
    assert "&lt;!doctype html&gt;" in letter


def test_later_passes_stand_above_earlier_ones(client, demo):
    mail(make.person("First"))
    (file,) = demo.iterdir()
    file.rename(demo / "20260504-093000-1.log")
    mail(make.person("Second"))

    shown = client.get(LIST).content.decode()
    assert re.findall(r"(First|Second) &lt;", shown) == ["Second", "First"]


def test_what_a_person_typed_is_no_markup_and_ends_no_mail(client, demo):
    person = make.person("First")
    User.objects.filter(pk=person.pk).update(name="<b>x</b>")
    mail(person)
    (file,) = demo.iterdir()
    file.write_bytes(file.read_bytes().replace(b"You get this", b"-" * 79 + b"\nYou get this", 1))
    page = client.get(LIST)

    assert len(links_in(page)) == 1
    assert "<b>" not in page.content.decode() + client.get(links_in(page)[0]).content.decode()


def test_without_mails_the_page_says_so(client, demo):
    assert "No mail yet." in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "address",
    ["20260504-093000-1.log/1/", "..%2f..%2fsettings.py/1/", "notes.log/1/", "x/1/"],
)
def test_no_other_file_is_read(client, demo, address):
    (demo / "notes.log").write_bytes(b"Content-Type: text/plain\n\nsecret\n")

    assert client.get(f"{LIST}{address}").status_code == 404


def test_a_mail_that_a_file_does_not_hold_is_not_found(client, demo):
    mail(make.person("First"))
    (link,) = links_in(client.get(LIST))

    assert client.get(link).status_code == 200
    assert client.get(link.replace("/1/", "/2/")).status_code == 404


@pytest.mark.parametrize(
    ("is_demo", "host", "status"),
    [(True, "", 200), (True, "mail.example.org", 404), (False, "", 404)],
)
def test_only_a_demo_without_a_mail_server_shows_them(
    client, demo, settings, is_demo, host, status
):
    mail(make.person("First"))
    (link,) = links_in(client.get(LIST))
    settings.HLDTRACKER_DEMO, settings.EMAIL_HOST = is_demo, host

    assert [client.get(url).status_code for url in (LIST, link)] == [status, status]
    page = client.get("/account/sign-in/").content.decode()
    assert (f'<a href="{LIST}">Mails</a>' in page) is (status == 200)


def test_nothing_is_written_there(client, demo):
    assert client.post(LIST).status_code == 405
