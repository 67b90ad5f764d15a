"""`doctor`: is this machine fit, and what helps where it is not."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from launcher.city import open_city
from launcher.console import Console
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.locks import running_address
from launcher.machine import check_disk, check_python, ensure_pdf_tools, find_chromium, node_folder
from launcher.packages import python_step
from launcher.pgbinaries import find_binaries

Finding = dict[str, Any]


def doctor(layout: Layout, as_json: bool, console: Console) -> int:
    """Print the findings of the machine, then those of the application; 1 when one is bad. Installs nothing."""
    findings = list(_machine(layout))
    findings += _application(layout, console if not as_json else Console())
    if as_json:
        console.say(json.dumps(findings, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            mark = "ok " if finding["ok"] else "BAD"
            console.say(f"{mark} {finding['name']}: {finding['detail']}")
    return 0 if all(finding["ok"] for finding in findings) else 1


def _machine(layout: Layout) -> Iterator[Finding]:
    def needs(value: object, problem: str, remedy: str) -> str:
        if not value:
            raise LauncherError(problem, remedy)
        return str(value)

    def passes(look: Callable[[], None], result: str) -> str:
        look()
        return result

    def pdf() -> str:
        os.environ["LINLI_NO_APT"] = "1"  # a doctor looks, and changes nothing
        ensure_pdf_tools()
        return "found"

    yield _finding("python", lambda: passes(check_python, "new enough"))
    yield _finding("disk", lambda: passes(lambda: check_disk(layout.checkout, layout.state), "more than 2 GB free"))
    yield _finding("python packages", lambda: needs(_packages_current(layout) and "as locked", "Not installed as locked.", "./linli demo"))
    yield _finding("node", lambda: needs(node_folder(layout.venv), "No Node.", "apt-get install -y nodejs npm"))
    yield _finding("postgresql", lambda: f"version {find_binaries().major}")
    yield _finding("chromium", lambda: needs(find_chromium(), "No Chromium (tests only).", "apt-get install -y chromium"))
    yield _finding("chinese fonts and pdf", pdf)
    running = running_address(layout)
    yield {"name": "city", "ok": True, "detail": f"running at {running.url}" if running else "not running"}


def _packages_current(layout: Layout) -> bool:
    return any(python_step(layout, kind).is_done() for kind in ("base", "dev"))


def _application(layout: Layout, console: Console) -> list[Finding]:
    if not _packages_current(layout):
        return [{"name": "application", "ok": False, "detail": "not set up -> ./linli demo"}]
    try:
        with open_city(layout, console) as city:
            command = [str(layout.python), str(layout.manage), "doctor", "--json"]
            done = subprocess.run(command, cwd=layout.checkout, env=city.environment, capture_output=True, text=True, check=False)
    except LauncherError as error:
        return [{"name": "database", "ok": False, "detail": str(error)}]
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return [{"name": "application", "ok": False, "detail": (done.stderr or done.stdout).strip()[-800:]}]
    return [{"name": "application", "ok": done.returncode == 0, "detail": answer}]


def _finding(name: str, look: Callable[[], str]) -> Finding:
    try:
        return {"name": name, "ok": True, "detail": look()}
    except LauncherError as error:
        return {"name": name, "ok": False, "detail": str(error)}
