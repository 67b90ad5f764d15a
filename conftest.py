"""The tests' PostgreSQL: a private cluster, a template database migrated as linli_owner, tests connected as linli_app.

The migrated template is kept between runs (keyed by the migrations and the policies' code), so that a run starts in about a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "ops")]
os.environ.setdefault("LINLI_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")

# fsync is off here and only here; crash tests start a cluster of their own with it on.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60", "shared_buffers": "128MB"}


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(
        [
            *ROOT.glob("src/linli/**/migrations/*.py"),
            *ROOT.glob("src/linli/**/policy.py"),
            *ROOT.glob("src/linli/foundation/scope/**/*.py"),
            ROOT / "src/linli/registry/exchange/models/following.py",
            *ROOT.glob("src/linli/foundation/access/management/commands/grants.py"),
            ROOT / "requirements" / "base.txt",
        ]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _work_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"linli-test-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    return folder


def _write_keys(folder: Path) -> None:
    from linli.lib.crypto import KeyRing

    keys = folder / "keys.json"
    if not keys.exists():
        temporary = folder / f"keys.{os.getpid()}"
        temporary.write_text(KeyRing.generate().to_json(), encoding="utf-8")
        temporary.replace(keys)
    os.environ.setdefault("LINLI_KEYS_FILE", str(keys))
    state = folder / f"state-{os.getpid()}"
    (state / "static").mkdir(parents=True, exist_ok=True)
    os.environ["LINLI_STATE"] = str(state)


def _manage(*words: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "src" / "manage.py"), *words], env={**os.environ, **env}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")


def _make_template(folder: Path) -> Path:
    """A stopped data folder holding the migrated database `linli_template`."""
    from launcher.postgres import Cluster, ensure_roles

    template = folder / f"template-{_fingerprint()}"
    if (template / "data" / "PG_VERSION").exists():
        return template
    making = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
    making.chmod(0o755)
    cluster = Cluster(making / "data", making / "s")
    try:
        cluster.init()
        cluster.start(settings=FAST)
        ensure_roles(cluster, "linli_template")
        owner = {
            "LINLI_OWNER_DATABASE_URL": cluster.dsn("linli_owner", "linli_template"),
            "DATABASE_URL": cluster.dsn("linli_app", "linli_template"),
            "PYTHONPATH": "src",
        }
        _manage("migrate", "--skip-checks", "-v0", env=owner)
        _manage("grants", "--skip-checks", env=owner)
    finally:
        cluster.stop()
    try:
        making.rename(template)
    except OSError:  # somebody else was faster
        shutil.rmtree(making, ignore_errors=True)
    return template


def pytest_configure(config: pytest.Config) -> None:
    """Start this process's own cluster before Django reads its settings."""
    folder = _work_folder()
    _write_keys(folder)
    if os.environ.get("LINLI_TEST_NO_DATABASE"):
        return
    from launcher.postgres import Cluster

    template = _make_template(folder)
    home = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    home.chmod(0o755)
    subprocess.run(["cp", "-a", str(template / "data"), str(home / "data")], check=True)
    cluster = Cluster(home / "data", home / "s")
    cluster.start(settings=FAST)
    config.stash[CLUSTER] = (cluster, home)
    os.environ["DATABASE_URL"] = cluster.dsn("linli_app", "linli_test")
    os.environ["LINLI_OWNER_DATABASE_URL"] = cluster.dsn("linli_owner", "linli_test")
    cluster.psql("CREATE DATABASE linli_test TEMPLATE linli_template OWNER linli_owner")
    _point_django_at(os.environ["DATABASE_URL"])


def _point_django_at(url: str) -> None:
    """pytest-django read the settings before this file could name the database."""
    from django.conf import settings
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from linli.config.settings.database import parse_url

    settings.DATABASES["default"].update(parse_url(url))
    # the real hasher with the least cost: tests ask whether it is right, not whether it is slow
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1
    settings.KEYS_FILE = os.environ["LINLI_KEYS_FILE"]
    settings.STATE_DIR = Path(os.environ["LINLI_STATE"])
    settings.MEDIA_ROOT = settings.STATE_DIR / "files"


CLUSTER: pytest.StashKey[tuple[object, Path]] = pytest.StashKey()


def pytest_unconfigure(config: pytest.Config) -> None:
    held = config.stash.get(CLUSTER, None)
    if held is not None:
        cluster, home = held
        cluster.stop()  # type: ignore[attr-defined]
        shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(os.environ.get("LINLI_STATE", "/nonexistent"), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database exists already, migrated as owner; nothing is created or flushed by the application role."""


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What one test's database answered is no answer in the next."""
    from django.core.cache import cache

    from linli.lib.remembered import forget_all

    forget_all()
    cache.clear()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> object:
    """The running private cluster (for tests that need a second database or the owner's view)."""
    return request.config.stash[CLUSTER][0]


Cloning = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def clone(cluster: object, django_db_blocker: object) -> Cloning:
    """`with clone("name", of="linli_template"):` makes a database and points the default connection to it for the length of the block."""
    from django.db import connections

    @contextmanager
    def cloning(name: str, *, of: str, keep: bool = False) -> Iterator[str]:
        cluster.psql(f"CREATE DATABASE {name} TEMPLATE {of} OWNER linli_owner")  # type: ignore[attr-defined]
        cluster.psql(f"GRANT CONNECT ON DATABASE {name} TO linli_app, linli_backup")  # type: ignore[attr-defined]
        connection = connections["default"]
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        connections.settings["default"]["NAME"] = name
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            yield name
            connections.close_all()
        connection.settings_dict["NAME"] = before
        connections.settings["default"]["NAME"] = before
        if not keep:
            cluster.psql(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[attr-defined]

    return cloning


@pytest.fixture(scope="session")
def database_template() -> str:
    """What `fresh_database` is cloned from; a folder of tests may have one with a city in it."""
    return "linli_template"


@pytest.fixture
def fresh_database(clone: Cloning, request: pytest.FixtureRequest, database_template: str) -> Iterator[str]:
    """A clone of the template for one test that really commits (races, restarts); the default connection points to it."""
    with clone(f"linli_fresh_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}", of=database_template) as name:
        yield name
