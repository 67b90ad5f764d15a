"""The rehearsals of docs/rehearsals, small, on every change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
    told = rehearsed("upgrade", *SMALL)
    assert "nothing has been released yet" in told or "delivered" in told


def test_transcripts_name_no_place_of_a_machine() -> None:
    places = ("/var/tmp", "/tmp/", "/home/", "/root/", str(ROOT))
    for file in (ROOT / "docs" / "rehearsals").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        assert not [place for place in places if place in text], file.name
