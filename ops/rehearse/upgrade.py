"""Build a city with the code of an earlier version, upgrade it with the present code, and complete its open cases."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rehearse.place import CHECKOUT, Transcript, make_city, place


def newest_tag() -> str:
    """The newest released version; "" when nothing has been released (or this is no git checkout)."""
    done = subprocess.run(
        ["git", "tag", "--list", "v*", "--sort=-version:refname"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return done.stdout.split("\n")[0].strip()


def rehearse(transcript: Transcript, *, version: str, people: int, cases: int, finish: int) -> None:
    """Raises at the first thing that is not as it should be. The repository is only read."""
    with tempfile.TemporaryDirectory(prefix="linli-upgrade-") as folder, place() as here:
        old = Path(folder)
        archive = subprocess.run(["git", "archive", version, "src", "packs", "locale"], cwd=CHECKOUT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(old)], input=archive.stdout, check=True)
        city = here.database("city")
        make_city(here, city, people=people, cases=cases, checkout=old)
        transcript.say(f"version {version}: a city of {people:,} people and {cases:,} cases was made by its code")
        before = _migrations(here.manage(city, "showmigrations", "--plan", checkout=old))
        checksum = here.manage(city, "city", "--checksum").split()[-1]
        here.manage(city, "migrate", "--no-input")
        here.manage(city, "grants")
        here.manage(city, "packs", "load")
        new = [name for name in _migrations(here.manage(city, "showmigrations", "--plan")) if name not in before]
        transcript.say(f"upgraded by the present code: {len(new)} new migrations ({', '.join(new) or 'none'}), rights and packs renewed")
        if here.manage(city, "city", "--checksum").split()[-1] != checksum:
            raise SystemExit("the upgrade changed values of people or cases")
        transcript.say("the checksum of all decrypted values is the same")
        transcript.say(here.script(city, "finish.py", "--count", str(finish)).strip())
        here.manage(city, "shell", "-v", "0", "-c", "from linli.foundation.audit.actions import seal; seal()")
        transcript.say(here.manage(city, "audit", "verify").strip())


def _migrations(plan: str) -> list[str]:
    return [line.split("]")[1].strip() for line in plan.splitlines() if line.startswith("[X]")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="version", default="", help="a tag or commit; default: the newest tag")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--finish", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="keep the transcript in docs/rehearsals")
    given = parser.parse_args()
    earlier = given.version or newest_tag()
    if not earlier:
        print("nothing has been released yet: name an earlier commit with --from")
        sys.exit(0)
    told = Transcript("Rehearsal: upgrade with open cases")
    rehearse(told, version=earlier, people=given.people, cases=given.cases, finish=given.finish)
    if given.write:
        told.write(
            "upgrade",
            f"python ops/rehearse/upgrade.py --from {earlier} --people {given.people} --cases {given.cases} --finish {given.finish}",
        )
