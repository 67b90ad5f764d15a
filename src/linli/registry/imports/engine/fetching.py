"""Asking another office's database: PostgreSQL by a server-side cursor in a read-only transaction, HTTP page by page."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import psycopg
from django.utils.translation import gettext_noop
from psycopg import sql
from psycopg.rows import dict_row

from linli.lib.errors import Invalid, Unavailable
from linli.registry.imports.engine.deliveries import text
from linli.registry.imports.engine.hosts import number_of

PIECE = 2000  # rows fetched at a time
PAGES, PAGE_BYTES = 20_000, 8 * 1024 * 1024
TRIES, WAIT_S = 3, 0.5
MAY_PASS = (408, 425, 429, 500, 502, 503, 504)


@dataclass(slots=True)
class Request:
    """What is asked of a database. ``address``: host, port, database, user, sslmode, table or query, column (PostgreSQL); url, sign (HTTP).

    ``cursor`` is how far was asked before; it moves while rows are read.
    """

    kind: str
    address: dict[str, Any]
    secret: str
    cursor: str = ""
    hosts: Collection[str] = ()
    local: bool = False
    timeout: float = 30.0
    most: int = 0
    """So many rows only: to try the connection."""
    pause: float = field(default=WAIT_S)


def rows_of(request: Request) -> Iterator[dict[str, Any]]:
    """The records; `Unavailable` or `Invalid` saying what is wrong, never the secret."""
    return _postgres(request) if request.kind == "postgres" else _http(request)


def _postgres(request: Request) -> Iterator[dict[str, Any]]:
    """What is as new as the last cursor is asked for again: rows of the same moment may have been committed later."""
    where, port = request.address, int(request.address.get("port") or 5432)
    number = number_of(where["host"], port, allowed=request.hosts, local=request.local)
    options = f"-c statement_timeout={int(request.timeout * 1000)} -c default_transaction_read_only=on"
    try:
        with psycopg.connect(
            host=where["host"],
            hostaddr=number,
            port=port,
            dbname=where["database"],
            user=where["user"],
            password=request.secret,
            sslmode=where.get("sslmode") or "prefer",
            connect_timeout=10,
            options=options,
        ) as connection:
            connection.read_only = True
            with connection.cursor(name="linli_import", row_factory=dict_row) as cursor:
                cursor.itersize = PIECE
                cursor.execute(*_statement(request))
                for row in cursor:
                    if where.get("column"):
                        request.cursor = text(row.get(where["column"]))[:200] or request.cursor
                    yield row
    except psycopg.Error as error:
        told = (error.diag.message_primary or str(error).partition("\n")[0] or type(error).__name__)[:200]
        raise _down(told.replace(request.secret, "***") if request.secret else told) from None


def _statement(request: Request) -> tuple[sql.Composed, dict[str, Any]]:
    where = request.address
    if where.get("query"):
        from_ = sql.SQL("(") + sql.SQL(where["query"].strip().rstrip(";")) + sql.SQL(") AS asked")
    else:
        from_ = sql.Composed([sql.Identifier(*where["table"].split("."))])
    statement = sql.SQL("SELECT * FROM ") + from_
    if where.get("column"):
        column = sql.Identifier(where["column"])
        if request.cursor:
            statement += sql.SQL(" WHERE {} >= %(cursor)s").format(column)
        statement += sql.SQL(" ORDER BY {}").format(column)
    if request.most:
        statement += sql.SQL(" LIMIT {}").format(request.most)
    return statement, {"cursor": request.cursor} if "%(cursor)s" in statement.as_string() else {}


def _down(told: str) -> Unavailable:
    return Unavailable(
        "SOURCE_DOWN",
        gettext_noop("The other database could not be read: %(told)s"),
        hint=gettext_noop("Nothing was taken over. It is asked again later; if it stays so, call the office."),
        data={"told": told},
    )


def _http(request: Request) -> Iterator[dict[str, Any]]:
    """Pages {"rows": [...], "cursor": "...", "more": true}; a page is asked for again when the server stumbles. A cursor that stands still is an error."""
    parts = urlsplit(request.address["url"])
    host, local = (parts.hostname or "").lower(), request.local and parts.scheme == "http"
    if parts.scheme != "https" and not local:
        raise Invalid("URL_SHAPE", gettext_noop("Give an address that begins with https."), field="host")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    number = number_of(host, port, allowed=request.hosts, local=request.local)
    shown = f"[{number}]" if ":" in number else number
    asked, given = f"{parts.scheme}://{shown}:{port}", 0
    with httpx.Client(timeout=request.timeout, trust_env=False, follow_redirects=False) as client:
        for _ in range(PAGES):
            page = _page(client, request, asked, parts.path or "/", parts.query, parts.netloc, host)
            for row in page["rows"]:
                yield row
                given += 1
                if request.most and given >= request.most:
                    return
            after, before = text(page.get("cursor"))[:200] or request.cursor, request.cursor
            request.cursor = after
            if not page.get("more"):
                return
            if after == before:
                raise _shape("cursor")
    raise _shape("more")


def _page(client: httpx.Client, request: Request, asked: str, path: str, query: str, netloc: str, host: str) -> dict[str, Any]:
    told = ""
    given = urlencode({"cursor": request.cursor, "limit": request.most or PIECE})
    target = f"{path}?{query}&{given}" if query else f"{path}?{given}"
    for attempt in range(TRIES):
        if attempt:
            time.sleep(request.pause * 2**attempt)
        try:
            headers = {"Host": netloc, "Accept": "application/json", **_credentials(request, target)}
            with client.stream("GET", asked + target, headers=headers, extensions={"sni_hostname": host}) as answer:
                if answer.status_code in MAY_PASS:
                    told = f"HTTP {answer.status_code}"
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise _down(f"HTTP {answer.status_code}")
                return _read(answer)
        except (httpx.TimeoutException, httpx.TransportError) as error:
            told = type(error).__name__
    raise _down(told)


def _credentials(request: Request, target: str) -> dict[str, str]:
    """A bearer token, or a signature over time and address: HMAC-SHA256 as our own messages have it."""
    if not request.secret:
        return {}
    if request.address.get("sign") != "hmac":
        return {"Authorization": f"Bearer {request.secret}"}
    stamp = str(int(time.time()))
    signed = hmac.new(request.secret.encode(), f"{stamp}.{target}".encode(), "sha256").hexdigest()
    return {"Linli-Timestamp": stamp, "Linli-Signature": f"sha256={signed}"}


def _read(answer: httpx.Response) -> dict[str, Any]:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > PAGE_BYTES:
            raise _shape("size")
    try:
        page = json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise _shape("json") from None
    rows = page.get("rows") if isinstance(page, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _shape("rows")
    return dict(page)


def _shape(what: str) -> Invalid:
    return Invalid(
        "ANSWER_SHAPE",
        gettext_noop("The other database answers in a way that is not agreed (%(what)s). Nothing was taken over."),
        hint=gettext_noop("Agreed are pages with rows, cursor and more."),
        data={"what": what},
    )
