"""One call over the network: to the very address that was checked, within narrow limits."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from recommendations.notify.webhooks import places

PATIENCE = 5.0
"""Seconds for the connection, and for each wait after it."""
LONGEST = 10.0
"""Seconds for a whole call, however little the other side sends at a time."""
KEPT = 2048
"""Bytes of an answer that are read; the rest is left."""
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What came of a call: the HTTP status, None where there was no answer; the beginning of the
    answer or why there is none; how long it took in milliseconds; the wait that was asked for.
    """

    status: int | None
    text: str
    took_ms: int = 0
    wait: timedelta | None = None

    @property
    def accepted(self) -> bool:
        """Say whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Say whether the other side wants no more calls at this address."""
        return self.status == http.HTTPStatus.GONE


class Line(http.client.HTTPSConnection):
    """A connection to one address that speaks for a host name: its certificate must be of it.

    No proxy, no redirect, no second look at the name.
    """

    def __init__(
        self, host: str, port: int, *, place: str, context: ssl.SSLContext, patience: float
    ) -> None:
        super().__init__(host, port, timeout=patience, context=context)
        self.place, self.tls = place, context
        self.plain: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the place and shake hands in the name of the host."""
        raw = socket.create_connection((self.place, self.port), timeout=self.timeout)
        self.plain = raw.dup()
        self.sock = self.tls.wrap_socket(raw, server_hostname=self.host)

    def hang_up(self) -> None:
        """End what goes on in another thread, whatever it waits for."""
        if self.plain is not None:
            try:
                self.plain.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was quicker

    def end(self) -> None:
        """Close what was opened. `close` alone is called before the answer is read."""
        self.close()
        if self.plain is not None:
            self.plain.close()


@dataclass(frozen=True)
class Courier:
    """Who carries calls. Tests name another resolver, other networks and other certificates;
    no setting and no environment can.
    """

    resolver: places.Resolver = places.resolve
    allowed: Callable[[str], bool] = places.is_public
    context: ssl.SSLContext | None = None
    patience: float = PATIENCE
    longest: float = LONGEST

    def post(self, address: str, headers: Mapping[str, str], body: str) -> Answer:
        """Call an address once; whatever goes wrong is an answer."""
        begun = time.monotonic()
        try:
            status, text, wait = self.exchange(address, headers, body.encode())
        except places.NoPlace as problem:
            return Answer(None, str(problem), took(begun))
        except ssl.SSLCertVerificationError as error:
            return Answer(None, f"The certificate is not good: {error.verify_message}", took(begun))
        except (OSError, http.client.HTTPException, ValueError) as error:
            words = "No answer in time." if isinstance(error, TimeoutError) else "No answer:"
            name = "" if isinstance(error, TimeoutError) else f" {type(error).__name__}"
            return Answer(None, words + name, took(begun))
        return Answer(status, text, took(begun), wait)

    def exchange(
        self, address: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str, timedelta | None]:
        """Send a call and return status, beginning of the answer, and the wait asked for."""
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
        place = places.place_of(host, resolver=self.resolver, allowed=self.allowed)
        context = self.context or ssl.create_default_context()
        line = Line(host, port, place=place, context=context, patience=self.patience)
        end = threading.Timer(self.longest, line.hang_up)
        end.daemon = True
        end.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("POST", target, body=body, headers=dict(headers))
            with line.getresponse() as response:
                text = shown(response.read(KEPT + 1))
                return response.status, text, wait_in(response.headers.get("Retry-After"))
        finally:
            end.cancel()
            line.end()


def took(begun: float) -> int:
    """Return the milliseconds since a moment."""
    return round((time.monotonic() - begun) * 1000)


def shown(answer: bytes) -> str:
    """Return the beginning of an answer as text that every database keeps."""
    text = answer[:KEPT].decode(errors="replace").replace("\x00", "")
    return text + " …" if len(answer) > KEPT else text


def wait_in(value: str | None, *, now: Callable[[], datetime] | None = None) -> timedelta | None:
    """Return how long the other side wants to be left alone: seconds or a date, at most a day."""
    if not value:
        return None
    value = value.strip()
    if value.isdecimal() and value.isascii():
        wait = timedelta(seconds=int(value[:9]))
    else:
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        wait = until - (now() if now else datetime.now(UTC))
    return min(max(wait, timedelta()), LONGEST_WAIT)
