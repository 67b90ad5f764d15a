"""Which hosts a connector may ask: those the operator has named, and what is connected to is the number that was checked (server-side request forgery)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.lib.hosts import number_of_host

LOCAL = ("127.0.0.1", "::1", "localhost")


def number_of(host: str, port: int, *, allowed: Collection[str], local: bool = False) -> str:
    """The checked number of a host. ``allowed`` are names or name:port; ``local`` lets this machine through (tests).

    Errors: HOST_NOT_ALLOWED, HOST_UNKNOWN, both beside the field `host`. Link-local and multicast numbers are never allowed, this machine only ``local``.
    """
    name = host.strip().lower()
    here = local and name in LOCAL
    if not here and name not in allowed and f"{name}:{port}" not in allowed:
        raise _forbidden(name)
    number = number_of_host(name, port)
    if number is None:
        raise Invalid("HOST_UNKNOWN", gettext_noop("This host is not known."), field="host")
    if number.is_link_local or number.is_multicast or number.is_unspecified or (number.is_loopback and not here):
        raise _forbidden(name)
    return str(number)


def _forbidden(name: str) -> Invalid:
    return Invalid(
        "HOST_NOT_ALLOWED",
        gettext_noop("The operator has not allowed connections to the host %(host)s."),
        field="host",
        hint=gettext_noop("The operator can name it (LINLI_CONNECTOR_HOSTS)."),
        data={"host": name[:100]},
    )
