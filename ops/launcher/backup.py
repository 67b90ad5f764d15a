"""`backup` and `restore`: database, uploads and the list of key names in one tar with checksums. Keys are never inside."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from launcher.database import Database
from launcher.errors import LauncherError
from launcher.keys import key_ids
from launcher.pgbinaries import find_binaries
from launcher.postgres import server_environment
from launcher.shell import run_quietly

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
BLOCK = 1024 * 1024
BACKUP_ROLE_REMEDY = "Set it to the address of a role with BYPASSRLS that is a member of pg_read_all_data."
END = "end-of-counts"
COUNTS = f"""SELECT string_agg(format('SELECT %L, count(*) FROM %I.%I', relname, nspname, relname), ' UNION ALL ')
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p') AND nspname = 'public' \\gexec
\\echo {END}
"""
"""psql script: one line `table|rows` for every table, then END."""


def back_up(database: Database, folders: dict[str, Path], keyring: Path, target: Path) -> dict[str, Any]:
    """Write `target` (0600) and read it back; returns the manifest. Dump and row counts come from one snapshot."""
    if not database.backup_url:
        raise LauncherError("LINLI_BACKUP_DATABASE_URL is not set.", BACKUP_ROLE_REMEDY)
    half = target.with_name(target.name + ".part")
    keys = set(key_ids(keyring))  # before and after: one may come or go while the database is read
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        dump = Path(scratch) / DUMP
        with _snapshot(database.backup_url) as (snapshot, counts):
            command = [_tool("pg_dump", database), "-Fc", f"--snapshot={snapshot}", "-f", str(dump), "-d", database.backup_url]
            run_quietly(command, env=server_environment())
        members = {DUMP: dump} | _files_in(folders)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "keys": sorted(keys | set(key_ids(keyring))),
            "rows": counts,
            "sha256": {name: _digest_file(path) for name, path in members.items()},
        }
        _write_archive(half, manifest, members)
    verify(half)
    half.rename(target)
    return manifest


def _write_archive(target: Path, manifest: dict[str, Any], members: dict[str, Path]) -> None:
    text = json.dumps(manifest, indent=1, sort_keys=True).encode()
    first = tarfile.TarInfo(MANIFEST)
    first.size, first.mode = len(text), 0o600
    with (
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        tarfile.open(fileobj=file, mode="w", dereference=True) as out,  # of files that share their content each is stored whole
    ):
        out.addfile(first, io.BytesIO(text))
        for name, path in members.items():
            out.add(path, name, recursive=False)


def verify(file: Path) -> dict[str, Any]:
    """Check every member against the manifest's checksum; returns the manifest."""
    try:
        with tarfile.open(file) as archive:
            manifest = _manifest(archive, file)
            seen = {member.name: _digest(_open(archive, member)) for member in archive if member.isfile() and member.name != MANIFEST}
    except (tarfile.TarError, OSError) as error:
        raise LauncherError(f"{file} cannot be read as a backup: {error}", "Take another copy of the backup.") from error
    wrong = sorted(name for name in seen.keys() | manifest["sha256"].keys() if seen.get(name) != manifest["sha256"].get(name))
    if wrong:
        raise LauncherError(f"{file} is damaged: {', '.join(wrong[:5])} differ from their checksums.", "Take another copy of the backup.")
    return manifest


