"""What `doctor` finds, and the check that Django itself makes of the triggers."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings as site
from django.core import checks
from django.core.management import CommandError, call_command

from agencies.models import Event
from recommendations.domain.deciders import agencies_without_decider
from recommendations.models import Delivery, MailServer, Message, Untold
from recommendations.notify import positions
from recommendations.reporting.outputs import fonts
from tests import make
from tests.conftest import drop_triggers
from tests.recommendations.background.asking import asked
from tests.recommendations.notify.telling import told

pytestmark = pytest.mark.django_db


LANGUAGES = (
    "printed  in English, français, العربية, 中文; "
    "Chinese in a PDF and in Word: no font draws it (fonts-noto-cjk does)"
)


@pytest.fixture(autouse=True)
def no_chinese_font(monkeypatch):
    """Let every machine be one without a Chinese font."""
    monkeypatch.setattr(fonts, "PLACES", ())
    fonts.chinese_folder.cache_clear()
    yield
    fonts.chinese_folder.cache_clear()


def examined():
    """Return the lines that doctor prints, and what it ends with."""
    output = StringIO()
    try:
        call_command("doctor", stdout=output)
    except CommandError as error:
        return output.getvalue().splitlines(), str(error)
    return output.getvalue().splitlines(), ""


def forge():
    """Write an event that nobody could have made by the rules."""
    Event.objects.create(
        object_type="agency", object_id=1, number=1, verb="revised", at=make.NOW, hash="0" * 64
    )


def test_a_site_in_order(cast):
    make.proposed(cast)
    positions.number_events(at=make.NOW, everything=True)

    assert examined() == (
        [
            "ok       tables",
            "ok       triggers",
            "ok       database",
            "ok       events",
            "ok       worker",
            "ok       mail",
            "ok       settings",
            "ok       frameworks",
            "ok       reports",
            "ok       fonts",
            LANGUAGES,
        ],
        "",
    )


def test_what_the_release_lacks_to_print_a_report(cast, monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", (*fonts.FAMILIES, "Noto Sans Runic"))
    lines, ended = examined()

    words = "no PDF can be made: missing Noto Sans Runic. Install the release anew"
    assert (lines[-2], ended) == (f"PROBLEM  fonts: {words}", "1 problem found.")


def test_where_a_chinese_font_is_found(cast, monkeypatch, tmp_path):
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    monkeypatch.setattr(fonts, "PLACES", (str(tmp_path),))
    fonts.chinese_folder.cache_clear()

    assert examined()[0][-1].endswith(f"; Chinese in a PDF and in Word: from {tmp_path}")


@pytest.mark.parametrize("command", ["doctor", "prepare"])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgres://nobody@127.0.0.1:1/hldtracker", "Connection refused"),
        ("sqlite:////dev/null/db.sqlite3", "unable to open database file"),
    ],
    ids=["postgresql", "sqlite"],
)
def test_a_database_that_does_not_answer_is_a_problem_in_words(command, url, reason):
    ended = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=site.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "k" * 50,
            "DATABASE_URL": url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = ended.stdout + ended.stderr

    assert ended.returncode == 1
    assert "PROBLEM  database: it does not answer: " in said
    assert reason in said
    assert "Traceback" not in said


def test_missing_triggers_are_a_problem_for_doctor_and_for_the_check_of_the_database(db):
    drop_triggers()

    lines, ended = examined()

    assert (lines[1].split(" Run: ")[1], ended) == (
        "manage.py migrate --skip-checks",
        "1 problem found.",
    )
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [(message.id, message.level) for message in found] == [("agencies.E001", checks.ERROR)]


def test_with_all_triggers_the_check_of_the_database_finds_nothing(db):
    assert checks.run_checks(tags=[checks.Tags.database], databases=["default"]) == []


def test_an_event_that_does_not_follow_the_rules_is_a_problem(db):
    forge()

    lines, ended = examined()

    assert lines[3] == (
        "PROBLEM  events: agency 1, 1: revised: its content does not match its hash"
    )
    assert ended == "1 problem found."


def test_events_that_wait_too_long_ask_for_the_worker(cast):
    lines, ended = examined()

    assert lines[4] == (
        "warning  worker: events wait since 2026-05-04 09:30 UTC. Does the worker run?"
    )
    assert ended == ""


def test_demo_people_on_a_site_that_is_no_demo_are_named(db):
    make.person("Demo person", is_demo=True)

    assert examined()[0][6] == (
        "warning  settings: there are demo people; without HLDTRACKER_DEMO=1 they cannot sign in"
    )


def test_real_people_in_a_demo_are_named(db, settings):
    settings.HLDTRACKER_DEMO = True
    make.person("Somebody")

    assert examined()[0][6] == (
        "warning  settings: HLDTRACKER_DEMO is on, and there are real people beside the demo"
    )


def test_an_agency_whose_updates_nobody_may_decide_on_is_named(db):
    home = make.framework()
    action = make.action(make.area(home))
    ilo = make.agency("ILO")
    both = make.person("Coordinator of the ILO", of=ilo, office="coordinator")
    make.do("assign", action, by=both, agency=ilo, role="lead")
    iom = make.agency("IOM")
    make.do("assign", action, by=both, agency=iom, role="supporting")

    assert agencies_without_decider(home, at=make.NOW) == [ilo]
    assert examined()[0][7] == (
        "warning  frameworks: hld-2013: nobody may decide on updates of ILO. "
        "Appoint a coordinator who does not belong there"
    )


def test_a_second_coordinator_decides_where_the_first_may_not(cast):
    make.proposed(cast)

    assert agencies_without_decider(cast.framework, at=make.NOW) == []


def test_deciders_are_found_in_three_queries(cast, django_assert_num_queries):
    make.proposed(cast)

    with django_assert_num_queries(3):
        agencies_without_decider(cast.framework, at=make.NOW)


def test_a_sound_history_is_said_to_be_sound(cast, capsys):
    make.proposed(cast)

    call_command("verify_history")

    assert capsys.readouterr().out == "22 events of 22 objects: every chain is sound.\n"


def test_a_broken_history_names_each_broken_link(cast, capsys):
    forge_after(cast)

    with pytest.raises(CommandError, match=r"^2 broken links in 22 events of 21 objects\.$"):
        call_command("verify_history")

    name = f"agency {cast.ilo.pk}, 2: revised"
    assert capsys.readouterr().out == (
        f"{name}: does not follow from the event before it\n"
        f"{name}: its content does not match its hash\n"
    )


def forge_after(cast):
    """Write a second event of an agency that does not know the first."""
    Event.objects.create(
        object_type="agency",
        object_id=cast.ilo.pk,
        number=2,
        verb="revised",
        at=make.NOW,
        hash="0" * 64,
    )


def test_mail_that_was_given_up_is_a_warning(cast):
    mail_of(cast.stranger, state="dead", answer="550 No such person")

    lines, ending = examined()

    assert (
        "warning  mail: 1 mail was given up. Look at Mails in the admin: send again there" in lines
    )
    assert ending == ""


def test_mail_that_is_late_is_a_problem(cast):
    mail_of(cast.stranger)

    lines, ending = examined()

    assert (
        "PROBLEM  mail: the oldest of 1 should have left at 2026-05-04 09:30 UTC. "
        "Does the worker run? Without one: manage.py deliver"
    ) in lines
    assert ending == "1 problem found."


def test_a_mail_server_that_does_not_answer_is_a_problem(cast):
    mail_of(cast.stranger)
    MailServer.objects.create(paused_since=make.NOW, because="Connection refused")

    lines, _ending = examined()

    assert (
        "PROBLEM  mail: the mail server has not answered since 2026-05-04 09:30 UTC: "
        "Connection refused"
    ) in lines


def test_what_could_not_be_written_or_told_is_a_problem(cast):
    for number in (1, 2):
        told(cast.stranger, None, kind="summary", key=f"summary:{number}")
    Delivery.objects.filter(channel="mail").update(state="failed", because="KeyError")
    event = Event.objects.order_by("id")[0]
    Untold.objects.create(event=event, failed_at=make.NOW, because="KeyError")

    lines, ending = examined()

    assert "PROBLEM  mail: 2 notices could not be written. See Deliveries in the admin" in lines
    assert "PROBLEM  mail: 1 event could not be told. Tell it again in the admin" in lines
    assert ending == "2 problems found."


def mail_of(user, **more):
    Message.objects.create(
        user=user, kind="at_once", message_id="<x>", made_at=make.NOW, due_at=make.NOW, **more
    )


def test_reports_that_nobody_makes(cast):
    asked(cast.coordinator, cast.framework, at=make.NOW)
    lines, _ended = examined()
    words = "1 wait since 2026-05-04 09:30 UTC. Does the worker run?"

    assert f"warning  reports: {words} Without one: manage.py run_jobs" in lines
