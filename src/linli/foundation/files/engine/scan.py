"""Asks clamd whether a file carries something known (its INSTREAM command)."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from linli.foundation.files.types import ScanResult, ScanState
from linli.lib.errors import Unavailable

_CHUNK = 64 * 1024


def scan(path: Path) -> ScanResult:
    """The verdict on a file. OFF when no scanner is set up; SCAN_UNAVAILABLE when one is but does not answer: then nothing is taken in."""
    if not settings.CLAMD_SOCKET:
        return ScanResult(ScanState.OFF)
    try:
        with _connect(settings.CLAMD_SOCKET) as link, path.open("rb") as file:
            link.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                link.sendall(struct.pack("!I", len(chunk)) + chunk)
            link.sendall(struct.pack("!I", 0))
            answer = _read(link)
    except OSError as error:
        raise _silent() from error
    if answer.endswith("FOUND"):
        return ScanResult(ScanState.INFECTED, answer.removeprefix("stream:").removesuffix("FOUND").strip())
    if answer == "stream: OK":
        return ScanResult(ScanState.CLEAN)
    raise _silent()  # "INSTREAM size limit exceeded", or something that is not clamd


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(settings.CLAMD_TIMEOUT_S)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=settings.CLAMD_TIMEOUT_S)


def _read(link: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (part := link.recv(4096)):
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _silent() -> Unavailable:
    return Unavailable(
        "SCAN_UNAVAILABLE",
        gettext_noop("The virus scanner does not answer, so no file can be taken."),
        field="file",
        hint=gettext_noop("Try again in a few minutes."),
    )
