"""Set-up steps, keys, locks and the wording of errors."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from launcher import machine
from launcher.city import City
from launcher.console import Console
from launcher.environment import Address, owner_environment, product_environment, usual_mode
from launcher.errors import LauncherError
from launcher.keys import ensure_keys, key_ids, keyring_file, secret_file
from launcher.layout import Layout, find_layout
from launcher.locks import announce, only_one, running_address
from launcher.packages import node_environment
from launcher.steps import Step, files_below, hash_files, run_steps
from launcher.verbs import build_parser, main

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nobody has configured anything."""
    for name in [name for name in os.environ if name.startswith("LINLI_") or name in {"DATABASE_URL", "EVENTS_URL"}]:
        monkeypatch.delenv(name)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(CHECKOUT, tmp_path / "state")
    found.prepare()
    return found


def test_step_is_skipped_until_an_input_changes(tmp_path: Path) -> None:
    source, runs, out = tmp_path / "in.txt", [], io.StringIO()
    source.write_text("one")
    step = Step("Build", lambda: runs.append(1), lambda: hash_files([source]), tmp_path / "stamp")
    run_steps([step], Console(stream=out))
    run_steps([step], Console(stream=out))
    assert len(runs) == 1
    assert out.getvalue().splitlines()[-1] == "[ 1/ 1] Build ... ready"
    source.write_text("two")
    run_steps([step], Console(stream=out))
    assert len(runs) == 2


def test_failed_step_runs_again_and_finished_ones_do_not(tmp_path: Path) -> None:
    runs: list[str] = []
    broken = [True]

    def second() -> None:
        runs.append("second")
        if broken[0]:
            raise LauncherError("no network")

    steps = [Step("First", lambda: runs.append("first"), stamp=tmp_path / "a"), Step("Second", second, stamp=tmp_path / "b")]
    out = io.StringIO()
    with pytest.raises(LauncherError):
        run_steps(steps, Console(stream=out))
    assert "[ 2/ 2] Second ... failed" in out.getvalue()
    broken[0] = False
    run_steps(steps, Console(stream=out))
    assert runs == ["first", "second", "second"]


