"""What a stranger reads when the machine lacks something: what is wrong, and the one thing that helps; never a traceback."""

from __future__ import annotations

import ast
import errno
import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import machine, packages, verbs
from launcher.city import pdf_step
from launcher.console import Console
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.shell import run_quietly
from launcher.steps import run_steps

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A checkout where nothing has been set up, on a machine where nothing may be installed."""
    for name in [name for name in os.environ if name.startswith("LINLI_") or name in {"DATABASE_URL", "EVENTS_URL"}]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LINLI_NO_APT", "1")
    layout = Layout(tmp_path / "checkout", tmp_path / "state")
    layout.checkout.mkdir()
    monkeypatch.setattr(verbs, "find_layout", lambda: layout)
    return layout


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_turned_away_before_it_reads_anything_of_ours(version: tuple[int, int, int]) -> None:
    script = f"import runpy, sys; sys.version_info = {version}; runpy.run_path({str(CHECKOUT / 'linli')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: Python {version[0]}.{version[1]} is too old: Linli needs 3.11 or newer.\n    -> python3.11 ./linli demo\n"
    )


def test_an_old_python_can_read_the_first_file() -> None:
    source = (CHECKOUT / "linli").read_bytes()
    assert source.isascii()
    assert ast.parse(source, feature_version=(3, 4))
    imported = [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    refusal = next(node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.If))
    assert [line for line in imported if line < refusal] == [min(imported)], "only sys comes before the refusal: Python 2 has no pathlib"


def test_a_taken_port_ends_the_demo_before_anything_is_set_up(bare: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert verbs.main(["demo", "--port", str(port)]) == 1
    told = said(capsys)
    assert told.startswith(f"error: Port {port} is taken by ") and f"    -> ./linli demo --port {port + 100}" in told
    assert not bare.venv.exists()


def test_a_nearly_full_disk_ends_the_demo_at_its_first_step(
    bare: Layout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "MINIMUM_FREE", 10**18)
    assert verbs.main(["demo", "--port", "18990"]) == 1
    told = said(capsys)
    assert "[ 1/11] Python and disk ... failed" in told and "error: The disk is nearly full:" in told and "2 GB are needed" in told
    assert not bare.venv.exists()


def test_a_disk_that_fills_meanwhile_is_said(bare: Layout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LauncherError, match=r"(?s)The disk became full while `sh -c .*\n    -> Free some space"):
        run_quietly(["sh", "-c", "cat /etc/passwd > /dev/full"])

    def full(*anything: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/state/keys")

    monkeypatch.setattr(verbs, "demo", full)
    assert verbs.main(["demo"]) == 1
    assert said(capsys).startswith("error: The disk is full: ")


def test_without_node_and_without_its_wheel_the_command_is_named(bare: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*anything: object) -> None:
        raise LauncherError("`pip install` failed", "Check the network")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(packages, "install_locked", no_network)
    with pytest.raises(LauncherError, match=r"No Node >= 20\.19 with npm was found.*\n    -> apt-get install -y nodejs npm"):
        packages.ensure_node(bare)


def test_an_old_node_is_not_taken(bare: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, answer in (("node", "v18.19.0"), ("npm", "9.2.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert machine.node_folder(bare.venv) is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.1.0\n")
    assert machine.node_folder(bare.venv) == tmp_path


def test_without_chromium_the_tests_say_so_and_fail(bare: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LauncherError, match=r"No Chromium was found; the browser tests need it\.\n    -> apt-get install -y chromium"):
        machine.ensure_chromium()
    monkeypatch.setenv("LINLI_CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(LauncherError, match=r"LINLI_CHROMIUM names .*nothing, which is not a program"):
        machine.ensure_chromium()


def test_a_chinese_font_is_looked_for_in_the_usual_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path / "none"), str(tmp_path)))
    (tmp_path / "opentype").mkdir()
    (tmp_path / "opentype" / "DejaVuSans.ttf").touch()
    assert not machine.has_cjk_font()
    (tmp_path / "opentype" / "NotoSansCJK-Regular.ttc").touch()
    assert machine.has_cjk_font()


@pytest.mark.parametrize(
    ("lacking", "words"),
    [("font", "No Chinese (CJK) font was found; PDF results would show empty boxes."), ("pango", "Pango was not found")],
)
def test_without_font_or_pango_the_demo_goes_on_with_a_note_and_tests_do_not(
    bare: Layout, lacking: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "has_cjk_font", lambda: lacking != "font")
    monkeypatch.setattr(machine.ctypes.util, "find_library", lambda name: None if lacking == "pango" else name)
    out = io.StringIO()
    run_steps([pdf_step(Console(stream=out), required=False)], Console(stream=out))
    assert f"note: {words}" in out.getvalue() and "    -> apt-get install -y fonts-noto-cjk libpango-1.0-0" in out.getvalue()
    with pytest.raises(LauncherError):
        run_steps([pdf_step(Console(stream=out), required=True)], Console(stream=out))


def test_without_nginx_nothing_is_started_behind_the_operators_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where systemd runs, apt would start a web server on port 80: the command is named instead, and the test says it was skipped."""
    monkeypatch.setattr(machine, "find_program", lambda name: None if name == "nginx" else f"/usr/sbin/{name}")
    monkeypatch.setattr(machine, "may_install", lambda: True)
    installed: list[str] = []
    monkeypatch.setattr(machine, "install", lambda *names: installed.extend(names))
    monkeypatch.setattr(machine, "SYSTEMD_RUNS", tmp_path)
    with pytest.raises(LauncherError, match=r"nginx not found: .* not tested here\.\n    -> apt-get install -y nginx"):
        machine.ensure_front_tools()
    assert installed == []
    monkeypatch.setattr(machine, "SYSTEMD_RUNS", tmp_path / "no")
    machine.ensure_front_tools()
    assert installed == ["nginx"]
