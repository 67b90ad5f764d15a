"""Web, events and worker for a bench that was not given a running city: the launcher's own commands, stopped at the end."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bench.measure import BenchError

PORT = 8460
READY_S = 60


@contextmanager
def serving(port: int = PORT) -> Iterator[str]:
    """Two web workers, one events process, one background worker; the address of the web."""
    root = Path(settings.ROOT)
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "LINLI_SITE_URL": url,
        "EVENTS_URL": f"http://127.0.0.1:{port + 1}",
        "LINLI_INSECURE_HTTP": "1",
        "PYTHONPATH": str(root / "src"),
    }
    granian = [str(Path(sys.executable).with_name("granian")), "--host", "127.0.0.1", "--no-ws", "--log-level", "warning"]
    commands = [
        [
            *granian,
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "3",
            "--backpressure",
            "64",
            "linli.config.wsgi:application",
        ],
        [*granian, "--interface", "asgi", "--port", str(port + 1), "--workers", "1", "linli.config.events:application"],
        [sys.executable, str(root / "src" / "manage.py"), "worker"],
    ]
    Path(settings.STATE_DIR).mkdir(parents=True, exist_ok=True)
    log = (Path(settings.STATE_DIR) / "bench.log").open("ab")
    started = [subprocess.Popen(command, cwd=root / "src", env=environment, stdout=log, stderr=log) for command in commands]
    try:
        _wait(port)
        yield url
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        log.close()


def _wait(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            link.request("GET", "/readyz")
            if link.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            link.close()
        time.sleep(0.2)
    raise BenchError(f"the web process does not answer on port {port}")
