"""The rehearsals of docs/rehearsals, small, on every change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rehearse.history import NoHistoryError, previous_version

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--people", "2000", "--cases", "80", "--finish", "6")


def rehearsed(name: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "ops" / "rehearse" / f"{name}.py"), *words], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_restored_city_is_the_same_and_its_open_cases_end() -> None:
    told = rehearsed("backup_restore", *SMALL)
    assert told.count("delivered") == 2, "open cases end before the backup and after the restore; the script fails when one does not"
    assert "the checksum of all decrypted values is the same" in told
    assert "the trail after further work" in told


def test_an_upgraded_city_keeps_its_values_and_its_open_cases_end() -> None:
    """From the newest tag, else from the last landing that CHANGELOG.md names. A clone without that commit says aloud that nothing was rehearsed."""
    _with_history()
    told = rehearsed("upgrade", *SMALL)
    assert told.count("delivered") == 2, "open cases end under the earlier code and, after the upgrade, under this one"
    for words in (
        "decrypted values are the same: cases, imports, messages, people, ratings, staff",
        "are those of a new database",
        "jobs the earlier version left",
        "sound",
    ):
        assert words in told


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository with two commits, the first of them landed."""
    git(tmp_path, "init", "-q")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n")
    commit(tmp_path, "first")
    landed = git(tmp_path, "rev-parse", "--short=8", "HEAD")
    (tmp_path / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## Unreleased\n\n## 2026-11-23, landed as {landed}\n\n## 2026-01-01, landed as 1234567\n"
    )
    commit(tmp_path, "second")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"]
    return subprocess.run(["git", *names, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path, words: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", words)


def test_the_version_before_is_the_newest_tag_else_the_last_landing(history: Path) -> None:
    first, second = git(history, "rev-parse", "HEAD~1"), git(history, "rev-parse", "HEAD")
    assert previous_version(history).commit == first
    git(history, "tag", "v0.2", second)
    assert previous_version(history).commit == first, "a tag on the newest commit is what is being released"
    git(history, "tag", "v0.1", first)
    git(history, "tag", "v0.0.9", first)
    assert previous_version(history).name == "v0.1"
    assert previous_version(history, "HEAD").commit == second


def _with_history() -> None:
    try:
        previous_version(ROOT)
    except NoHistoryError as error:
        pytest.skip(f"the upgrade from the version before was NOT rehearsed: {error}")


def test_missing_history_is_said_with_what_helps(history: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    shallow = tmp_path_factory.mktemp("clone") / "shallow"
    git(history, "clone", "-q", "--depth", "1", f"file://{history}", str(shallow))
    with pytest.raises(NoHistoryError, match=r"is not in the history here: this clone is shallow\.\n    -> git fetch --unshallow --tags"):
        previous_version(shallow)
    with pytest.raises(NoHistoryError, match=r"no git checkout"):
        previous_version(tmp_path_factory.mktemp("plain"))
    (history / "CHANGELOG.md").write_text("# Changelog\n")
    with pytest.raises(NoHistoryError, match=r"landed as COMMIT"):
        previous_version(history)


def test_the_changelog_names_a_landing_of_this_history() -> None:
    _with_history()
    assert previous_version(ROOT).commit


def test_transcripts_name_no_place_of_a_machine() -> None:
    places = ("/var/tmp", "/tmp/", "/home/", "/root/", str(ROOT))
    for file in (ROOT / "docs" / "rehearsals").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        assert not [place for place in places if place in text], file.name
