"""What the programs of the product are told by environment variables (documented in docs/operations.md)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from launcher.keys import keyring_file, secret_file
from launcher.layout import Layout


@dataclass(frozen=True)
class Address:
    """Where the web and events processes listen."""

    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def events_port(self) -> int:
        return self.port + 1

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def events_url(self) -> str:
        return f"http://{self.host}:{self.events_port}"


def product_environment(layout: Layout, database_url: str, mode: str, address: Address | None = None) -> dict[str, str]:
    """Environment of web, worker, events and management commands. The owner's DSN is never in it: see `owner_environment`."""
    place = address or Address()
    found = dict(os.environ)
    found.pop("LINLI_OWNER_DATABASE_URL", None)
    found.setdefault("LINLI_KEYS_FILE", str(keyring_file(layout.keys)))
    found.setdefault("LINLI_SECRET_KEY_FILE", str(secret_file(layout.keys)))
    found.setdefault("LINLI_HOSTS", f"127.0.0.1,localhost,testserver,{place.host}")
    found.setdefault("EVENTS_URL", place.events_url)
    found.setdefault("LINLI_SITE_URL", place.url)
    return found | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "LINLI_EVENTS_PORT": str(place.events_port),
        "LINLI_MODE": mode,
        "LINLI_PORT": str(place.port),
        "LINLI_STATE": str(layout.state),
        "PATH": f"{layout.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(layout.checkout / "src"),
        "PYTHONUNBUFFERED": "1",
    }


def usual_mode() -> str:
    """Mode of the short verbs: as the operator says; with a server of the operator's own it is production, here the demo."""
    return os.environ.get("LINLI_MODE") or ("production" if "DATABASE_URL" in os.environ else "demo")


def owner_environment(environment: dict[str, str], owner_url: str) -> dict[str, str]:
    """For `migrate` and `grants`, and for `city`, which loads as the owner and does everything else as the application."""
    return environment | {"LINLI_OWNER_DATABASE_URL": owner_url}
