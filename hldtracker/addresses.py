"""The addresses that the operator sets: of the database, of Redis, of the mail server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from environs import ValidationError

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON"
    ),
}
POSTGRESQL_OPTIONS = (
    "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
)
PREPARED_FROM = 5
"""PostgreSQL plans a statement once that a connection repeats so often: planning our joins takes
several times as long as running them (docs/decisions/0019-statements-written-once.md)."""
# scheme of EMAIL_URL: implicit TLS, STARTTLS, usual port
MAIL_SCHEMES = {
    "smtp": (False, False, 25),
    "smtp+tls": (False, True, 587),
    "smtps": (True, False, 465),
}


@dataclass(frozen=True)
class Mail:
    """The server that mail is handed to; without a host, mail is written to `var/mail/`."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    ssl: bool = False
    starttls: bool = False


def split(url: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """Split a URL and refuse a scheme or a port that cannot be meant."""
    expected = f"it must look like {example}"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError as error:
        raise ValidationError(f"is no address that can be read ({error}); {expected}") from error
    if parts.scheme not in schemes:
        raise ValidationError(f"starts with {parts.scheme or 'no scheme'}; {expected}")
    return parts


def parse_database(url: str, root: Path) -> dict[str, Any]:
    """Turn a database URL into Django's settings of a database."""
    example = "sqlite:///var/db.sqlite3 or postgres://user:password@host:5432/name"
    parts = split(url or "sqlite:///var/db.sqlite3", ("sqlite", "postgres", "postgresql"), example)
    name = unquote(parts.path[1:])
    if not name:
        raise ValidationError(f"names no database; it must look like {example}")
    if parts.scheme == "sqlite":
        if parts.netloc:
            raise ValidationError(f"names a host; it must look like {example}")
        path = root / name
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": dict(SQLITE_OPTIONS),
            # a file, because threads and processes of a test must meet in one database
            "TEST": {"NAME": path.with_name(f"test_{path.name}")},
        }
    options = dict(parse_qsl(parts.query))
    prepares = options.pop("prepare", "") != "0"  # a pooler that shares out connections: 0
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "hldtracker",
            "options": POSTGRESQL_OPTIONS,
            "server_side_binding": True,
            "prepare_threshold": PREPARED_FROM if prepares else None,
            **options,
        },
    }


def parse_redis(url: str) -> str:
    """Check the address of Redis; empty means that none is used."""
    example = "redis://127.0.0.1:6379/0"
    if not url:
        return url
    parts = split(url, ("redis", "rediss"), example)
    if not parts.hostname:
        raise ValidationError(f"names no host; it must look like {example}")
    database = parts.path.strip("/")
    if database and not re.fullmatch("[0-9]+", database):
        raise ValidationError(f"has no number after the last slash; it must look like {example}")
    return url


def parse_mail(url: str) -> Mail:
    """Turn `smtp://`, `smtp+tls://` or `smtps://` into the server that mail is handed to."""
    if not url:
        return Mail()
    example = "smtp+tls://user:password@mail.example.org:587"
    parts = split(url, tuple(MAIL_SCHEMES), example)
    if not parts.hostname:
        raise ValidationError(f"names no host; it must look like {example}")
    ssl, starttls, usual_port = MAIL_SCHEMES[parts.scheme]
    return Mail(
        host=parts.hostname,
        port=parts.port or usual_port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ssl=ssl,
        starttls=starttls,
    )
