"""ops/nginx/linli.conf itself, with other ports and paths, in front of the processes that ops/systemd starts: what a visitor gets through it."""

from __future__ import annotations

import gzip
import http.client
import re
import shlex
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import override_settings

from launcher.environment import product_environment
from launcher.machine import find_program
from launcher.services import EVENTS_BACKPRESSURE, http_status
from launcher.supervise import ProcessChild

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.ops.living import Ground, counters, free_pair, ground  # noqa: E402

NGINX = find_program("nginx")
NAME = "linli.example.gov.cn"
MEGABYTE = 1024 * 1024
CARD = "/desk/counter/MZ13/"
"""A matter whose form asks for a photograph."""
NGINX_WORKERS = 2
ONCE = (
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "strict-transport-security",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cache-control",
)
pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed: ops/nginx/linli.conf was NOT tested (apt-get install -y nginx)"
)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def __getitem__(self, name: str) -> str:
        return self.values(name)[0]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Front:
    """nginx with its city behind it."""

    https: int
    http: int
    folder: Path
    ground: Ground
    web: ProcessChild
    session: str

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """One request over TLS in the site's name."""
        link = http.client.HTTPSConnection("127.0.0.1", self.https, context=context(), timeout=60)
        wanted = {"Host": NAME, "Referer": f"https://{NAME}/", **{k.replace("_", "-"): v for k, v in headers.items()}}
        try:
            link.request(method, path, body, wanted)
            found = link.getresponse()
            return Answer(found.status, found.getheaders(), found.read())
        finally:
            link.close()

    @property
    def cookies(self) -> str:
        return f"sessionid={self.session}"

    @property
    def flag(self) -> Path:
        return self.folder / "maintenance.on"

    def ground_file(self) -> tuple[str, bytes]:
        """A file in the city's folder and a signed link to it for the clerk of the session."""
        from django.conf import settings
        from django.contrib.sessions.backends.db import SessionStore

        from linli.foundation.files import actions, queries
        from linli.foundation.types import system_actor

        content = b"%PDF-1.7\n" + bytes(range(256)) * 8000 + b"\n%%EOF\n"
        user = SessionStore(self.session)["_auth_user_id"]
        with override_settings(MEDIA_ROOT=self.ground.layout.uploads):
            assert self.ground.layout.uploads == settings.MEDIA_ROOT
            row = actions.store(
                system_actor("test").but(user_id=uuid4()), upload=SimpleUploadedFile("a.pdf", content), name="a.pdf", level=3
            )
        link = queries.sign_link(row.pk, seconds=60, user_id=UUID(user))
        connections.close_all()
        return f"/desk/files/{row.pk}/link/?{urlencode(link)}", content


def context() -> ssl.SSLContext:
    """The certificate is the test's own; what is looked at lies behind it."""
    found = ssl.create_default_context()
    found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
    return found


