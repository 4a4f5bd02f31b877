"""NetSuite's records over REST, beside the queries: upserts by external id, told by a Location.

As Oracle's behaves: a PUT without `replace=item` adds its lines to those that are there, a property
that nobody knows is passed over unless validation is asked for, an answer to a write has no body.
"""

from __future__ import annotations

import json
import re
from collections import deque
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from starlette.responses import Response

from tests.erp.described import FOLDER
from tests.erp.suiteql import SuiteQL
from tests.peers.http_server import Asked

ROOT = "/services/rest/record/v1/"
ONE = re.compile(r"(salesOrder|estimate|customer)/(eid:)?([^/]+)")
TYPES = {"salesOrder": "SalesOrd", "estimate": "Estimate"}
COLUMNS = {"companyName": "companyname", "vatRegNumber": "vatregnumber", "email": "email"}


class Refusal(Exception):
    """NetSuite's code, words and the place of the fault."""

    def __init__(self, code: str, words: str, path: str = "") -> None:
        super().__init__(words)
        self.code, self.words, self.path = code, words, path


class SuiteRecords(SuiteQL):
    """One account that takes sales orders, estimates and customers."""

    def __init__(self) -> None:
        super().__init__()
        text = (FOLDER / "netsuite.json").read_text(encoding="utf-8")
        self._definitions: dict[str, Any] = json.loads(text)
        self.faults: deque[str] = deque()
        self.writes: list[str] = []
        self.bodies: dict[int, dict[str, Any]] = {}
        """Internal id → the transaction or customer as it was sent, lines joined."""
        self.on_hold: set[str] = set()
        self.fulfilled: set[int] = set()
        self._last = 1000

    def __call__(self, asked: Asked) -> Response:
        if not asked.path.startswith(ROOT):
            return super().__call__(asked)
        if not self._signed(asked):
            return self._problem(401, "Unauthorized", "INVALID_LOGIN")
        fault = self.faults.popleft() if self.faults else ""
        if fault == "down":
            return Response("<html>504</html>", 504, media_type="text/html")
        if fault == "locked":
            return self._problem(400, "Record has been changed", "RCRD_HAS_BEEN_CHANGED")
        try:
            answer = self._write(asked)
        except Refusal as refusal:
            answer = self._refused(refusal)
        if fault == "busy":
            self.throttled = 1  # the next query, that is
            return answer
        return Response("<html>504</html>", 504, media_type="text/html") if fault else answer

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def _write(self, asked: Asked) -> Response:
        path = asked.request.scope["raw_path"].decode().removeprefix(ROOT)
        one = ONE.fullmatch(path)
        assert one, path
        record, external, name = one[1], one[2], unquote(one[3])
        self.writes.append(f"{asked.request.method} {record}")
        body: dict[str, Any] = json.loads(asked.body)
        if asked.headers.get("x-netsuite-propertynamevalidation") == "Error":
            self._validated("customer" if record == "customer" else "transaction", body)
        table = "customer" if record == "customer" else "transaction"
        found = self._found(table, record, name) if external else int(name)
        assert (asked.request.method == "PUT") == bool(external)
        if table == "customer":
            number = self._customer(found, name, body)
        else:
            replaces = asked.query.get("replace") == "item" or "item" not in body
            number = self._transaction(record, found, name, body, replaces=replaces)
        answer = Response(status_code=204)
        answer.headers["location"] = f"https://x{ROOT}{record}/{number}"
        return answer

    def _validated(self, name: str, body: dict[str, Any]) -> None:
        schema = {**self._definitions, "$ref": f"#/$defs/{name}"}
        for error in Draft202012Validator(schema).iter_errors(body):
            place = ".".join(map(str, error.absolute_path))
            raise Refusal("INVALID_CONTENT", error.message[:200], place)

    def _found(self, table: str, record: str, name: str) -> int | None:
        condition = "" if table == "customer" else f" AND type = '{TYPES[record]}'"
        text = f'SELECT id FROM "{table}" WHERE externalid = ?{condition}'
        row = self.database.execute(text, [name]).fetchone()
        return row[0] if row else None

    def _customer(self, found: int | None, name: str, body: dict[str, Any]) -> int:
        number = found or self.next_id()
        if not found:
            if not body.get("companyName"):
                raise Refusal("USER_ERROR", "Please enter value(s) for: Company Name")
            row = {"id": number, "externalid": name, "isinactive": "F", "isperson": "F"}
            self.put("customer", row)
        for sent, column in COLUMNS.items():
            if sent in body:
                text = f"UPDATE customer SET {column} = ? WHERE id = ?"
                self.database.execute(text, [body[sent], number])
        self.bodies[number] = self.bodies.get(number, {}) | body
        return number

    def _transaction(
        self, record: str, found: int | None, name: str, body: dict[str, Any], *, replaces: bool
    ) -> int:
        if found in self.fulfilled:
            raise Refusal("USER_ERROR", "This record is already fulfilled and cannot be edited.")
        if "item" in body:
            self._known(body)
        number = found or self.next_id()
        held = self.bodies.setdefault(number, {})
        if not replaces:
            earlier = held.get("item", {}).get("items", [])
            body["item"]["items"] = [*earlier, *body["item"]["items"]]
        held |= body
        if not found:
            entity = int(body["entity"]["id"])
            row = {"id": number, "tranid": f"SO{number}", "type": TYPES[record], "status": "B"}
            self.put("transaction", row | {"entity": entity, "externalid": name})
        if status := body.get("orderStatus"):
            text = 'UPDATE "transaction" SET status = ? WHERE id = ?'
            self.database.execute(text, [status["id"], number])
        return number

    def _known(self, body: dict[str, Any]) -> None:
        entity = body.get("entity", {}).get("id", "")
        if entity in self.on_hold:
            raise Refusal("USER_ERROR", "This customer is on hold.", "entity")
        self._exists("customer", entity, "entity")
        for place, line in enumerate(body["item"]["items"]):
            self._exists("item", line["item"]["id"], f"item.items[{place}].item")

    def _exists(self, table: str, number: str, path: str) -> None:
        text = f"SELECT 1 FROM {table} WHERE id = ?"
        if not self.database.execute(text, [number]).fetchone():
            words = f"Invalid reference value {number} for {path}"
            raise Refusal("INVALID_KEY_OR_REF", words, path)

    def _refused(self, refusal: Refusal) -> Response:
        detail = {"detail": refusal.words, "o:errorCode": refusal.code}
        if refusal.path:
            detail["o:errorPath"] = refusal.path
        problem = {"title": "Bad Request", "status": 400, "o:errorDetails": [detail]}
        media = "application/vnd.oracle.resource+json; type=error"
        return Response(json.dumps(problem), 400, media_type=media)
