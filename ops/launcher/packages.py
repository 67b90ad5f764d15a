"""Python packages, front-end packages, the built front-end and the message catalogues."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.machine import MINIMUM_NODE, install, may_install, node_folder
from launcher.shell import run_quietly
from launcher.steps import Step, files_below, hash_files


def python_step(layout: Layout, kind: str, title: str = "Python packages") -> Step:
    """`.venv` with the locked packages of requirements/<kind>.txt (`base` or `dev`; `spark`, an extra that stands on either)."""
    lock = layout.checkout / "requirements" / f"{kind}.txt"

    def fingerprint() -> str:
        return hash_files([lock], [sys.version])

    def run() -> None:
        make_venv(layout)
        install_locked(layout, lock)

    return Step(title, run, fingerprint, layout.venv / f".linli-{kind}", [layout.python])


def make_venv(layout: Layout) -> None:
    if layout.python.exists():
        return
    try:
        run_quietly([sys.executable, "-m", "venv", layout.venv])
    except LauncherError:
        shutil.rmtree(layout.venv, ignore_errors=True)
        if may_install():  # Debian splits ensurepip off the interpreter
            install("python3-venv")
        elif shutil.which("uv"):
            run_quietly(["uv", "venv", "--seed", "--python", sys.executable, layout.venv])
            return
        run_quietly([sys.executable, "-m", "venv", layout.venv], remedy="apt-get install -y python3-venv")


def install_locked(layout: Layout, lock: Path) -> None:
    """Only files with the locked hashes; uv where it is (seconds), pip otherwise or when uv cannot reach the packages."""
    if shutil.which("uv"):
        try:
            run_quietly(["uv", "pip", "install", "--python", layout.python, "--require-hashes", "-r", lock])
            return
        except LauncherError:
            pass  # uv does not read pip's configuration of mirrors and proxies: pip is asked next
    remedy = "Check the network or pip's mirror settings, then run the same command again."
    run_quietly([*pip(layout), "--require-hashes", "-r", lock], remedy=remedy)


def pip(layout: Layout) -> list[str]:
    return [str(layout.python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]


def node_environment(layout: Layout) -> dict[str, str]:
    """PATH with a fitting Node first. Raises when there is none."""
    folder = node_folder(layout.venv)
    if folder is None:
        wanted = ".".join(str(part) for part in MINIMUM_NODE)
        message = f"No Node >= {wanted} with npm was found, and its wheel could not be installed."
        raise LauncherError(message, "apt-get install -y nodejs npm")
    return dict(os.environ, PATH=f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", npm_config_omit_lockfile_registry_resolved="true")


def ensure_node(layout: Layout) -> None:
    """The system's Node, else the wheel in `.venv`. Raises when neither is to be had, whatever the wheel's trouble was."""
    if node_folder(layout.venv) is None:
        with contextlib.suppress(LauncherError):
            install_locked(layout, layout.checkout / "requirements" / "node.txt")
    node_environment(layout)


def frontend_packages_step(layout: Layout) -> Step:
    modules = layout.frontend / "node_modules"

    def fingerprint() -> str:
        return hash_files([layout.frontend / "package.json", layout.frontend / "package-lock.json"])

    def run() -> None:
        ensure_node(layout)
        remedy = "Check the network or npm's registry setting, then run the same command again."
        run_quietly(["npm", "ci", "--no-audit", "--no-fund"], layout.frontend, node_environment(layout), remedy)

    return Step("Front-end packages", run, fingerprint, modules / ".linli", [modules])


def frontend_build_step(layout: Layout) -> Step:
    """Vite build. Reads templates, Python and packs too, because the icon sprite is made from the names in them."""
    target = layout.frontend / "dist"

    def fingerprint() -> str:
        sources = files_below(layout.frontend)
        sources += files_below(layout.checkout / "src", ".html", ".py")
        sources += files_below(layout.checkout / "packs", ".yaml", ".yml")
        return hash_files(sources)

    def run() -> None:
        ensure_node(layout)
        run_quietly(["npm", "run", "build"], layout.frontend, node_environment(layout))

    return Step("Front-end build", run, fingerprint, target / ".linli", [target])


def catalogues_step(layout: Layout) -> Step:
    """Compile every .po into the .mo beside it (not committed)."""
    sources = [path for folder in ("locale", "src") for path in files_below(layout.checkout / folder, ".po")]

    def run() -> None:
        for folder, domain in sorted({(path.parents[2], path.stem) for path in sources}):
            run_quietly([layout.python, "-m", "babel.messages.frontend", "compile", "-d", folder, "-D", domain])

    compiled = [path.with_suffix(".mo") for path in sources]
    return Step("Translations", run, lambda: hash_files(sources), layout.venv / ".linli-catalogues", compiled)
