"""The private PostgreSQL: starts, stops, leaves nothing behind, and gives each role its rights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.pgbinaries import find_binaries
from launcher.postgres import Cluster, ensure_roles, temporary_cluster

OPS = Path(__file__).resolve().parents[2] / "ops"
OWNER = """
import sys, time
from pathlib import Path
from launcher.postgres import temporary_cluster
with temporary_cluster() as cluster:
    print(cluster.process.pid, cluster.data_dir, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with temporary_cluster() as started:
        ensure_roles(started, "linli")
        yield started


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def wait_for(condition: object, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_server_is_utf8_durable_and_without_tcp(cluster: Cluster) -> None:
    names = ("fsync", "full_page_writes", "synchronous_commit", "listen_addresses")
    assert [cluster.psql(f"SHOW {name}") for name in names] == ["on", "on", "on", ""]
    encoding = cluster.psql("SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = 'linli'")
    assert encoding == "UTF8|C.UTF-8"


def test_only_its_account_may_enter_the_socket_folder(cluster: Cluster) -> None:
    assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(cluster.socket_path)) < 107


def test_server_never_runs_as_root(cluster: Cluster) -> None:
    assert cluster.process is not None
    assert Path(f"/proc/{cluster.process.pid}").stat().st_uid != 0


def test_app_role_owns_nothing_and_cannot_create(cluster: Cluster) -> None:
    cluster.psql("CREATE TABLE IF NOT EXISTS note (word text)", "linli", role="linli_owner")
    with pytest.raises(LauncherError, match="permission denied"):
        cluster.psql("CREATE TABLE mine (word text)", "linli", role="linli_app")
    with pytest.raises(LauncherError, match="permission denied"):
        cluster.psql("SELECT * FROM note", "linli", role="linli_app")


def test_row_level_security_holds_for_app_and_owner_but_not_backup(cluster: Cluster) -> None:
    cluster.psql(
        """CREATE TABLE secret (word text); INSERT INTO secret VALUES ('a'); GRANT SELECT ON secret TO linli_app;
        ALTER TABLE secret ENABLE ROW LEVEL SECURITY; ALTER TABLE secret FORCE ROW LEVEL SECURITY;""",
        "linli",
        role="linli_owner",
    )
    seen = {role: cluster.psql("SELECT count(*) FROM secret", "linli", role=role) for role in ("linli_app", "linli_owner", "linli_backup")}
    assert seen == {"linli_app": "0", "linli_owner": "0", "linli_backup": "1"}


def test_roles_may_be_made_again(cluster: Cluster) -> None:
    ensure_roles(cluster, "linli")
    assert cluster.psql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'linli%' AND NOT rolsuper AND NOT rolcreaterole") == "3"


def test_running_server_of_another_owner_is_used_and_left_alone(cluster: Cluster) -> None:
    guest = Cluster(cluster.data_dir, cluster.socket_dir)
    assert guest.start() is False
    guest.stop()
    assert cluster.is_ready()


def test_stop_leaves_no_process_and_no_socket() -> None:
    with temporary_cluster() as own:
        assert own.process is not None
        pid, socket_path = own.process.pid, own.socket_path
        own.stop()
        assert not alive(pid)
        assert not socket_path.exists()
        assert not own.is_ready()


def test_nothing_is_left_when_the_owner_is_killed() -> None:
    environment = dict(os.environ, PYTHONPATH=str(OPS))
    with subprocess.Popen([sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid, data = owner.stdout.readline().split()
        assert alive(int(pid))
        owner.send_signal(signal.SIGKILL)
    try:
        assert wait_for(lambda: not alive(int(pid)))
        assert not (Path(data) / "postmaster.pid").exists()  # a fast shutdown, not a crash
    finally:
        subprocess.run(["rm", "-rf", str(Path(data).parent)], check=True)


def test_killed_server_starts_again_with_its_data(cluster: Cluster) -> None:
    cluster.psql("CREATE TABLE kept AS SELECT 1 AS one", "linli", role="linli_owner")
    assert cluster.process is not None
    cluster.process.kill()
    cluster.process.wait()

    def starts() -> bool:
        try:
            return cluster.start()
        except LauncherError:  # the last backends of the dead server are still going
            return False

    assert wait_for(starts, 15.0)
    assert cluster.psql("SELECT one FROM kept", "linli", role="linli_owner") == "1"


def test_socket_path_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="longer than 107 bytes"):
        Cluster(tmp_path / "data", tmp_path / ("s" * 100))


def test_missing_postgresql_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.pgbinaries._candidates", lambda: iter([Path("/nowhere")]))
    with pytest.raises(LauncherError, match=r"No PostgreSQL >= 15 was found\.\n    -> apt-get install -y postgresql"):
        find_binaries()


def test_data_of_another_version_is_explained() -> None:
    with pytest.raises(LauncherError, match="made by PostgreSQL 12; only version"):
        find_binaries(12)
