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
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, ValidationError

from hldtracker.addresses import Mail, parse_database, parse_mail, parse_redis, split

SECRET_KEY_LENGTH = 50
TOKEN_LENGTH = 20
LONGEST_LINE = 200
ON, OFF = ("1", "true", "yes", "on", "y", "t"), ("0", "false", "no", "off", "n", "f")
# a name, a name with all below it, an address, or every host
HOST = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]|\*")


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
