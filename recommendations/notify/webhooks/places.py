"""Where a host name leads, and whether a call may go there: into public networks only."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable

PATIENCE = 5.0
"""Seconds that a name server has."""
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
LEADING_ELSEWHERE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # protocols, Teredo among them, which carries any IPv4 address
        "2002::/16",  # 6to4, the same
        "3fff::/20",  # documentation
    )
)
Resolver = Callable[[str], list[str]]


class NoPlace(Exception):
    """The name leads nowhere, or where no call may go. Says which."""


def is_public(address: str) -> bool:
    """Say whether an address is one machine in the public network, as it is written.

    `is_global` alone takes groups, and IPv4 addresses wrapped in IPv6 ones, for public.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    elsewhere = any(ip in net for net in LEADING_ELSEWHERE if net.version == ip.version)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not elsewhere


def resolve(host: str) -> list[str]:
    """Return the addresses of a host, each once. Raises NoPlace without an answer in time.

    The system's own time-outs add up to half a minute and cannot be set: the question waits in
    a thread that may be left behind.
    """
    found: list[str] = []
    problems: list[Exception] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))
        except (OSError, UnicodeError) as error:
            problems.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not found:
        raise NoPlace("The host name leads nowhere." if problems else "No answer about the name.")
    return list(found)


def place_of(
    host: str, *, resolver: Resolver = resolve, allowed: Callable[[str], bool] = is_public
) -> str:
    """Return the one address to connect to. Raises NoPlace if any address of the host is not
    public: a name that leads to both is up to something.
    """
    found = resolver(host)
    if not found:
        raise NoPlace("The host name leads nowhere.")
    if not all(allowed(address) for address in found):
        raise NoPlace("The host name leads into a network that is not public.")
    return found[0]
