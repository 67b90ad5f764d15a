"""A whole city that answers on 127.0.0.1 for the length of a block: database, web, worker and events, in demo mode, with its own state.

Used by the browser tests and by `take_screenshots.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.environment import Address
from launcher.postgres import Cluster
from launcher.processes import die_with_parent
from launcher.services import http_status
from launcher.verbs import free_address

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "frontend" / "dist" / ".vite" / "manifest.json"
READY_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Somebody:
    """A person of the register as the tests need it."""

    id: str
    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class Cast:
    """Who plays in the tests; staff by user name."""

    mother: Somebody
    daughter: Somebody
    visitor: Somebody
    bystander: Somebody
    applicant: Somebody
    clerk: str
    other_clerk: str
    reviewer: str
    colleague: str
    decider: str
    supervisor: str
    caller: str
    head: str
    officer: str
    walker: str
    other_walker: str
    sysadmin: str
    secadmin: str
    auditor: str


@dataclass(frozen=True)
class LivingCity:
    """Where the city answers, who lives in it, and the name of its database."""

    base: str
    password: str
    cast: Cast
    home: Path
    database: str

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def living_city(cluster: Cluster, *, people: int, cases: int, seed: int = 7) -> Iterator[LivingCity]:
    """Build the city in a clone of the migrated template, start its processes, stop them by id at the end.

    `cluster` holds the database `linli_template`. Raises RuntimeError with the log's end when a process does not come up.
    """
    if not MANIFEST.exists():
        raise RuntimeError("The front-end is not built: run `./linli test`, or `npm ci && npm run build` in frontend/.")
    home = Path(tempfile.mkdtemp(prefix="linli-e2e-"))
    address = free_address(10_000 + os.getpid() % 10_000 * 2)  # granian shares its port with whoever asks: no two runs may try the same
    name = f"linli_e2e_{os.getpid()}"
    cluster.psql(f"CREATE DATABASE {name} TEMPLATE linli_template OWNER linli_owner")
    cluster.psql(f"GRANT CONNECT ON DATABASE {name} TO linli_app")
    environment = _environment(cluster.dsn("linli_app", name), home, address)
    with ExitStack() as cleaning:
        cleaning.callback(shutil.rmtree, home, ignore_errors=True)
        cleaning.callback(cluster.psql, f"DROP DATABASE {name} WITH (FORCE)")
        made = _make(environment, people, cases, seed)
        for part, command in _commands(address).items():
            cleaning.callback(_end, _start(part, command, home, environment))
        _wait(address, home)
        cast = Cast(**{key: Somebody(**value) if isinstance(value, dict) else value for key, value in made["cast"].items()})
        yield LivingCity(address.url, made["password"], cast, home, name)


def _environment(database_url: str, home: Path, address: Address) -> dict[str, str]:
    """As the launcher tells the programs, with keys and state of this city alone."""
    found = {key: value for key, value in os.environ.items() if key not in ("LINLI_OWNER_DATABASE_URL", "LINLI_SECRET_KEY_FILE")}
    secret = home / "secret"
    secret.write_text("e2e" * 20, encoding="utf-8")
    return found | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "EVENTS_URL": address.events_url,
        "LINLI_MODE": "demo",
        "LINLI_SECRET_KEY_FILE": str(secret),
        "LINLI_SITE_URL": address.url,
        "LINLI_STATE": str(home / "state"),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONUNBUFFERED": "1",
    }


def _make(environment: dict[str, str], people: int, cases: int, seed: int) -> dict[str, object] | dict[str, dict[str, object]]:
    """Packs, people, staff and cases, in a process of its own: this one's Django looks at another database."""
    words = [sys.executable, str(Path(__file__).with_name("make_city.py")), str(people), str(cases), str(seed)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"The city could not be made:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _commands(address: Address) -> dict[str, list[str]]:
    granian = [str(Path(sys.executable).with_name("granian")), "--host", "127.0.0.1", "--no-ws", "--log-level", "warning", "--workers", "1"]
    return {
        "web": [*granian, "--interface", "wsgi", "--port", str(address.port), "--blocking-threads", "4", "linli.config.wsgi:application"],
        "events": [*granian, "--interface", "asgi", "--port", str(address.events_port), "linli.config.events:application"],
        "worker": [sys.executable, str(ROOT / "src" / "manage.py"), "worker"],
    }


def _start(part: str, command: list[str], home: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (home / f"{part}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT / "src", env=environment, stdout=log, stderr=log, preexec_fn=die_with_parent())


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(address: Address, home: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if http_status("127.0.0.1", address.port, "/readyz") == 200:
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address.url}/readyz did not answer 200:\n{(home / 'web.log').read_text(encoding='utf-8')[-3000:]}")
