"""One pass of all that notifications do: positions, fan-out, bundling, sending, calling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from recommendations.notify import bundling, fan_out, positions, sending
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


def deliver(*, clock: Callable[[], datetime], courier: Courier | None = None) -> Pass:
    """Do all that is to be done now. It may run twice, at once, or be killed at any point.

    The calls of other systems come last: whatever they do, mail has left.
    """
    done = Pass(numbered=positions.number_events(at=clock()))
    while read := fan_out.fan_out(at=clock()):
        done.read += read
    while made := bundling.bundle(at=clock()):
        done.bundled += made
    for dealt in sending.everything(clock=clock):
        done.dealt += dealt
    while telling.tell(at=clock()):
        continue
    for called in calling.everything(clock=clock, courier=courier or Courier()):
        done.called += called
    return done
