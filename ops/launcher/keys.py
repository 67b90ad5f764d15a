"""Keys of one installation: made once, readable by their owner only, never in the database or the checkout."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from launcher.errors import LauncherError


def ensure_keys(folder: Path) -> None:
    """Write `keyring.json` and `secret_key` where they are missing; existing ones are never touched."""
    _write_once(keyring_file(folder), json.dumps(new_keyring(), indent=1) + "\n")
    _write_once(secret_file(folder), secrets.token_urlsafe(64) + "\n")


def keyring_file(folder: Path) -> Path:
    return folder / "keyring.json"


def secret_file(folder: Path) -> Path:
    return folder / "secret_key"


def new_keyring() -> dict[str, Any]:
    """One 256-bit data key and one key for blind indexes, in the format `linli.lib.crypto.KeyRing` reads."""
    return {"current": "k1", "keys": {"k1": _key()}, "index": _key()}


def key_ids(file: Path) -> list[str]:
    """Names (never the keys) for a backup's list, so that a restore can tell which keys it needs."""
    if not file.is_file():
        raise LauncherError(f"The key file {file} is missing.", "Set LINLI_KEYS_FILE or run ./linli demo once.")
    return sorted(json.loads(file.read_text(encoding="utf-8"))["keys"])


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_once(path: Path, text: str) -> None:
    if path.exists():
        return
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    half.rename(path)
