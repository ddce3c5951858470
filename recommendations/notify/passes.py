"""One pass of all that notifications do: positions, fan-out, bundling, sending, calling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recommendations.notify import bundling, fan_out, positions, sending
from recommendations.notify.sending import Clock
from recommendations.notify.webhooks import calling, telling
from recommendations.notify.webhooks.posting import Courier


@dataclass
class Pass:
    """What one pass did, in numbers."""

    numbered: int = 0
    read: int = 0
    bundled: int = 0
    dealt: int = 0
    called: int = 0

    def __str__(self) -> str:
        return (
            f"{self.numbered} events numbered, {self.read} read, "
            f"{self.bundled} mails made, {self.dealt} dealt with, {self.called} calls"
        )


def deliver(
    *,
    clock: Clock,
    courier: Courier | None = None,
    call_help: Callable[[], None] = lambda: None,
) -> Pass:
    """Do all that is to be done now. It may run twice, at once, or be killed at any point.

    Where more is due than one sender takes at a time, or it has sent for long enough, it calls
    for help: another pass beside this one, or after it. The calls of other systems come last:
    whatever they do, mail has left.
    """
    done = Pass(numbered=positions.number_events(at=clock()))
    while read := fan_out.fan_out(at=clock()):
        done.read += read
    send_mails(done, clock=clock, call_help=call_help)
    while telling.tell(at=clock()):
        continue
    for called in calling.everything(clock=clock, courier=courier or Courier()):
        done.called += called
    return done


def send_mails(done: Pass, *, clock: Clock, call_help: Callable[[], None]) -> None:
    """Make mails and send them by turns, so that the first leave before the last are made."""
    with sending.Sender(clock) as sender:
        while not sender.is_done():
            made = bundling.bundle(at=clock())
            done.bundled += made
            if sending.more_than_a_batch(clock()):
                call_help()
            while dealt := sender.send_batch():
                done.dealt += dealt
            if not made:
                return
    call_help()
