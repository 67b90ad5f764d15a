"""A front end that is built as far as the pages of the map ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def frontend(tmp_path: Path, settings: Any) -> None:
    names = ("desk", "portal", "islands/map", "islands/outline")
    chunks: dict[str, Any] = {f"src/{name}.ts": {"file": f"assets/{name}.js", "isEntry": True} for name in names}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**chunks, "sprite.svg": {"file": "assets/sprite.svg"}}), encoding="utf-8")
    settings.FRONTEND_MANIFEST = path
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
