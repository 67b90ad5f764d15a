"""A private PostgreSQL: no TCP, one socket folder only its user may enter, gone when its owner dies.

Ready-made wheels leave the server running when the owner is killed and change the rights of parent folders when root,
hence this small starter. It never runs the server as root and leaves fsync on.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher.errors import LauncherError
from launcher.pgbinaries import Binaries, find_binaries
from launcher.processes import die_with_parent

SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 107
"""Bytes of a unix socket path, closing zero included (sun_path)."""
START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0
PROTOCOL_VERSION = 196608
"""Protocol 3.0 as PostgreSQL's start-up packet writes it."""


@dataclass(frozen=True)
class Account:
    """The operating-system user that the server runs as; `None` ids mean the present user."""

    name: str
    uid: int | None
    gid: int | None

    @classmethod
    def for_server(cls) -> Account:
        """`postgres` or else `nobody` when we are root, because PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls(name=str(os.geteuid()), uid=None, gid=None)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
        raise LauncherError("PostgreSQL does not run as root and there is no user 'postgres' or 'nobody'.", "useradd --system postgres")


class Cluster:
    """One data folder with its server. A server that somebody else already runs on it is used and never stopped."""

    def __init__(self, data_dir: Path, socket_dir: Path, port: int = 5432, log_file: Path | None = None) -> None:
        self.data_dir = Path(data_dir)
        self.socket_dir = Path(socket_dir)
        self.port = port
        self.log_file = log_file or self.data_dir.parent / "postgres.log"
        self.account = Account.for_server()
        self.process: subprocess.Popen[bytes] | None = None
        if len(os.fsencode(self.socket_path)) >= SOCKET_PATH_LIMIT:
            raise LauncherError(f"The socket path {self.socket_path} is longer than {SOCKET_PATH_LIMIT} bytes.", "Choose a shorter folder.")

    @property
    def socket_path(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{self.port}"

    @property
    def binaries(self) -> Binaries:
        """Programs that fit the data folder's version, or any supported one for a new folder."""
        version = self.data_dir / "PG_VERSION"
        return find_binaries(int(version.read_text()) if self.is_initialised() else None)

    def is_initialised(self) -> bool:
        return (self.data_dir / "PG_VERSION").exists()

    def init(self) -> None:
        """Make the data folder; does nothing when it is there. An interrupted attempt is thrown away and made again."""
        if self.is_initialised():
            return
        unfinished = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        self._own_folder(unfinished)
        self._require_reachable(unfinished)
        command = [self.binaries.path("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"]
        done = self._run_as_server([*command, "--auth-local=trust", "--auth-host=reject"])
        if done.returncode != 0:
            raise LauncherError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}", f"Look at {unfinished.parent}.")
        unfinished.rename(self.data_dir)

    def start(self, parent_death: bool = True, settings: Mapping[str, str] | None = None) -> bool:
        """Start the server and wait until it answers; True when we started it, False when it was running already.

        With `parent_death` the server shuts down (fast, with a checkpoint) when the calling *thread* ends: call it from the main thread.
        """
        if self.is_ready():
            return False
        self._own_folder(self.socket_dir)
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket_dir), "port": str(self.port), **(settings or {})}
        command = [self.binaries.path("postgres"), "-D", str(self.data_dir)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=self.account.uid,
                group=self.account.gid,
                extra_groups=[] if self.account.uid is not None else None,
                start_new_session=True,  # Ctrl-C in the terminal must reach the launcher only: the database stops last
                preexec_fn=die_with_parent(signal.SIGINT) if parent_death else None,
                env=server_environment(),
            )
        return self._wait_until_ready()

    def stop(self) -> None:
        """Fast shutdown of the server we started; after 30 s immediate. A server of somebody else is left alone."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        for number, patience in ((signal.SIGINT, STOP_TIMEOUT), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            process.send_signal(number)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return

    def is_ready(self) -> bool:
        """Does the server take connections? Speaks the start-up packet itself: `pg_isready` is not in every packaging."""
        payload = b"user\0" + SUPERUSER.encode() + b"\0database\0postgres\0\0"
        packet = struct.pack("!ii", len(payload) + 8, PROTOCOL_VERSION) + payload
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
                link.settimeout(2)
                link.connect(str(self.socket_path))
                link.sendall(packet)
                ready = link.recv(1) == b"R"
                link.sendall(struct.pack("!ci", b"X", 4))
                return ready
        except OSError:
            return False

    def psql(self, sql: str, dbname: str = "postgres", role: str = SUPERUSER) -> str:
        """Run SQL through `psql` and return its unaligned output without headers. Raises LauncherError with the server's message."""
        command = [self.binaries.path("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket_dir), "-p", str(self.port)]
        done = subprocess.run(
            [*command, "-U", role, "-d", dbname, "-f", "-"],
            input=sql,
            capture_output=True,
            text=True,
            env=server_environment() | {"PGCLIENTENCODING": "UTF8"},
            check=False,
        )
        if done.returncode != 0:
            raise LauncherError(f"PostgreSQL refused: {done.stderr.strip()}", f"Log: {self.log_file}")
        return done.stdout.rstrip("\n")

    def dsn(self, role: str, dbname: str) -> str:
        """Address for libpq and Django; carries no password because the socket folder is the guard."""
        return f"postgresql://{quote(role)}@/{quote(dbname)}?host={quote(str(self.socket_dir), safe='/')}&port={self.port}"

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.is_ready():
                return self.process is not None and self.process.poll() is None
            if self.process is not None and self.process.poll() is not None and not self.is_ready():
                break
            time.sleep(0.02)
        self.stop()
        raise LauncherError(f"PostgreSQL did not start. Its log ends with:\n{self._log_tail()}", f"Log: {self.log_file}")

    def _log_tail(self, lines: int = 8) -> str:
        text = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def _own_folder(self, folder: Path) -> None:
        """A 0700 folder of the server's account. Refuses a link or somebody else's folder: /tmp is open to all."""
        folder.mkdir(parents=True, exist_ok=True)
        found = folder.lstat()
        mine = {os.geteuid(), self.account.uid if self.account.uid is not None else os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in mine:
            raise LauncherError(f"{folder} belongs to somebody else.", f"Remove it or choose another folder: ls -ld {folder}")
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _require_reachable(self, folder: Path) -> None:
        if self._run_as_server(["test", "-w", str(folder)]).returncode != 0:
            message = f"User '{self.account.name}' cannot reach {folder}: a folder above it is closed to others."
            raise LauncherError(message, "Set LINLI_STATE to a folder whose parents are 0755, such as /var/lib/linli.")

    def _run_as_server(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=[] if self.account.uid is not None else None,
            env=server_environment(),
            check=False,
        )


def server_environment() -> dict[str, str]:
    """PATH and time zone only: PG* variables of the operator must not steer a private server or its tools."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": os.environ.get("TZ", "Asia/Shanghai")}


def ensure_roles(cluster: Cluster, dbname: str) -> None:
    """Make the three roles and the database and set their rights; safe to repeat.

    `linli_owner` owns the database (migrations), `linli_app` owns nothing and never bypasses row-level security,
    `linli_backup` reads everything.
    """
    login = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
    wanted = {"linli_owner": f"{login} NOBYPASSRLS", "linli_app": f"{login} NOBYPASSRLS", "linli_backup": f"{login} BYPASSRLS"}
    known = set(cluster.psql("SELECT rolname FROM pg_roles").splitlines())
    verbs = {name: "ALTER" if name in known else "CREATE" for name in wanted}
    statements = [f"{verbs[name]} ROLE {name} {attributes};" for name, attributes in wanted.items()]
    cluster.psql("\n".join([*statements, "GRANT pg_read_all_data TO linli_backup;"]))
    quoted = '"' + dbname.replace('"', '""') + '"'
    if dbname not in cluster.psql("SELECT datname FROM pg_database").splitlines():
        cluster.psql(f"CREATE DATABASE {quoted} OWNER linli_owner TEMPLATE template0")
    cluster.psql(
        f"""ALTER DATABASE {quoted} OWNER TO linli_owner;
        REVOKE ALL ON DATABASE {quoted} FROM PUBLIC;
        GRANT CONNECT ON DATABASE {quoted} TO linli_app, linli_backup;
        REVOKE CREATE ON SCHEMA public FROM PUBLIC, linli_app, linli_backup;
        GRANT USAGE ON SCHEMA public TO linli_app, linli_backup;""",
        dbname,
    )


@contextmanager
def temporary_cluster(settings: Mapping[str, str] | None = None, folder: Path | None = None) -> Iterator[Cluster]:
    """A started, empty cluster in a folder of its own, stopped and removed at the end (for tests and restore rehearsals)."""
    home = Path(tempfile.mkdtemp(prefix="linli-pg-", dir=folder))
    home.chmod(0o755)
    cluster = Cluster(home / "data", home / "s")
    try:
        cluster.init()
        cluster.start(settings=settings)
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
