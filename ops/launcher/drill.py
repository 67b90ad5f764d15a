"""`backup drill`: is the newest backup, with the key file, a city again? Tried in a throw-away cluster; the running city is not touched."""

from __future__ import annotations

import datetime
import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from launcher import backup
from launcher.console import Console
from launcher.database import Database
from launcher.environment import owner_environment, product_environment, usual_mode
from launcher.errors import LauncherError
from launcher.keys import secret_file
from launcher.layout import Layout
from launcher.postgres import ensure_roles, temporary_cluster
from launcher.shell import run_quietly

NAME = "drill"
SAMPLE = 200
USUAL_FOLDER = Path("/var/backups/linli")
"""Where ops/systemd/linli-backup.service writes to."""


def newest(place: Path) -> Path:
    """The backup itself, or the newest of a folder."""
    if place.is_file():
        return place
    found = sorted(place.glob("*.tar"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise LauncherError(f"There is no backup in {place}.", "./linli backup drill FILE_OR_FOLDER")
    return found[-1]


def drill(layout: Layout, keyring: Path, place: Path, console: Console) -> int:
    """Restore, count, open a sample of every encrypted column, verify the trail. 0 when all is well; the report says what is not."""
    file = newest(place)
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)
    console.say(
        f"Drill of {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC: {file.name}, {age.total_seconds() / 3600:.1f} hours old"
    )
    with tempfile.TemporaryDirectory(prefix="linli-drill-") as home, temporary_cluster() as cluster:
        ensure_roles(cluster, NAME)
        app, owner, reader = (cluster.dsn(role, NAME) for role in ("linli_app", "linli_owner", "linli_backup"))
        database = Database(NAME, app, owner, reader, cluster, Path(home) / "stamps")
        there = replace(layout, state=Path(home))
        manifest = backup.restore(database, there.kept_folders, keyring, file)
        rows, files = backup.compare_rows(database, manifest), len(manifest["sha256"]) - 1
        console.say(f"{rows:,} rows in {len(manifest['rows'])} tables, as counted in the backup; {files:,} files")
        environment = product_environment(there, database.app_url, usual_mode()) | {"LINLI_KEYS_FILE": str(keyring)}
        environment["LINLI_SECRET_KEY_FILE"] = os.environ.get("LINLI_SECRET_KEY_FILE", str(secret_file(layout.keys)))
        as_owner = owner_environment(environment, owner)
        for words in (["migrate", "--no-input"], ["grants"]):
            run_quietly([layout.python, layout.manage, *words], layout.checkout, as_owner)
        run_quietly([layout.python, layout.manage, "audit", "restored", "--reason", "drill"], layout.checkout, environment)
        sound = [_told(layout, words, environment, console) for words in (["keys", "open", "--sample", str(SAMPLE)], ["audit", "verify"])]
    console.say("The backup and the key file make a city again." if all(sound) else "THE BACKUP IS NOT SOUND: see above.")
    return 0 if all(sound) else 1


def _told(layout: Layout, words: list[str], environment: dict[str, str], console: Console) -> bool:
    done = subprocess.run(
        [layout.python, layout.manage, *words], cwd=layout.checkout, env=environment, capture_output=True, text=True, check=False
    )
    for line in (done.stdout + done.stderr).strip().splitlines():
        console.say(f"  {line}")
    return done.returncode == 0
