"""systemd units and log rotation, checked by the programs that read them in production."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.machine import find_program
from launcher.services import EVENTS_BACKPRESSURE, GRANIAN_OPTIONS, WEB_BACKPRESSURE, WEB_THREADS, WEB_WORKERS

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "ops" / "systemd").glob("linli*.*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
EXPOSURE = 20
"""systemd's own mark for what a service could still do, in tenths of 10: the processes face the public."""


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: the units were NOT verified")
def test_systemd_reads_every_unit_without_a_word(tmp_path: Path) -> None:
    for path in UNITS:
        if path.suffix in (".service", ".timer", ".target"):
            text = (
                path.read_text(encoding="utf-8")
                .replace("/opt/linli/.venv/bin", str(Path(sys.executable).parent))
                .replace("/opt/linli", str(ROOT))
            )
            (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "linli" in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: the units' rights were NOT looked at")
@pytest.mark.parametrize("name", ["web", "worker", "events"])
def test_a_service_may_do_little(name: str) -> None:
    unit = str(ROOT / "ops" / "systemd" / f"linli-{name}.service")
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


def test_units_and_launcher_start_the_same_processes() -> None:
    texts = {path.stem.removeprefix("linli-"): path.read_text(encoding="utf-8") for path in SERVICES}
    assert f"LINLI_WEB_WORKERS={WEB_WORKERS}" in texts["web"]
    assert f"--blocking-threads {WEB_THREADS} --backpressure {WEB_BACKPRESSURE} " in texts["web"]
    assert f"--workers 1 --backpressure {EVENTS_BACKPRESSURE} " in texts["events"]
    for flag in (word for word in GRANIAN_OPTIONS if word.startswith("--")):
        assert flag in texts["web"] and flag in texts["events"]
    for text in texts.values():
        assert "OWNER" not in text and "User=linli" in text


def test_every_name_of_the_environment_is_documented() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / "ops" / "systemd" / "linli.env.example").read_text(encoding="utf-8"), re.M))
    pages = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert not {name for name in named if f"`{name}`" not in pages}


@pytest.mark.skipif(
    find_program("logrotate") is None, reason="logrotate is missing: ops/logrotate/linli was NOT tried (apt-get install -y logrotate)"
)
def test_logs_rotate_under_a_writer_and_stay_private(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir(mode=0o750)
    me, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    text = (ROOT / "ops" / "logrotate" / "linli").read_text(encoding="utf-8")
    assert "rotate 180" in text, "six months, as the Cybersecurity Law asks"
    text = text.replace("/var/log/linli", str(logs)).replace("su linli linli", f"su {me} {group}").replace("linli linli", f"{me} {group}")
    configuration = tmp_path / "linli"
    configuration.write_text(text, encoding="utf-8")
    configuration.chmod(0o644)
    command = [str(find_program("logrotate")), "-s", str(tmp_path / "state")]
    tried = subprocess.run([*command, "-d", str(configuration)], capture_output=True, text=True, check=False)
    assert tried.returncode == 0 and "error" not in tried.stderr, tried.stderr
    with (logs / "web.log").open("ab", buffering=0) as writer:
        for line in (b"first\n", b"second\n", b"third\n"):
            writer.write(line)
            subprocess.run([*command, "-f", str(configuration)], check=True, capture_output=True)
        writer.write(b"last\n")
    assert (logs / "web.log").read_bytes() == b"last\n", "systemd keeps the file open: it is cut in place"
    assert (logs / "web.log.1").read_bytes() == b"third\n"
    assert sorted(path.name for path in logs.iterdir()) == ["web.log", "web.log.1", "web.log.2.gz", "web.log.3.gz"]
