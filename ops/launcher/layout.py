"""Where things are: the checkout, and the state folder outside it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from launcher.postgres import SOCKET_PATH_LIMIT, Account, Cluster

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "linli"


@dataclass(frozen=True)
class Layout:
    """Folders of one checkout. The state folder is named by a hash of the checkout's path, so two checkouts never mix."""

    checkout: Path
    state: Path

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def manage(self) -> Path:
        return self.checkout / "src" / "manage.py"

    @property
    def frontend(self) -> Path:
        return self.checkout / "frontend"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def keys(self) -> Path:
        return self.state / "keys"

    @property
    def uploads(self) -> Path:
        """Django's MEDIA_ROOT (src/linli/config/settings/web.py)."""
        return self.state / "files"

    @property
    def kept_folders(self) -> dict[str, Path]:
        """What belongs to the city but lies outside its database: uploads, and the sealed heads of the audit trail."""
        return {"files": self.uploads, "audit": self.state / "audit"}

    @property
    def database_home(self) -> Path:
        return self.state / "pg"

    @property
    def database_stamps(self) -> Path:
        """Beside the data folder on purpose: who removes the database removes what we believe about it."""
        return self.database_home / "stamps"

    def cluster(self) -> Cluster:
        """The private cluster. Its socket moves to /tmp when the state folder's path is too long for a socket."""
        sockets = self.database_home / "s"
        if len(os.fsencode(sockets / ".s.PGSQL.5432")) >= SOCKET_PATH_LIMIT:
            sockets = Path("/tmp") / f"linli-{os.getuid()}-{self.state.name}"  # noqa: S108 - refused unless it is ours
        return Cluster(self.database_home / "data", sockets, log_file=self.logs / "postgres.log")

    def prepare(self) -> None:
        """Make the state folders. Readable by the owner only, except the way to the database when another user runs it."""
        self.state.mkdir(parents=True, exist_ok=True)
        shared = 0o755 if Account.for_server().uid is not None else 0o700
        self.state.chmod(shared)
        private = (self.logs, self.keys, self.state / "static", *self.kept_folders.values())
        for folder in (self.database_home, *private):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700 if folder in private else shared)


def find_layout(checkout: Path = CHECKOUT) -> Layout:
    """LINLI_STATE, else the user's state home, else (root with a closed home) /var/lib/linli."""
    named = os.environ.get("LINLI_STATE")
    if named:
        return Layout(checkout, Path(named).resolve())
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    if os.geteuid() == 0 and not _open_to_others(home):
        home = Path("/var/lib")
    digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
    return Layout(checkout, home / "linli" / digest)


def _open_to_others(folder: Path) -> bool:
    """May another user walk down to this folder? Folders that do not exist yet will be made 0755."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents) if place.exists())
