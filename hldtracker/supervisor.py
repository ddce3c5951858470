"""Runs several programs as one: restarts what dies, forwards signals, gives up with a reason."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
# A closed terminal means the end; to the programs, the same signal means to read files again.
ENDING: dict[int, int] = {signal.SIGHUP: signal.SIGTERM}
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    files: Sequence[int] = ()  # open files that it inherits, as a socket that listens


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds, and how often it tries."""

    quick_exit: float = 2.0
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 30.0
    stop: float = 25.0
    tick: float = 0.05


@dataclass
class Child:
    """A program and its present process, if it has one."""

    program: Program
    process: subprocess.Popen[str] | None = None
    pump: threading.Thread | None = None
    started: float = 0.0
    start_at: float = 0.0
    quick_exits: int = 0
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=20))


def die_with_parent() -> None:
    """Ask the kernel to end this process when the supervisor is killed (Linux)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def write(line: str) -> None:
    """Print one line; a reader that went away is no reason to stop the site."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


class Supervisor:
    """Keeps programs running until a signal arrives or one of them cannot be started."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        patience: Patience | None = None,
        environment: Mapping[str, str] | None = None,
        output: Callable[[str], None] = write,
    ) -> None:
        self.children = [Child(program) for program in programs]
        self.patience = patience or Patience()
        self.environment = dict(environment if environment is not None else os.environ)
        self.output = output
        self.signals: list[int] = []
        self.width = max(len(program.name) for program in programs)

    def run(self) -> int:
        """Run until told to stop; 0 after a signal, 1 when a program had to be given up."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.note)
        try:
            while not self.signals:
                for child in self.children:
                    if not self.keep(child):
                        self.stop(signal.SIGTERM)
                        return 1
                time.sleep(self.patience.tick)
            self.stop(ENDING.get(self.signals[0], self.signals[0]))
            return 0
        finally:
            for child in self.children:
                self.end_group(child)

    def note(self, number: int, frame: FrameType | None) -> None:
        """Remember a signal; the loop acts on it."""
        self.signals.append(number)

    def keep(self, child: Child) -> bool:
        """Start a child that should run and does not; False when it is given up."""
        if child.process is None:
            if time.monotonic() >= child.start_at:
                self.start(child)
            return True
        code = child.process.poll()
        return code is None or self.after_exit(child, code)

    def start(self, child: Child) -> None:
        """Start the process of a child in a group of its own."""
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            child.program.command,
            env=self.environment,
            pass_fds=child.program.files,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,  # one call into the kernel, no lock
        )
        child.pump = threading.Thread(target=self.read, args=(child, child.process), daemon=True)
        child.pump.start()

    def read(self, child: Child, process: subprocess.Popen[str]) -> None:
        """Pass on what a child prints, with its name in front."""
        for line in process.stdout or ():
            child.last_lines.append(line.rstrip("\n"))
            self.output(f"{child.program.name:>{self.width}} | {child.last_lines[-1]}")

    def after_exit(self, child: Child, code: int) -> bool:
        """Plan the next start of a child that ended; False when it ended too often at once."""
        lived = time.monotonic() - child.started
        self.end_group(child)
        quick = lived < self.patience.quick_exit and code != -signal.SIGKILL
        child.quick_exits = child.quick_exits + 1 if quick else 0
        if child.quick_exits >= self.patience.tries:
            self.give_up(child, code)
            return False
        wait = min(
            self.patience.first_wait * 2 ** max(child.quick_exits - 1, 0),
            self.patience.longest_wait,
        )
        child.start_at = time.monotonic() + wait
        self.output(
            f"{child.program.name} {how_it_ended(code)} after {lived:.1f} s; "
            f"started again in {wait:.1f} s"
        )
        return True

    def give_up(self, child: Child, code: int) -> None:
        """Say which program cannot be started, and what it said last."""
        self.output(
            f"{child.program.name} cannot be started: it ended {self.patience.tries} times in a "
            f"row within {self.patience.quick_exit:g} s, and {how_it_ended(code)} the last time. "
            f"Its last lines:"
        )
        for line in child.last_lines:
            self.output(f"    {line}")

    def stop(self, number: int) -> None:
        """Forward a signal to every child and wait; a second signal, or no end, kills."""
        heard = len(self.signals)
        running = [child.process for child in self.children if child.process]
        for process in running:
            # Only the first process of the group: it ends its own in good order.
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
        deadline = time.monotonic() + self.patience.stop
        while any(process.poll() is None for process in running):
            if time.monotonic() > deadline or len(self.signals) > heard:
                break
            time.sleep(self.patience.tick)

    def end_group(self, child: Child) -> None:
        """Leave nothing of a child behind: a scheduler that survives its worker runs twice."""
        if child.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        if child.pump is not None:
            child.pump.join(timeout=1)
        child.process = None


def how_it_ended(code: int) -> str:
    """Say in words how a process ended."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
