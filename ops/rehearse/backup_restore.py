"""Back up a city with open cases, restore it into an empty one, verify the trail, and complete open cases there."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from launcher import backup
from launcher.keys import keyring_file
from rehearse.place import SEAL, Place, Transcript, make_city, place


def rehearse(transcript: Transcript, *, people: int, cases: int, finish: int) -> None:
    """Raises at the first thing that is not as it should be."""
    with place() as here:
        city = here.database("city")
        make_city(here, city, people=people, cases=cases)
        transcript.say(f"a city of {people:,} people and {cases:,} cases was made")
        said = here.manage_all(city, f"finish.py --count {finish}", SEAL, "audit verify", "city --checksum")
        transcript.say(said[0])
        transcript.say(f"the trail of the old city: {said[2]}")
        before = said[3].split()[-1]
        file = here.layout.state / "city.tar"
        manifest = backup.back_up(city, here.layout.kept_folders, keyring_file(here.layout.keys), file)
        rows, size = sum(manifest["rows"].values()), file.stat().st_size / 1e6
        transcript.say(f"backup: {rows:,} rows in {len(manifest['rows'])} tables, {size:.1f} MB, checksums read back")
        transcript.say("the old city is thrown away")
        here.cluster.psql("DROP DATABASE city WITH (FORCE)")
        _empty(here)
        _restore(transcript, here, file, before, finish)


def _restore(transcript: Transcript, here: Place, file: Path, before: str, finish: int) -> None:
    restored = here.database("restored")
    manifest = backup.restore(restored, here.layout.kept_folders, keyring_file(here.layout.keys), file)
    transcript.say(f"restored into an empty database: {backup.compare_rows(restored, manifest):,} rows, as counted in the backup")
    here.manage_all(restored, "migrate --no-input", "grants")
    lines = ("packs load", "city --checksum", "audit restored --reason rehearsal", "audit verify")
    said = here.manage_all(restored, *lines, f"finish.py --count {finish}", SEAL, "audit verify")
    after = said[1].split()[-1]
    if after != before:
        raise SystemExit(f"the decrypted values differ: checksum {before} before, {after} after")
    transcript.say("tables, rights and packs are up to date; the checksum of all decrypted values is the same")
    transcript.say(said[2])
    transcript.say(f"the trail after the restore: {said[3]}")
    transcript.say(said[4])
    transcript.say(f"the trail after further work: {said[6]}")


def _empty(here: Place) -> None:
    for folder in here.layout.kept_folders.values():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--finish", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="keep the transcript in docs/rehearsals")
    given = parser.parse_args()
    told = Transcript("Rehearsal: backup and restore with open cases")
    rehearse(told, people=given.people, cases=given.cases, finish=given.finish)
    if given.write:
        told.write(
            "backup-restore", f"python ops/rehearse/backup_restore.py --people {given.people} --cases {given.cases} --finish {given.finish}"
        )
