"""The number a host's name stands for: what is checked is what is connected to, so that a name that changes in between leads nowhere else.

An address somebody typed must lead out of the house, never to something inside it (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from linli.lib.errors import Invalid

Number = ipaddress.IPv4Address | ipaddress.IPv6Address
LOCAL = ("127.0.0.1", "::1")


def number_of_host(host: str, port: int) -> Number | None:
    """The first number of a host - the one that would be connected to; None when nobody knows the host. IPv4 in IPv6's dress is IPv4."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    number = ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])
    return getattr(number, "ipv4_mapped", None) or number


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: ``url`` has the checked number of the host in it; ``host`` is its name (SNI), ``header`` the Host header."""

    url: str
    host: str
    header: str


def target(url: str, *, allowed: Collection[str] = (), local: bool = False, hint: str = "") -> Target:
    """Check an address and resolve it.

    https only; ``local`` lets http://127.0.0.1 through (development). Private, link-local and other special numbers are refused unless the host's
    name is in ``allowed``; ``hint`` says how it comes there. Errors: URL_SHAPE, URL_UNKNOWN, URL_PRIVATE, all beside the field `url`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _shape() from None
    host = (parts.hostname or "").lower()
    here = local and host in LOCAL
    plain = parts.scheme == "http" and here
    if not host or parts.username or parts.password or parts.fragment or (parts.scheme != "https" and not plain):
        raise _shape()
    number = number_of_host(host, port or 443)
    if number is None:
        raise Invalid("URL_UNKNOWN", "This host is not known.", field="url")
    if not here and host not in allowed and not number.is_global:
        raise Invalid("URL_PRIVATE", "This address lies inside a private network.", field="url", hint=hint)
    shown = f"[{number}]" if number.version == 6 else str(number)
    place = f"{shown}:{port}" if port else shown
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(f"{parts.scheme}://{place}{path}", host, parts.netloc)


def _shape() -> Invalid:
    return Invalid("URL_SHAPE", "Give an address that begins with https, without a user name.", field="url")
