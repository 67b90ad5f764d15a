"""The three processes of the city, and knowing when they are ready."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable

from launcher.database import Database, server_settings
from launcher.environment import Address
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.supervise import Child, DatabaseChild, ProcessChild

GRANIAN_OPTIONS = ["--no-ws", "--log-level", "warning", "--workers-kill-timeout", "8"]
GRANIAN_OPTIONS += ["--respawn-failed-workers", "--respawn-interval", "0.1"]
WEB_WORKERS = "2"
WEB_THREADS = "3"
"""Threads a web worker: each holds one database connection."""
WEB_BACKPRESSURE = "64"
"""Connections a web worker takes, idle ones too; further ones wait until one ends (ops/nginx/linli.conf must keep fewer)."""
EVENTS_BACKPRESSURE = "4200"
"""Every listener is a connection for minutes: room for those the process accepts (LINLI_EVENTS_MOST) and for refusing the next ones."""
WEB_LINGER = 8.0
READY_TIMEOUT = 90.0
EVENTS_OPTIONS = [
    *GRANIAN_OPTIONS,
    "--interface",
    "asgi",
    "--workers",
    "1",
    "--backpressure",
    EVENTS_BACKPRESSURE,
    "linli.config.events:application",
]


def web_options(workers: str, threads: str) -> list[str]:
    """Of granian, behind host and port."""
    sizes = ["--workers", workers, "--blocking-threads", threads, "--backpressure", WEB_BACKPRESSURE]
    return [*GRANIAN_OPTIONS, "--interface", "wsgi", *sizes, "linli.config.wsgi:application"]


def city_children(layout: Layout, database: Database, environment: dict[str, str], address: Address) -> list[Child]:
    """Database (when private), worker, events, web: the order of starting; stopping goes the other way."""
    granian = [str(layout.venv / "bin" / "granian"), "--host", address.host]
    threads = os.environ.get("LINLI_WEB_THREADS", WEB_THREADS)
    commands = {
        "worker": [str(layout.python), str(layout.manage), "worker"],
        "events": [*granian, "--port", str(address.events_port), *EVENTS_OPTIONS],
        "web": [*granian, "--port", str(address.port), *web_options(WEB_WORKERS, threads)],
    }
    lingers = {"worker": 0.0, "events": 0.0, "web": WEB_LINGER}
    children: list[Child] = []
    if database.cluster is not None:
        children.append(DatabaseChild(database.cluster, server_settings()))
    for name, command in commands.items():
        children.append(ProcessChild(name, command, layout.logs / f"{name}.log", layout.checkout / "src", environment, lingers[name]))
    return children


def http_status(host: str, port: int, path: str, timeout: float = 5.0) -> int | None:
    """Status of a GET; None when nobody answers."""
    link = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        link.request("GET", path)
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        link.close()


def wait_until_ready(layout: Layout, address: Address, tick: Callable[[], None], timeout: float = READY_TIMEOUT) -> None:
    """Until `/readyz` answers 200; `tick` lets the supervisor work meanwhile."""
    deadline = time.monotonic() + timeout
    status: int | None = None
    while time.monotonic() < deadline:
        tick()
        status = http_status(address.host, address.port, "/readyz")
        if status == 200:
            return
        time.sleep(0.2)
    answer = "does not answer" if status is None else f"answers {status}"
    raise LauncherError(f"{address.url}/readyz {answer} after {timeout:.0f} s.", f"tail -n 40 {layout.logs / 'web.log'}")
