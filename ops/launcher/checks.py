"""`check` and `test`: every gate in one order, one summary, one exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from launcher.city import City, machine_steps, pdf_step, prepare_state
from launcher.console import Console
from launcher.environment import owner_environment
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.locks import one_set_up
from launcher.machine import ensure_chromium, ensure_front_tools, ensure_java, ensure_postgres, find_chromium
from launcher.packages import node_environment, pip, python_step
from launcher.postgres import ensure_roles, temporary_cluster
from launcher.shell import run_quietly
from launcher.steps import Step, run_steps

PYTEST_WORKERS = "2"
CLOSING_LINE = re.compile(r"\b\d+ (passed|failed|skipped|error|deselected)|no tests ran")


@dataclass(frozen=True)
class Check:
    """A gate: its name and the command, run in the checkout."""

    name: str
    command: list[str]


def static_checks(layout: Layout) -> list[Check]:
    """Lint, format, types, layers."""
    python = str(layout.python)
    tools = layout.venv / "bin"
    found = [
        Check("lint", [str(tools / "ruff"), "check"]),
        Check("format", [str(tools / "ruff"), "format", "--check"]),
        Check("types", [python, "-m", "mypy"]),
    ]
    if (layout.checkout / ".importlinter").exists():
        found.append(Check("layers", [str(tools / "lint-imports")]))
    return found


def run_checks(layout: Layout, console: Console) -> list[str]:
    """Run the gates that need no test; returns the names of the failed ones."""
    environment = City.plan(layout, "test").environment
    gates: dict[str, Callable[[], object]] = {
        check.name: partial(run_quietly, check.command, layout.checkout, environment) for check in static_checks(layout)
    }
    gates["migrations"] = partial(_migrations_are_complete, layout, environment)
    gates["front-end types"] = lambda: run_quietly(["npm", "run", "check"], layout.frontend, node_environment(layout))
    return [name for name, gate in gates.items() if not _passes(name, gate, console)]


E2E = ["tests/e2e"]
TESTS_FAILED = 1  # pytest: tests ran and some failed
UNIT = ["src", "tests", "--ignore=tests/e2e"]


def check(layout: Layout, console: Console) -> int:
    """`./linli check`: the gates and the house tests."""
    _set_up(layout, console, browser=False, front=False)
    failed = run_checks(layout, console)
    code, closing = run_pytest(layout, ["tests/house"], workers="0")
    return _conclude(console, failed, code, closing)


def test(layout: Layout, only: str | None, arguments: list[str], console: Console) -> int:
    """`./linli test`: set-up, gates, every test. With pytest arguments only those tests run, without the gates."""
    missing = _set_up(layout, console, browser=only != "unit", front=only != "e2e")
    failed = [] if arguments or only == "e2e" else run_checks(layout, console)
    runs = [arguments] if arguments else {"unit": [UNIT], "e2e": [E2E], None: [E2E, UNIT]}[only]
    closings: list[str] = []
    codes: list[int] = []
    for words in runs:
        # the browser tests have a live city of their own: they run alone and one after the other
        workers = "0" if words == E2E else os.environ.get("LINLI_TEST_WORKERS", PYTEST_WORKERS)
        code, closing = run_pytest(layout, words, workers)
        if not arguments and code == TESTS_FAILED:
            # a browser, or a process that is killed, may be slower on a busy machine than a test's patience: said aloud, and only once
            console.warn(f"{closing.strip('= ')}: those that failed are run once more, alone")
            code, again = run_pytest(layout, [*words, "--last-failed"], "0")
            closing = f"{closing}\n{again}"
        codes.append(code)
        closings.append(closing)
    console.say(f"Missing tools: {', '.join(missing) or 'none'}")
    return _conclude(console, failed + missing, max(codes), "\n".join(closings))


def run_pytest(layout: Layout, arguments: list[str], workers: str) -> tuple[int, str]:
    """Run pytest showing its output; returns its exit code and closing line."""
    command = [str(layout.python), "-m", "pytest", "-rs", *arguments]
    if workers != "0" and not any(word.startswith("-n") for word in arguments):
        command += ["-n", workers, "--dist", "loadfile"]
    closing = "pytest ended before it ran a test"
    environment = pytest_environment()
    with subprocess.Popen(command, cwd=layout.checkout, env=environment, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            if CLOSING_LINE.search(line):
                closing = line.strip()
    return process.returncode, closing


def pytest_environment() -> dict[str, str]:
    """The tests start a cluster and make keys of their own (conftest.py): nothing of a real city reaches them."""
    names = {
        "DATABASE_URL",
        "LINLI_OWNER_DATABASE_URL",
        "LINLI_BACKUP_DATABASE_URL",
        "LINLI_KEYS_FILE",
        "LINLI_SECRET_KEY_FILE",
        "LINLI_STATE",
    }
    found = {name: value for name, value in os.environ.items() if name not in names}
    chromium = find_chromium()
    return found | {"LINLI_MODE": "test"} | ({"LINLI_CHROMIUM": chromium} if chromium else {})


def _set_up(layout: Layout, console: Console, browser: bool, front: bool) -> list[str]:
    """Everything tests need; returns the tools that are missing after naming the command that installs each."""
    prepare_state(layout)
    missing: list[str] = []

    def tool(name: str, ensure: Callable[[], None], required: bool = True) -> Step:
        def run() -> None:
            try:
                ensure()
            except LauncherError as error:
                if not required:  # its tests say themselves that they were skipped
                    console.warn(str(error))
                    return
                missing.append(name)
                console.fail(str(error))

        return Step(name, run)

    steps = [*machine_steps(layout, "dev"), pdf_step(console, required=browser)]
    steps.append(tool("PostgreSQL", lambda: ensure_postgres(pip(layout), layout.checkout / "requirements" / "postgres.txt")))
    if front:
        steps.append(tool("nginx and logrotate", ensure_front_tools, required=False))
        steps += [python_step(layout, "spark", "Spark"), tool("Java", ensure_java)]
    if browser:
        steps.append(tool("Chromium", ensure_chromium))
    with one_set_up(layout):
        run_steps(steps, console)
    return missing


def _migrations_are_complete(layout: Layout, environment: dict[str, str]) -> None:
    """Models and migrations agree. An empty throw-away database answers Django's question for the history."""
    with temporary_cluster() as cluster:
        ensure_roles(cluster, "linli")
        found = owner_environment(environment, cluster.dsn("linli_owner", "linli")) | {"DATABASE_URL": cluster.dsn("linli_app", "linli")}
        run_quietly([layout.python, layout.manage, "makemigrations", "--check", "--dry-run"], layout.checkout, found)


def _passes(name: str, run: Callable[[], object], console: Console) -> bool:
    started = time.monotonic()
    try:
        run()
    except LauncherError as error:
        console.fail(f"{name}\n{error}")
        return False
    console.say(f"ok: {name} ({time.monotonic() - started:.1f} s)")
    return True


def _conclude(console: Console, failed: list[str], code: int, closing: str) -> int:
    if failed:
        console.fail(f"failed: {', '.join(failed)}")
    console.say(closing)
    return 1 if failed or code else 0
