"""What the operator sets: read from the process, then from `.env`, and refused when wrong.

A wrong value ends the process with exit code 2 and one line per variable,
`NAME: what is wrong with it`, and no traceback.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from environs import Env, EnvValidationError, ValidationError

SECRET_KEY_LENGTH = 50
TOKEN_LENGTH = 20
LONGEST_LINE = 200
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
# PostgreSQL plans a statement that a connection repeats once, and not each time: our joins take
# seven times as long to plan as to run. `?prepare=0` for a pooler that shares out connections.
PREPARED_FROM = 5
ON, OFF = ("1", "true", "yes", "on", "y", "t"), ("0", "false", "no", "off", "n", "f")
# a name, a name with all below it, an address, or every host
HOST = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]|\*")
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


@dataclass(frozen=True)
class Environment:
    """Every variable that an operator may set, checked and typed."""

    secret_key: str = field(repr=False)
    debug: bool
    demo: bool
    base_url: str
    allowed_hosts: list[str]
    trusted_proxies: int
    probe_token: str = field(repr=False)
    database: dict[str, Any] = field(repr=False)
    redis_url: str = field(repr=False)
    mail: Mail = field(repr=False)
    delivery_wait_seconds: int
    delivery_lease_seconds: int
    webhook_ports: list[int]
    publisher: str
    data_licence: str


def read(root: Path) -> Environment:
    """Read the environment; paths in it are relative to `root`. Exits 2 when a value is wrong."""
    env = Env(eager=False)
    env.read_env(env_file(root), recurse=False)
    try:
        return parse(env, root)
    except EnvValidationError as error:
        problems: Any = error.error_messages
        for name in sorted(problems):
            for problem in problems[name]:
                print(f"{name}: {problem}", file=sys.stderr)
        raise SystemExit(2) from None


def env_file(root: Path) -> Path:
    """Return the file of variables: `.env` in the root, unless ENV_FILE names another."""
    return Path(os.environ.get("ENV_FILE", root / ".env"))


def remember(path: Path, name: str, value: str) -> None:
    """Write a variable into the file of variables, readable by its owner only."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as lines:
        lines.write(f"{name}={value}\n")


def parse(env: Env, root: Path) -> Environment:
    """Check every variable; raises EnvValidationError with all the problems at once."""
    env.add_parser("switch", parse_switch)
    env.add_parser("number", at_least(0))
    env.add_parser("number_from_1", at_least(1))
    env.add_parser("secret", parse_secret)
    env.add_parser("token", parse_token)
    env.add_parser("base", parse_base_url)
    env.add_parser("hosts", parse_hosts)
    env.add_parser("database", lambda url: parse_database(url, root))
    env.add_parser("redis", parse_redis)
    env.add_parser("mail", parse_mail)
    env.add_parser("ports", parse_ports)
    env.add_parser("line", parse_line)
    base_url: str = env.base("BASE_URL", "http://127.0.0.1:8000")
    values = {
        "secret_key": env.secret("SECRET_KEY", ""),
        "debug": env.switch("DEBUG", "0"),
        "demo": env.switch("HLDTRACKER_DEMO", "0"),
        "base_url": base_url,
        "allowed_hosts": env.hosts("ALLOWED_HOSTS", ""),
        "trusted_proxies": env.number("TRUSTED_PROXY_COUNT", "0"),
        "probe_token": env.token("PROBE_TOKEN", ""),
        "database": env.database("DATABASE_URL", "sqlite:///var/db.sqlite3"),
        "redis_url": env.redis("REDIS_URL", ""),
        "mail": env.mail("EMAIL_URL", ""),
        "delivery_wait_seconds": env.number("DELIVERY_WAIT_SECONDS", "300"),
        "delivery_lease_seconds": env.number_from_1("DELIVERY_LEASE_SECONDS", "120"),
        "webhook_ports": env.ports("WEBHOOK_PORTS", "443"),
        "publisher": env.line("PUBLISHER", ""),
        "data_licence": env.line("DATA_LICENCE", ""),
    }
    env.seal()
    values["allowed_hosts"] = values["allowed_hosts"] or [
        str(urlsplit(base_url).hostname),
        "localhost",
        "127.0.0.1",
        "[::1]",
    ]
    return Environment(**values)


def at_least(least: int) -> Callable[[str], int]:
    """Return how a whole number is read that is not below `least`."""

    def read_number(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            problem = f"is “{value}”; it must be a whole number, {least} or more"
            raise ValidationError(problem) from None
        if number < least:
            raise ValidationError(f"is {number}; it must be {least} or more")
        return number

    return read_number


def parse_switch(value: str) -> bool:
    """Read what is on or off."""
    if value.lower() not in (*ON, *OFF):
        raise ValidationError(f"is “{value}”; it must be 1 or 0")
    return value.lower() in ON


def parse_secret(value: str) -> str:
    """Check the key that signs sessions and links."""
    if not value:
        raise ValidationError("is not set; `make up` writes one into .env")
    if len(value) < SECRET_KEY_LENGTH:
        raise ValidationError(
            f"has {len(value)} characters; it must have {SECRET_KEY_LENGTH} or more"
        )
    return value


def parse_line(value: str) -> str:
    """Check words that files and pages print as they are."""
    if not (value.isprintable() and len(value) <= LONGEST_LINE):
        raise ValidationError(f"must be one line of up to {LONGEST_LINE} characters")
    return value.strip()


def parse_token(value: str) -> str:
    """Check the word with which a monitor asks how the site is; empty means: from here only."""
    if value and len(value) < TOKEN_LENGTH:
        raise ValidationError(f"has {len(value)} characters; it must have {TOKEN_LENGTH} or more")
    return value


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


def parse_base_url(url: str) -> str:
    """Check the address under which users reach the site; no path, no final slash."""
    parts = split(url, ("http", "https"), "https://tracker.example.org")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError("must be a scheme and a host only, as in https://tracker.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def parse_hosts(names: str) -> list[str]:
    """Return the host names that are answered; empty means that of the site's own address."""
    hosts = [host for host in map(str.strip, names.split(",")) if host]
    for host in hosts:
        if not HOST.fullmatch(host):
            raise ValidationError(
                f"has “{host}”, which is no host name; it must look like "
                "tracker.example.org,www.tracker.example.org"
            )
    return hosts


def parse_ports(value: str) -> list[int]:
    """Return the ports at which other systems may be called."""
    ports = []
    for port in map(str.strip, (value or "443").split(",")):
        if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
            raise ValidationError(f"has “{port}”, which is no port; it must look like 443,8443")
        ports.append(int(port))
    return ports


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
    prepares = options.pop("prepare", "1")
    if prepares not in ("0", "1"):
        raise ValidationError(f"has prepare={prepares}; it must be 1 or 0")
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
            "prepare_threshold": PREPARED_FROM if prepares == "1" else None,
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
