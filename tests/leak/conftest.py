"""One committed city for the whole module, in a clone of the migrated template; each test's own writes are rolled back."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import override_settings
from django.utils import translation

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


@dataclass
class Built:
    world: Any
    canaries: Any
    reading: Any
    unfilled: list[str]


@pytest.fixture(scope="module")
def built(cluster: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The city, its planted words and a browser for each actor.

    The connection signs in as the superuser and takes the application's role, so that a test can step out of it to delete what an actor
    must not notice; row-level security obeys the role that was taken.
    """
    name = f"linli_leak_{os.getpid()}"
    cluster.psql(f"CREATE DATABASE {name} TEMPLATE linli_template OWNER linli_owner")
    connection = connections["default"]
    connection.close()
    before = dict(connection.settings_dict)
    role = {**before["OPTIONS"], "options": "-c role=linli_app"}
    for target in (connection.settings_dict, connections.settings["default"]):
        target.update(NAME=name, USER="postgres", OPTIONS=role)
    manifest = tmp_path_factory.mktemp("front") / "manifest.json"
    chunks = {
        key: {"file": f"assets/{key}.js", "isEntry": True}
        for key in (
            "src/desk.ts",
            "src/portal.ts",
            "src/print.ts",
            "src/islands/passkey.ts",
            "src/islands/map.ts",
            "src/islands/outline.ts",
            "src/islands/field.ts",
        )
    }
    manifest.write_text(json.dumps({**chunks, "sprite.svg": {"file": "assets/sprite.svg"}}), encoding="utf-8")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with (
        django_db_blocker.unblock(),
        override_settings(FRONTEND_MANIFEST=manifest, STORAGES=storages, LANGUAGE_CODE="en"),
        translation.override("en"),
    ):
        try:
            from tests.leak.canaries import Canaries
            from tests.leak.reading import reading
            from tests.leak.world import build

            world = build()
            yield Built(world, Canaries(), *reading(world))
        finally:
            connections.close_all()
            for target in (connection.settings_dict, connections.settings["default"]):
                target.update(NAME=before["NAME"], USER=before["USER"], OPTIONS=before["OPTIONS"])
    cluster.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def kept(built: Built) -> Iterator[Built]:
    """The city as it was built: what a page writes while it is read (trail, sessions, read marks) is taken back."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
