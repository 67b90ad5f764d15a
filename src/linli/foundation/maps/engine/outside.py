"""Fetching a layer from outside: every address on the way is checked, and size, time and number have bounds."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import httpx
from django.utils.translation import gettext_noop

from linli.foundation.maps.engine.geojson import Taken, no_geojson, read_features
from linli.lib.errors import Invalid, LinliError, Unavailable
from linli.lib.hosts import target

MOST_BYTES, MOST_PAGES, MOST_HOPS, PAGE = 10 * 1024 * 1024, 50, 3, 1000
TOTAL_S, STEP_S = 60.0, 10.0
MOST_FEATURES = 5000
ACCEPT = "application/geo+json, application/json;q=0.9"
MOVED = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class Errand:
    """One fetching with what it may still spend. ``hosts``: names inside the government's network that are allowed; ``local``: http://127.0.0.1 is."""

    hosts: Collection[str] = ()
    local: bool = False
    seconds: float = TOTAL_S
    most_bytes: int = MOST_BYTES
    most_features: int = MOST_FEATURES
    spent: int = 0
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.seconds


def fetch(errand: Errand, url: str, *, name_field: str = "") -> tuple[list[Taken], str]:
    """The features at an address, and the digest of what was read. A collection of OGC API Features is followed to its items and from page to page.

    Errors: URL_SHAPE, URL_UNKNOWN, URL_PRIVATE, LAYER_DOWN, LAYER_TOO_LARGE, LAYER_SLOW, LAYER_NO_GEOJSON, LAYER_DEGREES.
    """
    taken: list[Taken] = []
    digest = hashlib.sha256()
    for page in _pages(errand, url):
        digest.update(json.dumps(page.get("features", page), sort_keys=True, separators=(",", ":")).encode())
        taken += read_features(page, name_field, begin=len(taken))
        if len(taken) > errand.most_features:
            raise _too_large()
    return taken, digest.hexdigest()


def _pages(errand: Errand, url: str) -> Iterator[dict[str, Any]]:
    with httpx.Client(timeout=STEP_S, trust_env=False, follow_redirects=False) as client:
        where, page = _get(client, errand, url)
        items = _link(page, "items") if "features" not in page and page.get("type") not in ("Feature", "FeatureCollection") else ""
        if items:
            where, page = _get(client, errand, _limited(urljoin(where, items)))
        asked = {where}
        for _ in range(MOST_PAGES):
            yield page
            after = _link(page, "next")
            if not after:
                return
            where = urljoin(where, after)
            if where in asked:
                raise no_geojson("next")
            asked.add(where)
            where, page = _get(client, errand, where)
    raise _too_large()


def _link(page: dict[str, Any], rel: str) -> str:
    """The address of a link of the document; of several the one that is GeoJSON."""
    links = page.get("links")
    found = [one for one in links if isinstance(one, dict) and one.get("rel") == rel and one.get("href")] if isinstance(links, list) else []
    best = [one for one in found if "geo+json" in str(one.get("type", ""))] or [
        one for one in found if "html" not in str(one.get("type", ""))
    ]
    return str(best[0]["href"]) if best else ""


def _limited(url: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return urlunsplit(parts._replace(query=urlencode({"limit": PAGE, **query}), fragment=""))


def _get(client: httpx.Client, errand: Errand, url: str) -> tuple[str, dict[str, Any]]:
    """The document at an address and where it was in the end: each redirect is checked as the first address was."""
    for _ in range(MOST_HOPS + 1):
        where = target(
            url, allowed=errand.hosts, local=errand.local, hint=gettext_noop("The operator can allow the host (LINLI_MAP_HOSTS).")
        )
        headers = {"Host": where.header, "Accept": ACCEPT, "Accept-Encoding": "identity"}
        try:
            with client.stream("GET", where.url, headers=headers, extensions={"sni_hostname": where.host}) as answer:
                if answer.status_code in MOVED and answer.headers.get("Location"):
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise _down(f"HTTP {answer.status_code}")
                return url, _read(errand, answer)
        except httpx.TimeoutException:
            raise _slow() from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _down(type(error).__name__) from None
    raise _down(gettext_noop("it sends one from address to address"))


def _read(errand: Errand, answer: httpx.Response) -> dict[str, Any]:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise _down(answer.headers["Content-Encoding"][:20])
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        errand.spent += len(chunk)
        if errand.spent > errand.most_bytes:
            raise _too_large()
        if time.monotonic() > errand.ends:
            raise _slow()
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        raise no_geojson("json") from None
    if not isinstance(page, dict):
        raise no_geojson("type")
    return page


def _too_large() -> LinliError:
    return Invalid(
        "LAYER_TOO_LARGE",
        gettext_noop("The layer is too large: at most %(megabytes)s MB and %(features)s features are copied."),
        field="url",
        hint=gettext_noop("Ask the other office for a smaller extract, or narrow the address by a filter."),
        data={"megabytes": MOST_BYTES // 1024 // 1024, "features": MOST_FEATURES},
    )


def _down(told: str) -> LinliError:
    return Unavailable(
        "LAYER_DOWN",
        gettext_noop("The other server does not give the layer: %(told)s"),
        field="url",
        hint=gettext_noop("It is asked again later; the last good copy is shown meanwhile."),
        data={"told": told},
    )


def _slow() -> LinliError:
    return Unavailable(
        "LAYER_SLOW",
        gettext_noop("The other server takes too long."),
        field="url",
        hint=gettext_noop("It is asked again later; the last good copy is shown meanwhile."),
    )
