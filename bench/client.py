"""A small HTTP/1.1 client that keeps one connection: the load must come from the server's work, not from the client's."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

TIMEOUT_S = 30
REST_S = 10.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Client:
    """One browser, or a program with ``headers`` of its own: its connection and cookies. Only this machine is ever spoken to."""

    base_url: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _used: float = 0.0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"")

    def post(self, path: str, values: Mapping[str, str] | list[tuple[str, str]]) -> Answer:
        """Send a form with its CSRF token, as the page's own would be."""
        token = self.cookies.setdefault("csrftoken", "benchbenchbenchbenchbenchbench12")
        pairs = [*(values.items() if isinstance(values, Mapping) else values), ("csrfmiddlewaretoken", token)]
        return self._ask("POST", path, urlencode([p for p in pairs if p[0] != "csrfmiddlewaretoken" or p[1] == token]).encode())

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        place = urlsplit(self.base_url)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", "Accept-Language: zh-CN", f"Referer: {self.base_url}/"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        if time.monotonic() - self._used > REST_S:  # the server closes what rests for half a minute
            self.close()
        self._used = time.monotonic()
        for attempt in (0, 1):
            kept = self._socket is not None
            try:
                answer = self._exchange(request, place.hostname or "127.0.0.1", place.port or 80)
            except (ConnectionError, BrokenPipeError):
                self.close()
                if attempt or not kept or method != "GET":
                    raise
                continue
            return answer
        raise ConnectionError(path)

    def _exchange(self, request: bytes, host: str, port: int) -> Answer:
        if self._socket is None:
            if not host.startswith("127."):
                raise ValueError("the bench speaks to this machine only")
            self._socket = socket.create_connection((host, port), timeout=TIMEOUT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        return self._read(self._socket)

    def _read(self, link: socket.socket) -> Answer:
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(link)
        head, rest = data[:end].decode("latin-1").split("\r\n"), data[end + 4 :]
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                key, _, cookie = value.strip().partition("=")
                self.cookies[key] = cookie.partition(";")[0]
            headers[name.lower()] = value.strip()
        status = int(head[0].split(" ", 2)[1])
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._chunks(link, rest)
        else:
            length = 0 if status in (204, 304) else int(headers.get("content-length", "0"))
            while len(rest) < length:
                rest += self._more(link)
            body = bytes(rest)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def _chunks(self, link: socket.socket, data: bytearray) -> bytes:
        body = bytearray()
        while True:
            while (end := data.find(b"\r\n")) < 0:
                data += self._more(link)
            size = int(data[:end].split(b";")[0], 16)
            while len(data) < end + 2 + size + 2:
                data += self._more(link)
            body += data[end + 2 : end + 2 + size]
            del data[: end + 2 + size + 2]
            if not size:
                return bytes(body)

    def _more(self, link: socket.socket) -> bytes:
        data = link.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data
