"""One PostgreSQL. The application connects as linli_app, which owns nothing; migrations run as linli_owner (LINLI_OWNER_DATABASE_URL)."""

import os
import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

OWNER_COMMANDS = {"migrate", "grants"}


def parse_url(url: str) -> dict[str, Any]:
    """A postgresql:// address as Django's settings; `?host=` names a socket folder."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "linli.config.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "linli",
            "server_side_binding": True,
            "prepare_threshold": 3,
            **query,
        },
    }


_owner = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS
_url = (os.environ.get("LINLI_OWNER_DATABASE_URL") if _owner else None) or os.environ.get(
    "DATABASE_URL", "postgresql://linli_app@127.0.0.1/linli"
)
DATABASES = {"default": parse_url(_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