def restore(database: Database, folders: dict[str, Path], keyring: Path, source: Path) -> dict[str, Any]:
    """Load a verified backup into an empty database and empty folders (name in the backup -> place). Returns the manifest."""
    manifest = verify(source)
    lacking = sorted(set(manifest["keys"]) - set(key_ids(keyring)))
    if lacking:
        message = f"The key file {keyring} lacks {', '.join(lacking)}: encrypted fields could not be read."
        raise LauncherError(message, "Copy the key file of the old installation.")
    if not database.backup_url:
        raise LauncherError("LINLI_BACKUP_DATABASE_URL is not set.", BACKUP_ROLE_REMEDY)
    if _rows(database.require_owner()) or _files_in(folders):
        remedy = f"./linli restore {source} --replace   (throws away what is here)"
        raise LauncherError("The database or a folder of the city is not empty.", remedy)
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(source) as archive:
        for member in archive:
            if member.name == DUMP:
                _copy(_open(archive, member), Path(scratch) / DUMP)
                continue
            prefix, _, rest = member.name.partition("/")
            if member.isfile() and prefix in folders:
                _copy(_open(archive, member), _inside(folders[prefix], rest))
        command = [_tool("pg_restore", database), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        run_quietly([*command, "-d", database.owner_url, str(Path(scratch) / DUMP)], env=server_environment())
    return manifest


def compare_rows(database: Database, manifest: dict[str, Any]) -> int:
    """Number of rows restored; raises when a table differs. Counts as the backup role, which sees every row."""
    found = _rows(database.backup_url)
    wrong = [f"{name} {found.get(name)} of {rows}" for name, rows in manifest["rows"].items() if found.get(name) != rows]
    if wrong:
        raise LauncherError(f"The restored database differs: {', '.join(wrong[:5])}.", "Keep the old installation and report this.")
    return sum(manifest["rows"].values())


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[str, dict[str, int]]]:
    """An exported snapshot held open by a `psql`, and the rows of every table in it."""
    command = [find_binaries().path("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=server_environment()) as psql:
        if psql.stdin is None or psql.stdout is None:
            raise LauncherError("psql gave no pipes.")
        psql.stdin.write(f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_export_snapshot();\n{COUNTS}")
        psql.stdin.flush()
        lines = _read_until_end(psql.stdout)
        try:
            yield lines[0], _parse_counts(lines[1:])
        finally:
            psql.stdin.write("ROLLBACK;\n")


def _rows(url: str) -> dict[str, int]:
    command = [find_binaries().path("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url]
    done = subprocess.run(command, input=COUNTS, capture_output=True, text=True, check=False, env=server_environment())
    if done.returncode != 0:
        raise LauncherError(f"The rows cannot be counted: {done.stderr.strip()}", "./linli manage grants")
    return _parse_counts(done.stdout.splitlines()[:-1])


def _read_until_end(stream: IO[str]) -> list[str]:
    """Lines before END; raises when psql ends first (it writes the reason to our stderr)."""
    lines: list[str] = []
    for line in stream:
        if line.strip() == END:
            return lines
        lines.append(line.strip())
    raise LauncherError("The backup role cannot read the database.", "./linli manage grants")


def _parse_counts(lines: list[str]) -> dict[str, int]:
    return {name: int(rows) for name, _, rows in (line.rpartition("|") for line in lines)}


def _files_in(folders: dict[str, Path]) -> dict[str, Path]:
    """Name in the backup -> file, for every file of the folders."""
    return {
        f"{name}/{path.relative_to(folder)}": path
        for name, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _tool(name: str, database: Database) -> str:
    binaries = database.cluster.binaries if database.cluster is not None else find_binaries()
    return binaries.path(name)


def _manifest(archive: tarfile.TarFile, file: Path) -> dict[str, Any]:
    first = archive.next()
    if first is None or first.name != MANIFEST:
        raise LauncherError(f"{file} is not a backup made by ./linli backup.")
    manifest: dict[str, Any] = json.load(_open(archive, first))
    if manifest.get("format") != FORMAT:
        message = f"{file} has format {manifest.get('format')}; this version reads {FORMAT}."
        raise LauncherError(message, "Restore it with the version that made it, then upgrade.")
    return manifest


def _open(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    if stream is None:
        raise LauncherError(f"{member.name} in the backup is not a file.")
    return stream


def _inside(folder: Path, name: str) -> Path:
    """Where a member goes; a name that leads out of the folder is refused."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise LauncherError(f"The backup names a file outside its folder: {name}")
    return path


def _copy(source: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := source.read(BLOCK):
            file.write(block)


def _digest(stream: IO[bytes]) -> str:
    total = hashlib.sha256()
    while block := stream.read(BLOCK):
        total.update(block)
    return total.hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)
