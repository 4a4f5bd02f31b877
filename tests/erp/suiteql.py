"""SuiteQL over REST, written from Oracle's pages: queries are really run, by SQLite.

Requests must be signed (OAuth 1.0a) and say `Prefer: transient`; offsets are multiples of the
limit; nulls are left out; numbers come as text; more requests than allowed are answered 429.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import sqlite3
from typing import Any
from urllib.parse import quote, unquote

from starlette.responses import JSONResponse, Response

from tests.erp.machines import TOKEN_PATH, Machines
from tests.peers.http_server import Asked

PATH = "/services/rest/query/v1/suiteql"
SECRETS = ("consumer-secret", "token-secret")
TABLES = """
CREATE TABLE item (id INTEGER, itemid, displayname, storedescription, class, upccode, saleunit,
    weight, isinactive, itemtype, lastmodifieddate, custitem_brand);
CREATE TABLE inventoryitemlocations (item INTEGER, location INTEGER, quantityavailable,
    quantitycommitted, quantityonorder);
CREATE TABLE pricing (item INTEGER, pricelevel INTEGER, quantity INTEGER, unitprice);
CREATE TABLE customer (id INTEGER, companyname, vatregnumber, email, phone, pricelevel, terms,
    creditlimit, salesrep, isinactive, isperson, defaultbillingaddress, lastmodifieddate,
    externalid);
CREATE TABLE entityaddress (nkey INTEGER, addr1, city, zip, state, country);
CREATE TABLE "transaction" (id INTEGER, tranid, type, entity, trandate, duedate, currency,
    foreigntotal, foreignamountunpaid, lastmodifieddate, externalid, status);
CREATE TABLE currency (id INTEGER, symbol);
CREATE TABLE article (sku, name, price, lastmodifieddate);
"""


class SuiteQL:
    """One account."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.executescript(TABLES)
        self.database.create_function("TO_CHAR", 2, _formatted)
        self.database.create_function("TO_DATE", 2, lambda text, _: text)
        self.queries: list[str] = []
        self.nonces: set[str] = set()
        self.throttled = 0
        self.machines: Machines | None = None
        self.announced: int | None = None

    def put(self, table: str, *rows: dict[str, Any]) -> None:
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            text = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
            self.database.execute(text, list(row.values()))

    def __call__(self, asked: Asked) -> Response:
        if asked.path == TOKEN_PATH and self.machines:
            return self.machines(asked)
        if asked.path != PATH:
            return self._problem(404, "Not Found", "NOT_FOUND")
        if not self._signed(asked):
            return self._problem(401, "Unauthorized", "INVALID_LOGIN")
        if self.throttled:
            self.throttled -= 1
            return self._problem(429, "Too Many Requests", "SSS_REQUEST_LIMIT_EXCEEDED")
        assert asked.headers["prefer"] == "transient"
        query = json.loads(asked.body)["q"]
        self.queries.append(query)
        limit, offset = int(asked.query["limit"]), int(asked.query["offset"])
        if offset % limit:
            return self._problem(400, "Bad Request", "INVALID_PARAMETER")
        try:
            found = self._run(query)
        except sqlite3.Error as error:
            return self._problem(400, f"Invalid search query: {error}", "INVALID_PARAMETER")
        page = found[offset : offset + limit]
        return JSONResponse(
            {
                "links": [{"rel": "self", "href": f"https://x{PATH}?limit={limit}"}],
                "count": len(page),
                "hasMore": offset + limit < len(found),
                "offset": offset,
                "totalResults": self.announced or len(found),
                "items": page,
            }
        )

    def _run(self, query: str) -> list[dict[str, Any]]:
        text = re.sub(r"\btransaction\b", '"transaction"', query)  # a word of SQLite's own
        cursor = self.database.execute(text)
        names = [column[0].lower() for column in cursor.description]
        return [
            {"links": []}
            | {name: str(each) for name, each in zip(names, row, strict=True) if each is not None}
            for row in cursor
        ]

    def _signed(self, asked: Asked) -> bool:
        """RFC 5849, section 3.4, done here by itself; or a token of a machine."""
        if self.machines:
            return self.machines.lets_in(asked.headers.get("authorization", ""))
        said = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers.get("authorization", "")))
        given = unquote(said.pop("oauth_signature", ""))
        if said.pop("realm", "") != "1234567_SB1" or said.get("oauth_nonce") in self.nonces:
            return False
        self.nonces.add(said["oauth_nonce"])
        pairs = {**asked.query, **{name: unquote(value) for name, value in said.items()}}
        joined = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in sorted(pairs.items())
        )
        sent = asked.request.scope["raw_path"].decode()  # escaped as it came
        address = f"{asked.request.base_url}".rstrip("/") + sent.partition("?")[0]
        text = "&".join((asked.request.method, quote(address, safe=""), quote(joined, safe="")))
        digest = hmac.digest("&".join(SECRETS).encode(), text.encode(), hashlib.sha256)
        return base64.b64encode(digest).decode() == given

    def _problem(self, status: int, title: str, code: str) -> Response:
        details = [{"detail": title, "o:errorCode": code}]
        problem = {"title": title, "status": status, "o:errorDetails": details}
        return JSONResponse(problem, status)


def _formatted(text: str | None, pattern: str) -> str | None:
    """Dates are kept as `YYYY-MM-DD HH:MM:SS` here."""
    if text is None:
        return None
    return text[:10] if pattern == "YYYY-MM-DD" else text
