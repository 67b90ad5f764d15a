"""A city of its own for a rehearsal, away from the one that runs here, and the transcript of what was done to it."""

from __future__ import annotations

import datetime
import os
import re
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
if str(CHECKOUT / "ops") not in sys.path:
    sys.path.insert(0, str(CHECKOUT / "ops"))

from launcher.database import Database  # noqa: E402 - the scripts are run by their path
from launcher.environment import owner_environment, product_environment  # noqa: E402
from launcher.keys import ensure_keys, keyring_file, secret_file  # noqa: E402
from launcher.layout import Layout  # noqa: E402
from launcher.postgres import Cluster, ensure_roles  # noqa: E402
from launcher.shell import run_quietly  # noqa: E402

END_OF_ONE = re.compile(r"^=== end of .*$", re.MULTILINE)
"""What commands.py writes after each command."""
SEAL = "shell -v 0 -c 'from linli.foundation.audit.actions import seal; seal()'"
"""What the worker does every five seconds."""
TRANSCRIPTS = CHECKOUT / "docs" / "rehearsals"


@dataclass
class Transcript:
    """What was done, with how long it took; printed at once and kept."""

    title: str
    lines: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        for line in text.splitlines():
            self.lines.append(f"{time.monotonic() - self.began:6.1f} s  {line}")
            print(self.lines[-1], flush=True)

    def write(self, name: str, command: str) -> None:
        """Into docs/rehearsals; no path of this machine is in it."""
        TRANSCRIPTS.mkdir(parents=True, exist_ok=True)
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        machine = f"{os.cpu_count()} cores, load {os.getloadavg()[2]:.0f}"
        head = f"# {self.title}\n\n`{command}`, {day}, {machine}. Printed by the script itself; CI runs it small on every change."
        text = "\n".join([head, "", "```", *self.lines, "```", ""])
        (TRANSCRIPTS / f"{name}.md").write_text(text, encoding="utf-8")


@dataclass
class Place:
    """One state folder with its cluster. ``checkout`` is the code its programs run."""

    layout: Layout
    cluster: Cluster

    def database(self, name: str) -> Database:
        """A new empty database with its roles."""
        ensure_roles(self.cluster, name)
        urls = [self.cluster.dsn(role, name) for role in ("linli_app", "linli_owner", "linli_backup")]
        return Database(name, urls[0], urls[1], urls[2], self.cluster, self.layout.database_stamps / name)

    def environment(self, database: Database, checkout: Path = CHECKOUT) -> dict[str, str]:
        found = product_environment(self.layout, database.app_url, "demo")
        found.pop("LINLI_PACKS", None)
        keys = {"LINLI_KEYS_FILE": str(keyring_file(self.layout.keys)), "LINLI_SECRET_KEY_FILE": str(secret_file(self.layout.keys))}
        return {**found, "PYTHONPATH": str(checkout / "src"), **keys}

    def manage(self, database: Database, *words: str, checkout: Path = CHECKOUT) -> str:
        """A management command of that checkout's code; migrations and rights as the owner."""
        return self.manage_all(database, shlex.join(words), checkout=checkout)[0]

    def manage_all(self, database: Database, *lines: str, checkout: Path = CHECKOUT) -> list[str]:
        """Several commands (or scripts of ops/rehearse), each a line as in a shell, in one process; what each said. As the owner when the
        first needs it."""
        environment = self.environment(database, checkout)
        if lines[0].split()[0] in ("migrate", "grants"):
            environment = owner_environment(environment, database.owner_url)
        said = run_quietly([sys.executable, str(Path(__file__).with_name("commands.py")), *lines], checkout, environment)
        return [part.strip() for part in END_OF_ONE.split(said)[:-1]]


@contextmanager
def place() -> Iterator[Place]:
    """Made under /var/tmp, because PostgreSQL's own user must get there and a socket's path is short; gone at the end."""
    layout = Layout(CHECKOUT, Path("/var/tmp") / f"linli-rehearsal-{os.getpid()}")  # noqa: S108 - refused unless it is ours
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # being told to stop must clear up too
    layout.prepare()
    ensure_keys(layout.keys)
    cluster = layout.cluster()
    try:
        cluster.init()
        cluster.start(settings={"max_connections": "40"})
        yield Place(layout, cluster)
    finally:
        cluster.stop()
        shutil.rmtree(layout.state, ignore_errors=True)


def make_city(here: Place, database: Database, *, people: int, cases: int) -> None:
    """Tables, rights, packs, people and cases."""
    here.manage_all(database, "migrate --no-input", "grants")
    here.manage_all(database, "packs load", city_words(people, cases))


def city_words(people: int, cases: int) -> str:
    """The command that makes people and cases, seen from today."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return f"city --people {people} --cases {cases} --seed 1 --as-of {today}"
