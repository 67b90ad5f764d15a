"""The city's database: private or the operator's, its roles, tables, packs and people."""

from __future__ import annotations

import datetime
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Console
from launcher.environment import owner_environment
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.postgres import Cluster, ensure_roles
from launcher.shell import run_quietly, run_visibly
from launcher.steps import Step, files_below, hash_files

POPULATED_TABLES = ("people_person", "casefile_case")
GIGABYTE = 1024**3
CITY_TIME = datetime.timezone(datetime.timedelta(hours=8))
"""China has one time zone without summer time."""


@dataclass(frozen=True)
class CitySize:
    """How many people and cases, from which seed, seen from which day (None: the day it is made)."""

    people: int = 20_000
    cases: int = 20_000
    seed: int = 1
    as_of: str | None = None


@dataclass(frozen=True)
class Database:
    """Addresses for the three roles; `cluster` is None when the operator runs the server (who may leave owner and backup empty)."""

    name: str
    app_url: str
    owner_url: str
    backup_url: str
    cluster: Cluster | None
    stamps: Path

    def require_owner(self) -> str:
        if not self.owner_url:
            remedy = "Set it to the address of the role that owns the tables."
            raise LauncherError("DATABASE_URL is set but LINLI_OWNER_DATABASE_URL is not.", remedy)
        return self.owner_url

    def stamp(self, name: str) -> Path | None:
        """Nobody tells us when the operator's database is replaced, so there nothing is skipped."""
        return self.stamps / name if self.cluster is not None else None


def describe_database(layout: Layout, name: str) -> Database:
    """Addresses only; nothing is started. DATABASE_URL names the operator's server."""
    stamps = layout.database_stamps / name
    url = os.environ.get("DATABASE_URL")
    if url:
        others = [os.environ.get(f"LINLI_{role}_DATABASE_URL", "") for role in ("OWNER", "BACKUP")]
        return Database(name, url, others[0], others[1], None, stamps)
    cluster = layout.cluster()
    roles = [cluster.dsn(role, name) for role in ("linli_app", "linli_owner", "linli_backup")]
    return Database(name, roles[0], roles[1], roles[2], cluster, stamps)


def start_database(database: Database) -> bool:
    """Initialise and start the private cluster and make roles and database; True when we started a server."""
    if database.cluster is None:
        return False
    database.cluster.init()
    started = database.cluster.start(settings=server_settings())
    if _half_made(database).exists():  # a killed run left a city in pieces that nobody has used yet
        drop_database(database)
    ensure_roles(database.cluster, database.name)
    return started


def drop_database(database: Database) -> None:
    """Drop the private database with everything we remember about it."""
    if database.cluster is None:
        raise LauncherError("The database is the operator's: the launcher does not drop it.", "Drop and create it with your own tools.")
    database.cluster.psql(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')
    shutil.rmtree(database.stamps, ignore_errors=True)


def server_settings() -> dict[str, str]:
    """Memory by the size of the machine; durability (fsync, full_page_writes, synchronous_commit) stays at its safe default."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared = max(GIGABYTE // 8, min(GIGABYTE, memory // 8))
    return {
        "shared_buffers": f"{shared // 1024**2}MB",
        "effective_cache_size": f"{memory // 2 // 1024**2}MB",
        "maintenance_work_mem": "256MB" if memory > 4 * GIGABYTE else "64MB",
        "max_connections": "150",
        "max_wal_size": "2GB",
        "wal_level": "minimal",  # nobody replicates the private server; what is loaded into a new file is written once, and synced at commit
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
    }


def schema_steps(layout: Layout, database: Database, environment: dict[str, str]) -> list[Step]:
    """Tables, rights, packs."""
    source = layout.checkout / "src"
    lock = layout.checkout / "requirements" / "base.txt"
    owner = owner_environment(environment, database.require_owner())

    def migrations() -> str:
        return hash_files([path for path in files_below(source, ".py") if path.parent.name == "migrations"] + [lock])

    def code() -> str:
        return hash_files([*files_below(source, ".py"), lock])

    def packs() -> str:
        return hash_files(files_below(layout.checkout / "packs"), [code(), environment.get("LINLI_PACKS", "")])

    def manage(*words: str, env: dict[str, str] = environment) -> None:
        run_quietly([layout.python, layout.manage, *words], layout.checkout, env)

    return [
        Step("Database tables", lambda: manage("migrate", "--no-input", env=owner), migrations, database.stamp("migrate")),
        Step("Database rights", lambda: manage("grants", env=owner), code, database.stamp("grants")),
        Step("Packs", lambda: manage("packs", "load"), packs, database.stamp("packs")),
    ]


def city_step(layout: Layout, database: Database, environment: dict[str, str], size: CitySize, console: Console) -> Step:
    """People and cases, only into an empty database; made once and kept."""

    def run() -> None:
        if _has_people(layout, database):
            return
        marker = _half_made(database)
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
        as_of = size.as_of or datetime.datetime.now(CITY_TIME).date().isoformat()
        words = ["--people", size.people, "--cases", size.cases, "--seed", size.seed, "--as-of", as_of]
        console.say()  # the generator prints its own progress below
        loader = city_environment(environment, database)
        code = run_visibly([layout.python, layout.manage, "city", *map(str, words)], layout.checkout, loader)
        if code != 0:
            raise LauncherError(f"Making the city failed with code {code}; the output is above.", "./linli demo --reset")
        (database.stamps / "size.json").write_text(json.dumps({"people": size.people, "cases": size.cases}), encoding="utf-8")
        marker.unlink()

    return Step(f"City of {size.people:,} people and {size.cases:,} cases", run, lambda: "made", database.stamp("city"))


def city_environment(environment: dict[str, str], database: Database) -> dict[str, str]:
    """For `manage.py city`: the owner loads a big city without its indexes. The operator may keep that role to himself; then it takes longer."""
    return owner_environment(environment, database.owner_url) if database.owner_url else environment


def city_note(database: Database, size: CitySize) -> str | None:
    """A word when another size is asked than the city has."""
    file = database.stamps / "size.json"
    made = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    if made is None or (made["people"], made["cases"]) == (size.people, size.cases):
        return None
    return f"the city here has {made['people']:,} people and {made['cases']:,} cases; add --reset to make it anew"


def _half_made(database: Database) -> Path:
    return database.stamps / "city.started"


def _has_people(layout: Layout, database: Database) -> bool:
    """Asks for the size of the tables on disk: row-level security hides rows from every role but not this."""
    question = "SELECT coalesce(sum(pg_relation_size(to_regclass(name))), 0) FROM unnest(%s::text[]) AS name"
    script = f"import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute({question!r}, [sys.argv[2:]]).fetchone()[0])"
    return int(run_quietly([layout.python, "-c", script, database.app_url, *POPULATED_TABLES])) > 0
