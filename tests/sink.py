"""A mail server in a process of its own, which writes down what it takes before it says so.

`python -m tests.sink FOLDER` writes its port into FOLDER/port and a line into FOLDER/mails for each
mail: when it came, its Message-ID, its recipient. `refuse=ADDRESS` is answered with 550;
`silent=ADDRESS:SECONDS` gets its answer that much later.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
FINAL_DOT = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """One client and what it says; as little work as can be, so that the sender is measured."""

    def __init__(self, mails: TextIO, refused: set[str], silent: dict[str, float]) -> None:
        self.mails, self.refused, self.silent = mails, refused, silent
        self.heard = bytearray()
        self.in_mail = False
        self.to = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, heard: bytes) -> None:
        """Answer every line and every mail that is complete."""
        self.heard += heard
        while True:
            end = FINAL_DOT if self.in_mail else b"\r\n"
            said, found, rest = bytes(self.heard).partition(end)
            if not found:
                return
            self.heard = bytearray(rest)
            if self.in_mail:
                self.take(said)
            else:
                self.answer(said.decode())

    def answer(self, line: str) -> None:
        """Answer a command."""
        word = line[:4].upper()
        if word == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
            refused = self.to in self.refused
            self.transport.write(b"550 nobody here\r\n" if refused else b"250 ok\r\n")
        elif word == "DATA":
            self.in_mail = True
            self.transport.write(b"354 go on\r\n")
        elif word == "QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")

    def take(self, mail: bytes) -> None:
        """Write a mail down, and answer after that."""
        self.in_mail = False
        if self.to in self.silent:
            asyncio.get_running_loop().call_later(self.silent[self.to], self.accept, mail)
        else:
            self.accept(mail)

    def accept(self, mail: bytes) -> None:
        """Accept a mail; a client that has hung up hears nothing of it, and it counts as taken."""
        named = MESSAGE_ID.search(mail)
        name = named[1].decode() if named else "-"
        self.mails.write(f"{time.time():.6f} {name} {self.to}\n")
        if not self.transport.is_closing():
            self.transport.write(b"250 taken\r\n")


@dataclass(frozen=True)
class Sink:
    """What the mail server that runs elsewhere has taken."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Return its address as EMAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[tuple[float, str, str]]:
        """Return when each mail came, its Message-ID and its recipient."""
        lines = (self.folder / "mails").read_text().splitlines(keepends=True)
        whole = [line.split() for line in lines if line.endswith("\n")]
        return [(float(at), name, to) for at, name, to in whole]

    def copies(self) -> Counter[str]:
        """Return how many copies of each mail came, by Message-ID."""
        return Counter(name for _at, name, _to in self.taken())

    def count(self) -> int:
        """Return how many mails came."""
        return (self.folder / "mails").read_bytes().count(b"\n")


@contextmanager
def sink(folder: Path, *how: str) -> Iterator[Sink]:
    """Run a mail server in a process of its own."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen([sys.executable, "-m", "tests.sink", str(folder), *how])
    try:
        port = folder / "port"
        until = time.monotonic() + 20
        while not (port.exists() and port.read_text().endswith("\n")):
            assert process.poll() is None, "the mail server ended"
            assert time.monotonic() < until, "the mail server is silent"
            time.sleep(0.02)
        yield Sink(folder, int(port.read_text()))
    finally:
        process.kill()
        process.wait()


async def serve(folder: Path, how: list[str]) -> None:
    """Take mails for ever."""
    refused = {value for word, _, value in (one.partition("=") for one in how) if word == "refuse"}
    silent = {
        address: float(seconds)
        for word, _, value in (one.partition("=") for one in how)
        if word == "silent"
        for address, _, seconds in [value.partition(":")]
    }
    with (folder / "mails").open("a", buffering=1) as mails:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Conversation(mails, refused, silent), "127.0.0.1", 0, backlog=512
        )
        (folder / "port").write_text(f"{server.sockets[0].getsockname()[1]}\n")
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2:]))
