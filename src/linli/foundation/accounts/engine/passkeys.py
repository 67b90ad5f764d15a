"""Passkeys (W3C Web Authentication, level 2): an adapter around py_webauthn, the only place that knows the library.

User verification (finger, face, PIN) is always demanded, so that a passkey is two factors by itself; attestation is never asked for:
which make of device somebody owns is not ours to know.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT_MS = 300_000
CHALLENGE_BYTES = 32
LONGEST = 16_000
"""Characters of an answer; the largest real one (RSA, attestation of a chain) has about 6,000."""
LONGEST_ID = 1023
"""Bytes of a credential's id (level 2, section 5.8.3)."""
_ALGORITHMS = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA, COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256]


class BadPasskeyError(Exception):
    """An answer that does not hold, and why, for the trail; people get one sentence for all reasons."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good: the relying party's id (a domain) and the one origin pages are served from."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey an account has already."""

    credential_id: bytes
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a device answered to an invitation to make a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


def site_of(address: str) -> Site:
    """The site of an address such as https://linli.example.gov.cn. Browsers take no IP address: a machine's own becomes localhost."""
    parts = urlsplit(address)
    host, port = (parts.hostname or "localhost").lower(), parts.port
    try:
        if ipaddress.ip_address(host).is_loopback:
            host = "localhost"
    except ValueError:
        pass  # a name
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return Site(host, f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else ""))


def invitation(
    site: Site, *, challenge: bytes, site_name: str, user_handle: bytes, user_name: str, display_name: str, known: Iterable[KnownPasskey]
) -> dict[str, Any]:
    """Options for `navigator.credentials.create`: a passkey the device can find by itself (discoverable)."""
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site_name,
        user_id=user_handle,
        user_name=user_name,
        user_display_name=display_name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in known],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json_dict(options)


def question(site: Site, *, challenge: bytes, known: Iterable[KnownPasskey] = ()) -> dict[str, Any]:
    """Options for `navigator.credentials.get`; without ``known`` the person chooses among the passkeys of the device."""
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=[_descriptor(passkey) for passkey in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _descriptor(passkey: KnownPasskey) -> PublicKeyCredentialDescriptor:
    names = {transport.value for transport in AuthenticatorTransport}
    ways = [AuthenticatorTransport(way) for way in passkey.transports if way in names]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=ways or None)


def read_new(site: Site, answer: str, challenge: bytes) -> NewCredential:
    """Check the answer to an invitation: challenge, origin, relying party, presence and verification. `BadPasskeyError`."""
    try:
        _object(answer)
        credential = parse_registration_credential_json(answer)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception as error:  # hostile bytes: whatever the parsers stumble over is a bad answer
        raise BadPasskeyError(str(error)[:200]) from error
    if len(made.credential_id) > LONGEST_ID:
        raise BadPasskeyError("credential id too long")
    ways = tuple(way.value for way in credential.response.transports or ())
    return NewCredential(bytes(made.credential_id), bytes(made.credential_public_key), int(made.sign_count), ways)


def credential_named(answer: str) -> tuple[bytes, bytes | None]:
    """(credential id, user handle) an answer claims, nothing checked. `BadPasskeyError` when it cannot be read."""
    try:
        raw = _object(answer)
        handle = raw["response"].get("userHandle")
        return base64url_to_bytes(raw["rawId"]), base64url_to_bytes(handle) if handle else None
    except Exception as error:  # hostile bytes: whatever the parsers stumble over is a bad answer
        raise BadPasskeyError("unreadable") from error


def read_signed(site: Site, answer: str, challenge: bytes, public_key: bytes) -> int:
    """Check a signed challenge; the sign count the device reports, which the caller compares with the last one. `BadPasskeyError`."""
    try:
        credential = parse_authentication_credential_json(answer)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # hostile bytes: whatever the parsers stumble over is a bad answer
        raise BadPasskeyError(str(error)[:200]) from error
    return int(verified.new_sign_count)


def went_back(stored: int, reported: int) -> bool:
    """Whether a device counted backwards or stood still: two devices hold the key. Devices that do not count always say 0."""
    return bool(stored or reported) and reported <= stored


def _object(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise ValueError("too long")
    raw = json.loads(answer)
    if not isinstance(raw, dict):
        raise TypeError("not an object")
    return raw
