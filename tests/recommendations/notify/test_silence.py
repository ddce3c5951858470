"""One mail that cannot be written and one over which the server falls silent hold up no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from recommendations.models import Delivery, Message
from recommendations.notify import passes
from tests import crowd, make
from tests.figures import DRILL, figure
from tests.sink import Sink, sink

MAILS = figure(small=250, full=500)
SILENT = 40.0
"""Seconds, longer than the time-out of a mail."""
pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]


def seconds_until_the_last(mails: Sink, since: float) -> float:
    """Return how long after a moment the last mail came."""
    return max(at for at, _name, _to in mails.taken()) - since


def test_a_poison_and_a_silence_among_many(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DELIVERY_WAIT_SECONDS, settings.EMAIL_TIMEOUT = 0, 5
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    cast = make.cast()
    poisoned, plain = crowd.agencies(2, with_people=MAILS)
    crowd.forget_all()
    took = {}
    with (
        sink(tmp_path / "plain") as quick,
        sink(tmp_path / "silent", f"silent=x0-3@example.org:{SILENT}") as silent,
    ):
        for agency, mails in ((plain, quick), (poisoned, silent)):
            settings.EMAIL_PORT = mails.port
            crowd.propose(cast, agency)
            passes.positions.number_events(at=timezone.now())
            passes.fan_out.fan_out(at=timezone.now())
            if agency is poisoned:
                # a reminder without its date cannot even be asked about
                waiting = Delivery.objects.filter(channel="mail", user__email="x0-7@example.org")
                waiting.update(kind="due")
            began = timezone.now().timestamp()
            passes.deliver(clock=timezone.now)
            took[agency.code] = seconds_until_the_last(mails, began)
    others = {f"x0-{number}@example.org" for number in range(MAILS) if number not in (3, 7)}
    ratio = took["X0"] / took["X1"]
    with capsys.disabled():
        print(
            f"\n{MAILS} mails: {took['X1']:.1f} s, with poison and silence {ratio:.2f} ×", end=" "
        )
    assert quick.count() == MAILS
    assert {to for _at, _name, to in silent.taken()} == others
    # Times of a suite that shares its processors say nothing; the drill runs alone.
    assert not DRILL or ratio <= 2
    unheard = Message.objects.get(user__email="x0-3@example.org")
    assert (unheard.state, unheard.tries) == ("waiting", 1)
    assert Delivery.objects.get(channel="mail", user__email="x0-7@example.org").state == "failed"
