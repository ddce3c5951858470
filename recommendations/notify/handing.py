"""Handing mails to the mail server, and what it answers about each."""

from __future__ import annotations

import logging
import smtplib
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, get_connection

FINAL = range(500, 600)
PATIENCE = 0.5
"""Seconds after which the other mails do not wait any longer for the answer to one."""
MOST_SILENT = 5
"""Mails that may wait for their answers beside the others."""
log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What became of one mail: accepted, refused for good, or to be tried again.

    `away` says that the server does not talk to us at all; `silent` that it said nothing about
    this mail and may be away.
    """

    text: str
    final: bool = False
    sent: bool = False
    silent: bool = False
    away: bool = False


class ServerAway(Exception):
    """The mail server does not answer, or refuses to talk to us at all."""


class Line:
    """One connection to the mail server, opened when it is needed.

    A server that falls silent over one mail keeps no other waiting: that mail keeps the
    connection until its answer or the time-out, and the others go over a new one.
    """

    def __init__(self) -> None:
        self.connection: Any = None
        self.hands = ThreadPoolExecutor(MOST_SILENT, thread_name_prefix="mail")

    def open(self) -> Any:
        """Return the open connection; ServerAway where there is none to be had."""
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                raise ServerAway(f"{type(error).__name__}: {error}") from error
            self.connection = connection
        return self.connection

    def hand_on(self, mail: EmailMessage) -> Future[Answer]:
        """Hand a mail on, and return the answer to come; nearly always it is there already."""
        connection = self.open()
        answer = self.hands.submit(send, connection, mail)
        wait([answer], PATIENCE)
        if not answer.done():
            self.connection = None
            answer.add_done_callback(lambda _answer: hang_up(connection))
        return answer

    def look(self, answer: Answer) -> None:
        """Draw the consequences of an answer: where there was none, is the server still there?

        If so the silence was about that mail and counts as a try; if not it is away (ServerAway).
        """
        if answer.away:
            self.hang_up()
            raise ServerAway(answer.text)
        if answer.silent:
            self.hang_up()
            self.open()

    def hang_up(self) -> None:
        """Close the connection, whatever state it is in; the next mail opens another."""
        if self.connection is not None:
            hang_up(self.connection)
        self.connection = None

    def close(self) -> None:
        """Hang up for good."""
        self.hang_up()
        self.hands.shutdown()


def hang_up(connection: Any) -> None:
    """Close a connection that may be closed already."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.info("the mail server hung up first")


def send(connection: Any, mail: EmailMessage) -> Answer:
    """Send one mail over an open connection, and return the answer about it."""
    mail.connection = connection
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return refused(code, text)
    except smtplib.SMTPSenderRefused as error:
        return Answer(f"{error.smtp_code} {text_of(error.smtp_error)}", away=True)
    except smtplib.SMTPDataError as error:
        return refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(f"No answer to this mail: {type(error).__name__}", silent=True)
    except ValueError as error:
        return Answer(f"It cannot be sent: {error}", final=True)
    return Answer("250", sent=True)


def refused(code: int, text: bytes | str) -> Answer:
    """Return what the server said about one recipient or mail: 5xx is final."""
    return Answer(f"{code} {text_of(text)}", final=code in FINAL)


def text_of(answer: bytes | str) -> str:
    """Return what a server said as text."""
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
