"""`./linli demo --lan`: the demo over HTTPS for phones. Here on 127.0.0.1 only, with real TLS and the certificate pinned."""

from __future__ import annotations

import hashlib
import http.client
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.ops.living import free_pair, ground  # noqa: E402

from launcher.environment import Address, product_environment  # noqa: E402
from launcher.errors import LauncherError  # noqa: E402
from launcher.lan import AWAY, Lan, certified, lan_children, own_addresses, plan_lan  # noqa: E402
from launcher.layout import Layout  # noqa: E402
from launcher.services import http_status  # noqa: E402
from launcher.verbs import build_parser  # noqa: E402

HERE = "127.0.0.1"


@pytest.fixture
def bare(tmp_path: Path) -> Layout:
    return Layout(ROOT, tmp_path / "state")


def test_an_address_of_the_local_network_is_taken_and_no_other(bare: Layout) -> None:
    found = plan_lan(bare, "192.168.7.20", Address(port=8000))
    assert (found.url, found.events_url) == ("https://192.168.7.20:8443", "https://192.168.7.20:8444")
    for wrong in ("8.8.8.8", "0.0.0.0", "kitchen"):
        with pytest.raises(LauncherError, match="not an address"):
            plan_lan(bare, wrong, Address())


def test_nothing_listens_beyond_this_machine_unless_asked() -> None:
    parser = build_parser()
    assert parser.parse_args(["demo"]).lan is None and parser.parse_args(["demo"]).host == HERE
    assert parser.parse_args(["demo", "--lan"]).lan == ""
    assert parser.parse_args(["demo", "--lan", "10.1.2.3"]).lan == "10.1.2.3"


def test_the_certificate_names_this_machine_and_its_key_is_private(bare: Layout) -> None:
    lan = certified(bare, plan_lan(bare, HERE, Address()))
    leaf = x509.load_pem_x509_certificate((lan.folder / "certificate.pem").read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(address) for address in names.get_values_for_type(x509.IPAddress)} == {HERE, *own_addresses()}
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in lan.folder.iterdir()}
    assert modes == {"certificate.pem": 0o644, "key.pem": 0o600, "linli-ca.crt": 0o644}, "the authority's own key is nowhere"
    assert stat.S_IMODE(lan.folder.stat().st_mode) == 0o700
    der = ssl.PEM_cert_to_DER_cert(
        (lan.folder / "certificate.pem").read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    )
    assert lan.fingerprint.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
    assert lan.qr.count("\n") > 10
    assert certified(bare, replace(lan, fingerprint="")).fingerprint == lan.fingerprint, "phones need not trust it anew every day"
    elsewhere = certified(bare, replace(lan, address=Address("10.99.99.99", 8443)))
    assert elsewhere.fingerprint != lan.fingerprint


@dataclass
class Phone:
    """Believes nothing but the authority it was given."""

    lan: Lan
    cookies: dict[str, str]

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, *, events: bool = False, **headers: str) -> tuple[Any, str]:
        trusting = ssl.create_default_context(cafile=str(self.lan.authority))
        port = self.lan.address.events_port if events else self.lan.address.port
        link = http.client.HTTPSConnection(HERE, port, context=trusting, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", **headers}
        link.request(method, path, urlencode(form or {}) if method == "POST" else None, told)
        answer = link.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            assert "Secure" in value, value
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        text = answer.read().decode("utf-8", errors="replace")
        link.close()
        return answer, text


@pytest.fixture(scope="module")
def phone(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Phone]:
    with ground(request.config, django_db_blocker, "lan") as made:
        pair = free_pair(19400)
        lan = certified(made.layout, plan_lan(made.layout, HERE, Address(port=pair - AWAY)))
        environment = product_environment(made.layout, made.database.app_url, "demo", made.address)
        children = lan_children(made.layout, environment, lan, made.address)
        found = Phone(lan, {})
        try:
            for child in children:
                child.start()
            _wait(found, made.layout)
            yield found
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.end(8)


def _wait(phone: Phone, layout: Layout) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if phone.ask("GET", "/healthz")[0].status == 200 == phone.ask("GET", "/healthz", events=True)[0].status:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise RuntimeError((layout.logs / "web-lan.log").read_text()[-3000:] + (layout.logs / "events-lan.log").read_text()[-3000:])


def test_a_phone_gets_in_by_tls_and_by_nothing_else(phone: Phone) -> None:
    answer, page = phone.ask("GET", "/accounts/sign-in/")
    assert answer.status == 200 and "csrfmiddlewaretoken" in page
    policy = answer.headers["Content-Security-Policy"]
    assert f"connect-src 'self' {phone.lan.events_url}" in policy
    assert http_status(HERE, phone.lan.address.port, "/healthz") is None, "no plain HTTP"
    stranger = http.client.HTTPSConnection(HERE, phone.lan.address.port, context=ssl.create_default_context(), timeout=20)
    stranger = http.client.HTTPSConnection(HERE, phone.lan.address.port, context=ssl.create_default_context(), timeout=20)
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/healthz")


def test_forms_are_taken_from_the_secure_address_only(phone: Phone) -> None:
    _, page = phone.ask("GET", "/accounts/sign-in/")
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token, "username": "nobody", "password": "wrong", "phone": "13800000000"}
    own, _ = phone.ask("POST", "/accounts/sign-in/", form, Origin=phone.lan.url, Referer=f"{phone.lan.url}/accounts/sign-in/")
    assert own.status in (200, 302, 422)
    other, _ = phone.ask("POST", "/accounts/sign-in/", form, Origin="https://elsewhere.example")
    assert other.status == 403


def test_the_visits_can_be_installed(phone: Phone) -> None:
    """What a browser asks for to install them: manifest, service worker and empty pages, all of the secure address."""
    manifest, body = phone.ask("GET", "/desk/field/manifest.webmanifest")
    assert manifest.status == 200 and '"/desk/field/"' in body
    worker, code = phone.ask("GET", "/desk/field/sw.js")
    assert worker.status == 200 and worker.headers["Content-Type"].startswith("text/javascript") and "fetch" in code


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_nothing_listens_elsewhere(phone: Phone) -> None:
    told = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    ports = {f"{port:04X}" for port in (phone.lan.address.port, phone.lan.address.events_port)}
    listening = {row.split()[1].split(":")[0] for row in told if row.split()[3] == "0A" and row.split()[1].split(":")[1] in ports}
    assert listening == {"0100007F"}
