"""A small built front end of its own, so that these tests need no Node."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared as msgids; the site's own language is Chinese."""
    with translation.override("en"):
        yield


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    """A manifest with one entry `desk` over one shared chunk, and a sprite; returns its path."""
    chunks = {
        "_shared-1.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"]},
        "sprite.svg": {"file": "assets/sprite-1.svg"},
        "src/desk.ts": {"file": "assets/desk-1.js", "isEntry": True, "imports": ["_shared-1.js"], "css": ["assets/desk-1.css"]},
        "src/portal.ts": {"file": "assets/portal-1.js", "isEntry": True},
    }
    path = tmp_path / ".vite" / "manifest.json"
    path.parent.mkdir()
    path.write_text(json.dumps(chunks), encoding="utf-8")
    settings.FRONTEND_MANIFEST = path
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return path
