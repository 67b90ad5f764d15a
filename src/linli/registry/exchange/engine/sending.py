"""One signed message to a subscriber's program."""

from __future__ import annotations

import hmac
import time

import httpx

from linli.registry.exchange.engine.addresses import Target

TIMEOUT_S = 10.0
MOST_READ = 4096  # bytes of an answer nobody looks at


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over timestamp, a point and the body: an old message cannot be sent again under a new time."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()


class NotTakenError(Exception):
    """The program did not take the message; the text says why."""


def send(to: Target, body: bytes, *, secret: str, delivery: str, timeout: float = TIMEOUT_S) -> None:
    """POST it; anything but an answer 2xx in time is `NotTakenError`. No redirect is followed, no proxy of the environment used."""
    stamp = str(int(time.time()))
    headers = {
        "Host": to.header,
        "Content-Type": "application/json; charset=utf-8",
        "Linli-Delivery": delivery,
        "Linli-Timestamp": stamp,
        "Linli-Signature": signature(secret, stamp, body),
        "Connection": "close",
    }
    until = time.monotonic() + timeout
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", to.url, content=body, headers=headers, extensions={"sni_hostname": to.host}) as answer,
        ):
            status, read = answer.status_code, 0
            for chunk in answer.iter_raw():
                read += len(chunk)
                if read > MOST_READ or time.monotonic() > until:
                    break
    except httpx.TimeoutException:
        raise NotTakenError("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NotTakenError(type(error).__name__) from None
    if not 200 <= status < 300:
        raise NotTakenError(f"HTTP {status}")