@pytest.fixture(scope="module")
def front(request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    with ground(request.config, django_db_blocker, "nginx") as made:
        sessions = counters()
        port = free_pair(made.address.port + 2)
        configuration = write_configuration(folder, port, made)
        web, events = (unit(name, made) for name in ("web", "events"))
        server = None
        try:
            web.start()
            events.start()
            server = subprocess.Popen([str(NGINX), "-c", str(configuration), "-p", str(folder)], stderr=(folder / "nginx.log").open("w"))
            wait(made)
            yield Front(port + 1, port, folder, made, web, sessions[0])
        finally:
            for process in [server] if server else []:
                process.terminate()
                process.wait(20)
            events.end(0.1)
            web.end(0.1)


def write_configuration(folder: Path, port: int, made: Ground) -> Path:
    """The shipped file with this test's ports, paths and certificate; every replacement must find its words."""
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*certificate, "-keyout", "key.pem", "-out", "chain.pem"], cwd=folder, check=True, capture_output=True)
    text = (ROOT / "ops" / "nginx" / "linli.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port + 1} ssl http2;"),
        ("127.0.0.1:8000", f"127.0.0.1:{made.address.port}"),
        ("127.0.0.1:8001", f"127.0.0.1:{made.address.events_port}"),
        ("/etc/linli/tls/fullchain.pem", str(folder / "chain.pem")),
        ("/etc/linli/tls/private.pem", str(folder / "key.pem")),
        ("/etc/nginx/linli-maintenance.on", str(folder / "maintenance.on")),
        ("/opt/linli/", f"{ROOT}/"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "linli.conf").write_text(text, encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"""daemon off; {"user root;" if Path.home().owner() == "root" else ""} worker_processes {NGINX_WORKERS};
    pid {folder}/nginx.pid; error_log stderr warn;
    events {{ worker_connections 2048; }}
    http {{ {temporary} include {mime_types()}; default_type application/octet-stream; access_log off; include {folder}/linli.conf; }}"""
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    done = subprocess.run(
        [str(NGINX), "-t", "-c", str(folder / "nginx.conf"), "-p", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "nginx.conf"


def mime_types() -> Path:
    return next(path for path in map(Path, ("/etc/nginx/mime.types", "/usr/local/etc/nginx/mime.types")) if path.exists())


def unit(name: str, made: Ground) -> ProcessChild:
    """The process as its systemd unit starts it, in production mode, with this test's ports and state."""
    text = (ROOT / "ops" / "systemd" / f"linli-{name}.service").read_text(encoding="utf-8")
    said = dict(pair.split("=", 1) for line in re.findall(r"^Environment=(.*)$", text, re.M) for pair in shlex.split(line))
    environment = {**said, **product_environment(made.layout, made.database.app_url, "production", made.address)}
    environment |= {
        "LINLI_HOSTS": NAME,
        "LINLI_SITE_URL": f"https://{NAME}",
        "EVENTS_URL": "",
        "LINLI_WEB_WORKERS": said["LINLI_WEB_WORKERS"],
    }
    command = re.findall(r"^ExecStart=(.*)$", text, re.M)[0].replace("/opt/linli/.venv/bin", str(Path(sys.executable).parent))
    command = re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], command)
    return ProcessChild(name, shlex.split(command), made.layout.logs / f"{name}.log", ROOT / "src", environment)


def wait(made: Ground, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # straight at granian, without the header by which nginx says https: the product sends everybody to https
        if (
            http_status("127.0.0.1", made.address.port, "/healthz")
            and http_status("127.0.0.1", made.address.events_port, "/healthz") == 200
        ):
            return
        time.sleep(0.2)
    raise AssertionError((made.layout.logs / "web.log").read_text()[-2000:] + (made.layout.logs / "events.log").read_text()[-2000:])


def test_plain_http_is_sent_to_https_and_the_product_knows_it_is_spoken_to_safely(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.http), timeout=20) as link:
        link.sendall(f"GET /matters/?q=1 HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
        answer = link.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 301") and f"Location: https://{NAME}/matters/?q=1" in answer
    page = front.ask("/accounts/sign-in/")
    assert page.status == 200, "X-Forwarded-Proto arrives: no redirect to where we are already"
    assert all("Secure" in cookie for cookie in page.values("set-cookie")) and page.values("set-cookie")
    assert "max-age=31536000" in page["strict-transport-security"]


def test_browsers_are_offered_http2(front: Front) -> None:
    asking = context()
    asking.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", front.https), timeout=20) as link, asking.wrap_socket(link, server_hostname=NAME) as safe:
        assert safe.selected_alpn_protocol() == "h2"


def test_no_header_is_said_twice(front: Front) -> None:
    page = front.ask("/")
    script = front.ask(re.findall(r'src="(/static/assets/[^"]+\.js)"', page.text)[0])
    for answer in (page, script, front.ask("/no/such/page/"), front.ask("/events/?ticket=x"), front.ask("/healthz")):
        assert not {name: answer.values(name) for name in ONCE if len(answer.values(name)) > 1}
    assert {"content-security-policy", "x-frame-options", "x-content-type-options"} <= {name.lower() for name, _ in page.headers}
    assert page["server"] == "nginx" and not page.values("x-powered-by")


def test_built_files_are_kept_for_ever_and_travel_small(front: Front) -> None:
    page = front.ask("/", Accept_Encoding="gzip")
    assert page["content-encoding"] == "gzip" and "accept-encoding" in ",".join(page.values("vary")).lower()
    html = gzip.decompress(page.body).decode()
    for name in [*re.findall(r'src="(/static/assets/[^"]+\.js)"', html), *re.findall(r'href="(/static/assets/[^"]+\.css)"', html)]:
        plain, small = front.ask(name), front.ask(name, Accept_Encoding="gzip")
        assert plain.status == small.status == 200
        assert "immutable" in small["cache-control"] and not plain.values("content-encoding")
        if len(plain.body) > 1000:
            assert small["content-encoding"] == "gzip", f"{name} ({small['content-type']}) travels uncompressed"
            assert gzip.decompress(small.body) == plain.body and len(small.body) < len(plain.body)


def test_a_file_of_25_megabytes_is_answered_beside_its_field_and_a_heap_by_a_page(front: Front) -> None:
    """Which file is too large is the application's to say; nginx refuses only what no form can need."""
    name = re.findall(r'<input type="file"[^>]* name="([^"]+)"', front.ask(CARD, Cookie=front.cookies).text)[0]
    boundary, token = uuid4().hex, "c" * 32
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n'
    body = head.encode() + bytes(25 * MEGABYTE) + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    answer = front.ask(CARD, "POST", body, Cookie=f"{front.cookies}; csrftoken={token}", Content_Type=kind)
    assert answer.status == 422, answer.text[:300]
    assert re.search(r"\d+\s*MB", re.sub(r"<[^>]+>", " ", answer.text.split("ui-error-summary")[1])), (
        "the file's limit is said in the summary"
    )
    refused = front.ask(CARD, "POST", Cookie=front.cookies, Content_Length=str(101 * MEGABYTE))
    assert refused.status == 413
    assert "内容太大" in refused.text and refused["cache-control"] == "no-store"


def test_a_signed_link_downloads_the_file_for_its_account_only(front: Front) -> None:
    link, content = front.ground_file()
    answer = front.ask(link, Cookie=front.cookies)
    assert (answer.status, answer.body) == (200, content)
    assert answer["content-length"] == str(len(content)) and answer["content-type"] == "application/pdf"
    assert not {name: answer.values(name) for name in ONCE if len(answer.values(name)) > 1}
    assert "no-store" in answer["cache-control"]
    assert front.ask(link).status == 404
    assert front.ask(link.replace("sig=", "sig=x"), Cookie=front.cookies).status == 404


def test_live_pages_hear_at_once(front: Front) -> None:
    """nginx buffers nothing of the stream: what the database announces is there within two seconds, and again."""
    database = front.ground.database.cluster
    assert database is not None
    with socket.create_connection(("127.0.0.1", front.https), timeout=20) as link, context().wrap_socket(link) as safe:
        safe.sendall(f"GET {ticket()} HTTP/1.1\r\nHost: {NAME}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        heard = read_until(safe, b": open")
        assert b"text/event-stream" in heard and b"Content-Encoding" not in heard
        for topic in ("cases.one", "cases.two"):
            began = time.monotonic()
            database.psql(f"NOTIFY linli_live, '{topic}  '", "linli", role="linli_app")
            read_until(safe, f"data: {topic}".encode())
            assert time.monotonic() - began < 2.0


def test_a_burst_is_answered_and_leaves_room_behind_it(front: Front) -> None:
    """granian counts kept connections too: after a crowd nginx holds few of them, and the next visitor is answered at once."""
    name = re.findall(r'src="(/static/assets/[^"]+\.js)"', front.ask("/").text)[0]
    with ThreadPoolExecutor(100) as crowd:
        assert set(crowd.map(lambda _: front.ask(name).status, range(400))) == {200}
    assert established(front.ground.address.port) <= NGINX_WORKERS * kept_by_nginx()
    began = time.monotonic()
    assert front.ask("/healthz").status == 200
    assert time.monotonic() - began < 2.0


def test_kept_connections_stay_far_below_what_granian_takes() -> None:
    command = (ROOT / "ops" / "systemd" / "linli-web.service").read_text(encoding="utf-8")
    takes = 2 * int(re.findall(r"--backpressure (\d+)", command)[0])
    assert 16 * kept_by_nginx() * 2 <= takes, "sixteen nginx workers together hold at most half of granian's connections"
    assert "LINLI_WEB_WORKERS=2" in command
    assert f"--backpressure {EVENTS_BACKPRESSURE} " in (ROOT / "ops" / "systemd" / "linli-events.service").read_text(encoding="utf-8")
    assert int(EVENTS_BACKPRESSURE) > 4000, "more than LINLI_EVENTS_MOST, so that a refusal can be said"


def test_only_sending_the_sign_in_form_is_counted(front: Front) -> None:
    looks = [front.ask("/desk/sign-in/").status for _ in range(40)]
    assert set(looks) == {200}
    form = {"method": "POST", "body": b"x=1", "Content_Type": "application/x-www-form-urlencoded"}
    answers = [front.ask("/accounts/sign-in/" if n % 2 else "/desk/sign-in/", **form) for n in range(60)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 5 <= len(refused) <= 30
    assert "太频繁" in refused[-1].text and refused[-1]["retry-after"] == "300"
    assert not {name: refused[-1].values(name) for name in ONCE if len(refused[-1].values(name)) > 1}


def test_monitoring_is_for_this_machine_and_says_the_state(front: Front) -> None:
    assert front.ask("/healthz").status == 200
    assert front.ask("/readyz").status == 200
    assert "# HELP" in front.ask("/metrics").text


def test_the_maintenance_page_closes_every_door_but_the_monitoring(front: Front) -> None:
    front.flag.touch()
    try:
        closed = [front.ask("/"), front.ask("/desk/inbox/"), front.ask("/accounts/sign-in/", "POST", b"x=1"), front.ask("/api/v1/matters")]
        assert front.ask("/healthz").status == 200
    finally:
        front.flag.unlink()
    for answer in closed:
        assert answer.status == 503, "a form that is sent gets the page too"
        assert "系统正在维护" in answer.text and answer["retry-after"] == "300" and answer["cache-control"] == "no-store"
    assert front.ask("/").status == 200
    assert front.ask("/linli-page/maintenance.html").status == 404, "the page has no address of its own"


def test_without_the_web_process_the_same_page_appears_until_it_is_back(front: Front) -> None:
    front.web.ask_to_stop()
    front.web.end(30)
    answer = front.ask("/")
    assert answer.status == 502 and "系统正在维护" in answer.text
    front.web.start()
    wait(front.ground)
    assert front.ask("/").status == 200


def ticket() -> str:
    """Address of the stream for somebody who may hear everything."""
    from linli.foundation.access.engine.ticket import stream_address
    from linli.foundation.types import Actor, ActorKind, Level, RegionRange

    with override_settings(EVENTS_URL=""):
        ranges = (RegionRange.below("", level=Level.PERSONAL),)
        return stream_address(Actor(ActorKind.STAFF, user_id=uuid4(), ranges=ranges))


def read_until(link: ssl.SSLSocket, words: bytes) -> bytes:
    data = b""
    while words not in data:
        data += link.recv(4096)
    return data


def kept_by_nginx() -> int:
    text = (ROOT / "ops" / "nginx" / "linli.conf").read_text(encoding="utf-8")
    return int(re.findall(r"upstream linli_web \{[^}]*keepalive (\d+);", text)[0])


def established(port: int) -> int:
    """Connections that somebody holds to a port of this machine."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[3] == "01" and int(row[2].rpartition(":")[2], 16) == port for row in rows)