def test_step_runs_again_when_its_output_is_gone(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    step = Step("Build", built.mkdir, stamp=tmp_path / "stamp", outputs=[built])
    step.perform()
    assert step.is_done()
    built.rmdir()
    assert not step.is_done()


def test_built_folders_do_not_count_as_inputs(tmp_path: Path) -> None:
    for name in ("src/a.ts", "dist/a.js", "node_modules/x/b.ts"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files_below(tmp_path) == [tmp_path / "src" / "a.ts"]


def test_keys_are_private_and_never_replaced(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    before = keyring_file(tmp_path).read_bytes(), secret_file(tmp_path).read_bytes()
    ensure_keys(tmp_path)
    assert (keyring_file(tmp_path).read_bytes(), secret_file(tmp_path).read_bytes()) == before
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    ring = json.loads(before[0])
    assert [len(base64.b64decode(ring[name])) for name in ("index",)] + [len(base64.b64decode(ring["keys"]["k1"]))] == [32, 32]
    assert key_ids(keyring_file(tmp_path)) == [ring["current"]]


def test_services_never_get_the_owners_address(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_OWNER_DATABASE_URL", "postgresql://linli_owner@/linli")
    environment = product_environment(layout, "postgresql://linli_app@/linli", "demo", Address(port=9000))
    assert "LINLI_OWNER_DATABASE_URL" not in environment
    assert (environment["LINLI_PORT"], environment["LINLI_EVENTS_PORT"], environment["EVENTS_URL"]) == (
        "9000",
        "9001",
        "http://127.0.0.1:9001",
    )
    assert owner_environment(environment, "x")["LINLI_OWNER_DATABASE_URL"] == "x"


def test_operators_database_needs_the_owners_address_too(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/linli")
    with pytest.raises(LauncherError, match="LINLI_OWNER_DATABASE_URL is not"):
        City.plan(layout, "production").database.require_owner()
    monkeypatch.setenv("LINLI_OWNER_DATABASE_URL", "postgresql://owner@db/linli")
    city = City.plan(layout, usual_mode())
    assert city.database.cluster is None
    assert city.environment["LINLI_MODE"] == "production"
    assert city.environment["DATABASE_URL"] == "postgresql://app@db/linli"


def test_state_is_outside_the_checkout_and_differs_between_checkouts() -> None:
    here, there = find_layout(CHECKOUT), find_layout(CHECKOUT / "other")
    assert not here.state.is_relative_to(CHECKOUT)
    assert here.state != there.state


def test_taken_port_names_its_holder_and_another_port() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(LauncherError) as caught:
            machine.check_port(port)
    assert f"Port {port} is taken by" in str(caught.value)
    assert f"(pid {os.getpid()})" in str(caught.value)
    assert f"./linli demo --port {port + 100}" in str(caught.value)


def test_full_disk_is_said_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda place: usage(10, 10, 1024**3))
    with pytest.raises(LauncherError, match=r"nearly full: 1\.0 GB left at .*, 2 GB are needed"):
        machine.check_disk(tmp_path / "not" / "yet")


def test_old_python_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.sys, "version_info", (3, 9, 2))
    with pytest.raises(LauncherError, match=r"Python 3\.9\.2 is too old: Linli needs 3\.11 or newer"):
        machine.check_python()


def test_missing_node_names_the_command(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LauncherError, match=r"No Node >= 20\.19 with npm"):
        node_environment(Layout(tmp_path, layout.state))


@pytest.mark.parametrize(
    ("look", "ensure", "words"),
    [
        ("find_chromium", "ensure_chromium", "apt-get install -y chromium"),
        ("has_cjk_font", "ensure_pdf_tools", "apt-get install -y fonts-noto-cjk"),
    ],
)
def test_missing_tool_names_the_command_when_it_may_not_install(
    look: str, ensure: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, look, lambda: None)
    monkeypatch.setenv("LINLI_NO_APT", "1")
    with pytest.raises(LauncherError, match=words):
        getattr(machine, ensure)()


def test_root_on_debian_installs_the_missing_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(machine, "find_chromium", lambda: None)
    monkeypatch.setattr(machine, "may_install", lambda: True)
    monkeypatch.setattr(machine, "install", lambda *packages: installed.extend(packages))
    machine.ensure_chromium()
    assert installed == ["chromium"]


def test_second_launcher_of_a_checkout_is_refused(layout: Layout) -> None:
    with only_one(layout):
        announce(layout, Address(port=8123))
        assert running_address(layout) == Address(port=8123)
        with pytest.raises(LauncherError, match=f"already running \\(launcher {os.getpid()}\\)"), only_one(layout):
            pass
    assert running_address(layout) is None


def test_refused_second_launcher_leaves_the_first_findable(layout: Layout) -> None:
    with only_one(layout):
        announce(layout, Address(port=8123))
        with pytest.raises(LauncherError), only_one(layout):
            pass
        assert running_address(layout) == Address(port=8123)


def test_words_for_management_commands_pass_unread() -> None:
    options, rest = build_parser().parse_known_args(["city", "--people", "2000", "--checksum"])
    assert (options.verb, rest) == ("city", ["--people", "2000", "--checksum"])
    options, rest = build_parser().parse_known_args(["manage", "shell", "--help"])
    assert (options.verb, rest) == ("manage", ["shell", "--help"])


def test_problem_is_one_line_and_its_remedy_without_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("launcher.verbs.shutil.which", lambda name: None)
    assert main(["lock"]) == 1
    assert capsys.readouterr().out == "error: `lock` needs uv.\n    -> pip install uv\n"


def test_launcher_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", str(CHECKOUT / "linli"), "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(verb in done.stdout for verb in ("demo", "test", "tour", "check", "bench", "backup", "restore", "doctor"))


def test_a_server_is_prepared_without_state_or_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []
    monkeypatch.setattr("launcher.verbs.find_layout", lambda: Layout(CHECKOUT, tmp_path / "state"))
    monkeypatch.setattr("launcher.verbs.run_steps", lambda steps, console: titles.extend(step.title for step in steps))
    assert main(["prepare"]) == 0
    assert titles == [
        "Python and disk",
        "Python packages",
        "Front-end packages",
        "Front-end build",
        "Translations",
        "Chinese fonts and PDF",
    ]
    assert not (tmp_path / "state").exists()
