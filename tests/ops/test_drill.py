"""`backup drill`: a backup taken while the key turns, and the key file, are a city again; without the key they are not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from launcher import backup
from launcher.console import Console
from launcher.database import Database
from launcher.drill import drill, newest
from launcher.errors import LauncherError
from launcher.layout import find_layout
from launcher.postgres import Cluster
from linli.foundation.audit.actions import seal
from linli.foundation.messages.models import ReceivedSms
from linli.foundation.privacy.actions import keys
from linli.foundation.privacy.queries.keys import KEEPER, values_by_key
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import read_keys_again
from linli.foundation.types import system_actor
from linli.lib.crypto import KeyRing

WRITER = system_actor("test.writer")


@pytest.fixture
def keyring_file(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "keyring.json"
    file.write_text(KeyRing.generate().to_json())
    before, settings.KEYS_FILE, settings.STATE_DIR = settings.KEYS_FILE, str(file), tmp_path
    read_keys_again()
    yield file
    settings.KEYS_FILE = before
    read_keys_again()


def test_a_backup_of_a_half_turned_city_is_proved_readable(
    fresh_database: str, cluster: Cluster, keyring_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scoped(WRITER):
        for n in range(30):
            ReceivedSms.objects.create(phone=f"139{n:08d}", text=f"text {n}", message_id=uuid4())
    keys.begin_turn(KEEPER)
    while values_by_key()["notices_received"].get("k2", 0) < 20:
        assert keys.portion(size=10)
    assert set(values_by_key()["notices_received"]) == {"k1", "k2"}
    seal()
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("LINLI_SECRET_KEY_FILE", "")
    urls = [cluster.dsn(role, fresh_database) for role in ("linli_app", "linli_owner", "linli_backup")]
    made = tmp_path / "backups" / "linli-1.tar"
    made.parent.mkdir()
    source = Database(fresh_database, urls[0], urls[1], urls[2], cluster, tmp_path / "stamps")
    manifest = backup.back_up(source, {"audit": tmp_path / "audit"}, keyring_file, made)
    assert manifest["keys"] == ["k1", "k2"]

    layout, said = replace(find_layout(), state=tmp_path), StringIO()
    assert drill(layout, keyring_file, made.parent, Console(stream=said)) == 0, said.getvalue()
    report = said.getvalue()
    assert "linli-1.tar" in report and "notices_received.text: 30 of 30 opened" in report and "sound" in report

    other = json.loads(keyring_file.read_text())
    other["keys"]["k1"] = other["keys"]["k2"]  # a key of that name, but not the key
    wrong = keyring_file.with_name("wrong.json")
    wrong.write_text(json.dumps(other))
    said = StringIO()
    assert drill(layout, wrong, made, Console(stream=said)) == 1
    assert "NOT SOUND" in said.getvalue()
    del other["keys"]["k1"]
    wrong.write_text(json.dumps(other))
    with pytest.raises(LauncherError, match="lacks k1"):
        drill(layout, wrong, made, Console(stream=StringIO()))


def test_the_newest_of_a_folder_is_tried(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="There is no backup"):
        newest(tmp_path)
    for name, at in (("a.tar", 200), ("b.tar", 100)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at, at))
    assert newest(tmp_path).name == "a.tar"
