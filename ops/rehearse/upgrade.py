"""Build a city with the code of an earlier version, upgrade it with the present code, and complete its open cases."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from launcher.database import Database
from launcher.postgres import server_environment
from rehearse.history import NoHistoryError, Version, previous_version, unpack
from rehearse.place import CHECKOUT, SEAL, Place, Transcript, city_words, place

NO_HISTORY = 3
"""Exit code when there is no earlier version to start from: not a success."""


def rehearse(transcript: Transcript, *, version: Version, people: int, cases: int, finish: int) -> None:
    """Raises at the first thing that is not as it should be. The repository is only read."""
    with tempfile.TemporaryDirectory(prefix="linli-upgrade-") as folder, place() as here:
        old = Path(folder)
        unpack(CHECKOUT, version, old)
        city = here.database("city")
        here.manage_all(city, "migrate --no-input", "grants", checkout=old)
        goal, wanted = f"finish.py --count {finish}", city_words(people, cases)
        said = here.manage_all(city, "packs load", wanted, goal, "city --checksum --json", checkout=old)
        transcript.say(f"version {version.name}: a city of {people:,} people and {cases:,} cases was made by its code")
        transcript.say(f"by its code, too: {said[2]}")
        applied = _migrations(here)
        here.manage_all(city, "migrate --no-input", "grants")
        added = [name for name in _migrations(here) if name not in applied]
        transcript.say(f"migrated by the present code: {len(added)} new migrations ({', '.join(added) or 'none'}), rights renewed")
        transcript.say(_same_schema(here, city))
        now = here.manage_all(city, "packs load", "city --checksum --json", "drain.py", goal, SEAL, "audit verify")
        transcript.say(f"packs renewed; the checksums of all decrypted values are the same: {_same_values(said[3], now[1])}")
        transcript.say(f"jobs the earlier version left: {now[2]}")
        transcript.say(now[3])
        transcript.say(f"the trail: {now[5]}")


def _same_values(before: str, after: str) -> str:
    """The parts of the city the earlier version could sum up are what they were; a later version may know more parts."""
    old, new = json.loads(before.splitlines()[-1]), json.loads(after.splitlines()[-1])
    old.pop("checksum")
    changed = [name for name, value in sorted(old.items()) if new.get(name) != value]
    if changed:
        raise SystemExit(f"the upgrade changed values of {', '.join(changed)}")
    return ", ".join(sorted(old))


def _migrations(here: Place) -> list[str]:
    return here.cluster.psql("SELECT app || '.' || name FROM django_migrations ORDER BY id", "city").splitlines()


def _same_schema(here: Place, city: Database) -> str:
    """An upgraded database has the tables, rights and policies of a new one. It has not when a landed migration was edited."""
    fresh = here.database("fresh")
    here.manage_all(fresh, "migrate --no-input", "grants")
    upgraded, new = _schema(here, city), _schema(here, fresh)
    if upgraded != new:
        only = [f"only when upgraded: {text}" for text in sorted(upgraded - new)] + [
            f"only when new: {text}" for text in sorted(new - upgraded)
        ]
        raise SystemExit("the upgraded database differs from a new one (was a landed migration edited?):\n" + "\n".join(only[:20]))
    return f"its tables, rights and policies are those of a new database ({len(new):,} statements compared)"


def _schema(here: Place, database: Database) -> set[str]:
    """The statements that would make the database's tables, functions, rights and policies anew."""
    command = [here.cluster.binaries.path("pg_dump"), "--schema-only", "-d", here.cluster.dsn("postgres", database.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=server_environment())
    lines = [line for line in done.stdout.splitlines() if not line.startswith(("--", "\\"))]
    return {statement.strip() for statement in "\n".join(lines).split(";\n") if statement.strip()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--from", dest="version", default="", help="a tag or commit; default: the newest tag, else CHANGELOG's last landing"
    )
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--finish", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="keep the transcript in docs/rehearsals")
    given = parser.parse_args()
    try:
        earlier = previous_version(CHECKOUT, given.version)
    except NoHistoryError as error:
        print(f"NOT REHEARSED: {error}")
        sys.exit(NO_HISTORY)
    told = Transcript("Rehearsal: upgrade with open cases")
    rehearse(told, version=earlier, people=given.people, cases=given.cases, finish=given.finish)
    if given.write:
        words = f"--from {earlier.name} --people {given.people} --cases {given.cases} --finish {given.finish}"
        told.write("upgrade", f"python ops/rehearse/upgrade.py {words}")
