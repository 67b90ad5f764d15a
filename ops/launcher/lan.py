"""`demo --lan`: the demo once more over HTTPS at this machine's address in the local network, for phones. Nothing else listens beyond this machine."""

from __future__ import annotations

import fcntl
import ipaddress
import json
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from launcher.environment import Address
from launcher.errors import LauncherError
from launcher.layout import Layout
from launcher.services import EVENTS_OPTIONS, web_options
from launcher.shell import run_quietly
from launcher.supervise import Child, ProcessChild

AWAY = 443
"""From the demo's own port to that of the local network: 8443 beside 8000."""
SIOCGIFADDR = 0x8915
NOWHERE = ("192.0.2.1", 9)
"""Reserved for documentation: asking how to get there sends nothing."""
WEB_WORKERS = "1"
WEB_THREADS = "3"


@dataclass(frozen=True)
class Lan:
    """Where phones find the demo, and the certificate in ``folder``."""

    address: Address
    folder: Path
    fingerprint: str = ""
    qr: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.address.host}:{self.address.port}"

    @property
    def events_url(self) -> str:
        return f"https://{self.address.host}:{self.address.events_port}"

    @property
    def authority(self) -> Path:
        return self.folder / "linli-ca.crt"


def plan_lan(layout: Layout, given: str, beside: Address) -> Lan:
    """``given``: an address of this machine, or "" for the one it reaches others by. Public addresses are refused: a demo has no secrets."""
    host = given or _towards_others()
    try:
        found = ipaddress.ip_address(host)
    except ValueError as error:
        raise LauncherError(f"{host} is not an address such as 192.168.1.20.", "./linli demo --lan ADDRESS") from error
    if not found.is_private or found.is_unspecified:
        raise LauncherError(
            f"{host} is not an address of a local network: the demo must not face the public.", "./linli demo --lan ADDRESS"
        )
    return Lan(Address(host, beside.port + AWAY), layout.state / "lan")


def certified(layout: Layout, lan: Lan) -> Lan:
    """With a certificate for all of this machine's addresses; the packages must be installed."""
    names = [lan.address.host, *own_addresses(), "127.0.0.1", "localhost"]
    script = Path(__file__).with_name("certificate.py")
    told = json.loads(run_quietly([layout.python, script, lan.folder, *dict.fromkeys(names), "--address", lan.url]))
    return Lan(lan.address, lan.folder, told["fingerprint"], told["qr"])


def lan_children(layout: Layout, environment: dict[str, str], lan: Lan, local: Address) -> list[Child]:
    """Web and events with TLS, beside those of this machine."""
    found = environment | {
        "LINLI_SITE_URL": lan.url,
        "EVENTS_URL": lan.events_url,
        "LINLI_HOSTS": f"{environment['LINLI_HOSTS']},{lan.address.host}",
        "SMS_GATEWAY_URL": environment.get("SMS_GATEWAY_URL") or f"{local.url}/local-gateway/messages/",
    }
    tls = [
        "--ssl-certificate",
        str(lan.folder / "certificate.pem"),
        "--ssl-keyfile",
        str(lan.folder / "key.pem"),
        "--ssl-protocol-min",
        "tls1.2",
    ]
    commands = {
        "events-lan": [*tls, "--port", str(lan.address.events_port), *EVENTS_OPTIONS],
        "web-lan": [*tls, "--port", str(lan.address.port), *web_options(WEB_WORKERS, WEB_THREADS)],
    }
    granian = [str(layout.venv / "bin" / "granian"), "--host", lan.address.host]
    return [
        ProcessChild(name, [*granian, *words], layout.logs / f"{name}.log", layout.checkout / "src", found)
        for name, words in commands.items()
    ]


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces, without 127.0.0.1."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:  # an interface without an address
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in found if not address.startswith("127.")]


def _towards_others() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
            return str(probe.getsockname()[0])
        except OSError as error:
            others = own_addresses()
            if others:
                return others[0]
            raise LauncherError("This machine is in no local network.", "./linli demo --lan ADDRESS") from error
