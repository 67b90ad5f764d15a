"""Which earlier version an upgrade is rehearsed from, and its code."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

LANDED = re.compile(r"^## .*\blanded as ([0-9a-f]{7,40})\b", re.MULTILINE)
"""A heading of CHANGELOG.md: `## 2026-11-23, landed as 78795e3`; the newest stands first."""
NEEDED = ("src", "packs", "locale", "ops")


class NoHistoryError(LauncherError):
    """The earlier version is not in this checkout's history, or there is none."""


@dataclass(frozen=True)
class Version:
    """`name` as people say it, and the commit it stands for."""

    name: str
    commit: str


def previous_version(checkout: Path, named: str = "") -> Version:
    """The one that is named; else the newest tag before HEAD; else the last landing of CHANGELOG.md. Raises NoHistoryError."""
    if not (checkout / ".git").exists():
        message = "This folder is no git checkout: there is no earlier version to upgrade from."
        raise NoHistoryError(message, "Rehearse the upgrade in a clone with its whole history.")
    name = named or _newest_tag(checkout) or _last_landing(checkout)
    if not name:
        message = "There is no tag v*, and CHANGELOG.md has no heading `## ..., landed as COMMIT`."
        raise NoHistoryError(message, "Name an earlier commit: python ops/rehearse/upgrade.py --from COMMIT")
    commit = _git(checkout, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if not commit:
        shallow = _git(checkout, "rev-parse", "--is-shallow-repository") == "true"
        why = "this clone is shallow" if shallow else "it is in no branch or tag of this clone"
        raise NoHistoryError(f"The earlier version {name} is not in the history here: {why}.", "git fetch --unshallow --tags")
    return Version(name, commit)


def unpack(checkout: Path, version: Version, folder: Path) -> None:
    """The code of that version; the repository is only read."""
    done = subprocess.run(["git", "archive", version.commit, *NEEDED], cwd=checkout, capture_output=True, check=False)
    if done.returncode:
        raise NoHistoryError(f"The code of {version.name} cannot be read: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _newest_tag(checkout: Path) -> str:
    """The newest release HEAD comes after; a tag on HEAD itself is what is being released."""
    here = set(_git(checkout, "tag", "--points-at", "HEAD").split())
    merged = _git(checkout, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split()
    return next((tag for tag in merged if tag not in here), "")


def _last_landing(checkout: Path) -> str:
    found = LANDED.search((checkout / "CHANGELOG.md").read_text(encoding="utf-8"))
    return found[1] if found else ""


def _git(checkout: Path, *words: str) -> str:
    """What git answers; "" when it refuses (an unknown commit, a checkout of somebody else's)."""
    try:
        done = subprocess.run(["git", *words], cwd=checkout, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NoHistoryError("git is missing, so there is no history to upgrade from.", "apt-get install -y git") from error
    return done.stdout.strip() if done.returncode == 0 else ""
