"""Backup and restore against real clusters: rows, uploads, checksums, keys, refusals."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import backup
from launcher.database import Database
from launcher.errors import LauncherError
from launcher.keys import ensure_keys, keyring_file, new_keyring
from launcher.postgres import Cluster, ensure_roles, temporary_cluster

SCHEMA = """
CREATE TABLE person (id int PRIMARY KEY, name text);
CREATE TABLE "Odd|name" (person_id int REFERENCES person);
INSERT INTO person SELECT n, 'name ' || n FROM generate_series(1, 50) n;
INSERT INTO "Odd|name" VALUES (1), (2);
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON person USING (false);
"""


def database(cluster: Cluster, name: str) -> Database:
    ensure_roles(cluster, name)
    return Database(
        name, *(cluster.dsn(role, name) for role in ("linli_app", "linli_owner", "linli_backup")), cluster, cluster.data_dir / "stamps"
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with temporary_cluster() as started:
        source = database(started, "source")
        started.psql(SCHEMA, source.name, role="linli_owner")
        yield started


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "files" / "2026").mkdir(parents=True)
    (tmp_path / "files" / "2026" / "scan.pdf").write_bytes(b"%PDF" + bytes(100_000))
    (tmp_path / "empty").mkdir()
    ensure_keys(tmp_path)
    return tmp_path


def kept(home: Path) -> dict[str, Path]:
    return {"files": home / "files", "audit": home / "audit"}


@pytest.fixture
def made(cluster: Cluster, home: Path) -> Path:
    backup.back_up(database(cluster, "source"), kept(home), keyring_file(home), home / "city.tar")
    return home / "city.tar"


def test_restored_city_has_the_same_rows_policies_and_uploads(cluster: Cluster, home: Path, made: Path) -> None:
    target = database(cluster, "target")
    manifest = backup.restore(target, {"files": home / "empty"}, keyring_file(home), made)
    assert manifest["rows"] == {"person": 50, "Odd|name": 2}
    assert backup.compare_rows(target, manifest) == 52
    assert (home / "empty" / "2026" / "scan.pdf").read_bytes() == (home / "files" / "2026" / "scan.pdf").read_bytes()
    assert cluster.psql("SELECT count(*) FROM person", "target", role="linli_owner") == "0"  # the policy came along
    assert cluster.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'person'", "target") == "linli_owner"


def test_backup_is_private_and_holds_key_names_but_no_key(home: Path, made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600
    assert backup.verify(made)["keys"] == ["k1"]
    with tarfile.open(made) as archive:
        assert archive.getnames() == ["manifest.json", "database.dump", "files/2026/scan.pdf"]
    key = keyring_file(home).read_text().split('"k1": "')[1].split('"')[0]
    assert key.encode() not in made.read_bytes()


def test_database_with_tables_is_not_overwritten(cluster: Cluster, home: Path, made: Path) -> None:
    with pytest.raises(LauncherError, match=r"not empty\.\n    -> ./linli restore .* --replace"):
        backup.restore(database(cluster, "source"), {"files": home / "empty"}, keyring_file(home), made)


def test_damage_is_found_before_anything_is_written(cluster: Cluster, home: Path, made: Path) -> None:
    content = bytearray(made.read_bytes())
    content[content.index(b"%PDF") + 1000] ^= 1
    made.write_bytes(content)
    with pytest.raises(LauncherError, match=r"damaged: files/2026/scan\.pdf"):
        backup.restore(database(cluster, "untouched"), {"files": home / "empty"}, keyring_file(home), made)
    assert not any((home / "empty").iterdir())


def test_missing_key_is_said_before_the_restore(cluster: Cluster, home: Path, made: Path) -> None:
    other = new_keyring()
    other["keys"]["k9"] = other["keys"].pop("k1")
    file = home / "other.json"
    file.write_text(json.dumps(other))
    with pytest.raises(LauncherError, match="lacks k1"):
        backup.restore(database(cluster, "untouched"), {"files": home / "empty"}, file, made)


def test_something_else_is_not_taken_for_a_backup(home: Path) -> None:
    (home / "x.tar").write_bytes(b"no tar")
    with pytest.raises(LauncherError, match="cannot be read as a backup"):
        backup.verify(home / "x.tar")
