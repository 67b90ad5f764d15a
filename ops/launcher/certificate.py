"""A certificate for the demo's address in the local network. Run by the packages' Python: `certificate.py FOLDER NAME ...`.

An authority of its own signs it and is forgotten at once: its key is never written, so nobody can sign anything else with what phones were told to trust.
Prints JSON: `fingerprint` (SHA-256 of the certificate) and, for an `--address`, `qr` for a terminal.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import ipaddress
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 397
"""Browsers refuse certificates that are good for longer."""
ANEW = timedelta(days=30)
"""A certificate with less than this left is made anew."""
CHAIN, KEY, AUTHORITY = "certificate.pem", "key.pem", "linli-ca.crt"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--address", default="")
    options = parser.parse_args(words)
    fingerprint = ensure(options.folder, options.names)
    print(json.dumps({"fingerprint": fingerprint, "qr": qr(options.address) if options.address else ""}))


def ensure(folder: Path, names: Sequence[str]) -> str:
    """The fingerprint of the folder's certificate, which is made where there is none for these names, or an old one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not _fits(folder, names):
        _make(folder, names)
    found = x509.load_pem_x509_certificate((folder / CHAIN).read_bytes())
    return ":".join(f"{byte:02X}" for byte in hashlib.sha256(found.public_bytes(serialization.Encoding.DER)).digest())


def qr(address: str) -> str:
    out = io.StringIO()
    segno.make(address, error="m").terminal(out, compact=True)
    return out.getvalue()


def _fits(folder: Path, names: Sequence[str]) -> bool:
    if not all((folder / name).is_file() for name in (CHAIN, KEY, AUTHORITY)):
        return False
    found = x509.load_pem_x509_certificate((folder / CHAIN).read_bytes())
    known = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(known) >= set(_names(names)) and found.not_valid_after_utc - ANEW > datetime.now(UTC)


def _make(folder: Path, names: Sequence[str]) -> None:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _builder("Linli demo, this machine only", root_key, "Linli demo, this machine only")
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(_usage(signs=True), critical=True)
    signed_root = root.sign(root_key, hashes.SHA256())
    leaf = _builder("Linli demo", key, "Linli demo, this machine only")
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True).add_extension(_usage(), critical=True)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    leaf = leaf.add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
    leaf = leaf.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    pem = serialization.Encoding.PEM
    chain = leaf.sign(root_key, hashes.SHA256()).public_bytes(pem) + signed_root.public_bytes(pem)
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(folder / KEY, secret, 0o600)
    _write(folder / AUTHORITY, signed_root.public_bytes(pem), 0o644)
    _write(folder / CHAIN, chain, 0o644)


def _builder(name: str, key: ec.EllipticCurvePrivateKey, issuer: str) -> x509.CertificateBuilder:
    began = datetime.now(UTC) - timedelta(hours=1)  # a phone's clock may be a little behind
    builder = x509.CertificateBuilder(issuer_name=_called(issuer), subject_name=_called(name), public_key=key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(began).not_valid_after(began + timedelta(days=DAYS))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _names(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys(names):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _write(path: Path, content: bytes, mode: int) -> None:
    """Never readable by more people than meant, not even while it is written."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    half.replace(path)


if __name__ == "__main__":
    main()
