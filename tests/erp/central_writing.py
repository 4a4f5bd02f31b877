"""The writing half of Business Central: deep inserts, ETags, batches that are taken whole or not.

As Microsoft's behaves: an external document number may be there twice and is kept in capitals, what
is posted leaves the orders and lives on as an invoice, changes want the state they were made of.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.erp.central import COMPANY, ROOT, Central
from tests.erp.described import Description, description
from tests.peers.http_server import Asked

LINES = {"salesOrders": "salesOrderLines", "salesQuotes": "salesQuoteLines"}
INSIDE = re.compile(r"(\w+)\(([0-9a-f-]{36})\)(?:/(\w+)(?:\(([0-9a-f-]{36})\))?)?")
CAPITALS = ("number", "externalDocumentNumber", "customerNumber", "lineObjectNumber")
EMPTY = {"email": "", "taxRegistrationNumber": "", "displayName": ""}


class Refusal(Exception):
    """Microsoft's code and words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


@dataclass
class WritableCentral(Central):
    """A company that takes orders, quotes and customers."""

    described: Description = field(default_factory=lambda: description("business_central.xml"))
    faults: deque[str] = field(default_factory=deque)
    writes: list[str] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    released: set[str] = field(default_factory=set)
    """Numbers of orders that are released: only open ones may be changed."""
    versions: dict[str, int] = field(default_factory=dict)
    ids: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        for name in (*LINES, "customers", "items", "salesInvoices", "locations"):
            self.sets.setdefault(name, [])

    def new_id(self) -> str:
        return f"aaaaaaaa-0000-0000-0000-{next(self.ids):012}"

    def etag(self, entity: dict[str, Any]) -> str:
        return f'W/"{self.versions.get(entity["id"], 0)}"'

    def __call__(self, asked: Asked) -> Response:
        if asked.path.endswith("/token"):
            return super().__call__(asked)
        path = asked.path.removeprefix(ROOT).removeprefix(f"/companies({COMPANY})").strip("/")
        if asked.request.method == "GET":
            if inside := INSIDE.fullmatch(path):
                lines = self._one(inside[1], inside[2])[LINES[inside[1]]]
                return JSONResponse({"value": [self.chosen(asked, line) for line in lines]})
            return super().__call__(asked)
        if self.throttled or asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return super().__call__(asked)
        fault = self.faults.popleft() if self.faults else ""
        if fault == "down":
            return Response("<html>504</html>", 504, media_type="text/html")
        if fault == "locked":
            words = "Another user has already changed the record.  CorrelationId:  1."
            return self._error(409, "Request_EntityChanged", words)
        answer = self._batch(asked) if path == "$batch" else self._single(asked, path)
        return Response("<html>504</html>", 504, media_type="text/html") if fault else answer

    def _single(self, asked: Asked, path: str) -> Response:
        body = json.loads(asked.body) if asked.body else {}
        try:
            made = self._write(asked.request.method, path, body, asked.headers)
        except Refusal as refusal:
            words = f"{refusal.words}  CorrelationId:  8d2b."
            return self._error(refusal.status, refusal.code, words)
        return JSONResponse(made, 201) if made else Response(status_code=204)

    def _batch(self, asked: Asked) -> Response:
        requests = json.loads(asked.body)["requests"]
        assert asked.headers["isolation"] == "snapshot"
        assert len(requests) <= 100
        before, answers = deepcopy((self.sets, self.versions)), []
        for each in requests:
            path = each["url"].removeprefix(f"companies({COMPANY})/")
            headers = {name.lower(): value for name, value in each.get("headers", {}).items()}
            try:
                made = self._write(each["method"], path, each.get("body", {}), headers)
                answers.append({"id": each["id"], "status": 201 if made else 204, "body": made})
            except Refusal as refusal:
                self.sets, self.versions = before
                error = {"error": {"code": refusal.code, "message": refusal.words}}
                answers.append({"id": each["id"], "status": refusal.status, "body": error})
                break
        return JSONResponse({"responses": answers})

    def _write(
        self, method: str, path: str, body: dict[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any] | None:
        self.writes.append(f"{method} {re.sub(r'[(].*?[)]', '', path)}")
        body = {
            name: value.upper() if name in CAPITALS and isinstance(value, str) else value
            for name, value in body.items()
        }
        inside = INSIDE.fullmatch(path)
        if not inside:
            self._validated(path, body)
            return self._customer(body) if path == "customers" else self._document(path, body)
        name, one, lines, line = inside.groups()
        entity = self._one(name, one)
        if entity["number"] in self.released:
            raise Refusal(400, "Application_DialogException", "Status must be equal to 'Open'.")
        if method == "POST":
            self._validated("salesOrderLines", body)
            entity[lines] += self._lines([body])
        elif lines:
            entity[lines] = [each for each in entity[lines] if each["id"] != line]
        else:
            if headers.get("if-match") not in {"*", self.etag(entity)}:
                raise Refusal(409, "Request_EntityChanged", "Another user has changed the record.")
            self._change(method, name, entity, body)
        self.versions[one] = self.versions.get(one, 0) + 1
        return None

    def _change(self, method: str, name: str, entity: dict[str, Any], body: dict[str, Any]) -> None:
        if method == "DELETE":
            self.sets[name].remove(entity)
            return
        self._validated(name, body)
        if LINES.get(name) in body:
            raise Refusal(400, "BadRequest", "Deep update is not supported.")
        entity |= body

    def _validated(self, name: str, body: dict[str, Any]) -> None:
        if faults := self.described.faults(name, body):
            raise Refusal(400, "BadRequest", faults[0])

    def _one(self, name: str, wanted: str) -> dict[str, Any]:
        for each in self.sets[name]:
            if each["id"] == wanted:
                return each
        raise Refusal(404, "BadRequest_ResourceNotFound", f"no {name} {wanted}")

    def _document(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        customer = body.get("customerNumber", "")
        if not any(each["number"] == customer for each in self.sets["customers"]):
            raise Refusal(
                400,
                "Internal_DataNotFoundFilter",
                f"The Customer does not exist. Identification fields and values: No.='{customer}'",
            )
        if customer in self.blocked:
            raise Refusal(400, "Application_DialogException", "Customer is on hold (blocked).")
        made = {
            "externalDocumentNumber": "",
            **body,
            "id": self.new_id(),
            "number": f"S-ORD{101000 + len(self.sets[name])}",
            LINES[name]: self._lines(body.get(LINES[name], [])),
        }
        self.sets[name].append(made)
        return {key: value for key, value in made.items() if key != LINES[name]}

    def _lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for line in lines:
            number = line.get("lineObjectNumber")
            known = any(each["number"] == number for each in self.sets["items"])
            if line.get("lineType") == "Item" and not known:
                raise Refusal(400, "Internal_RecordNotFound", f"The Item {number} does not exist.")
        return [{**line, "id": self.new_id()} for line in lines]

    def _customer(self, body: dict[str, Any]) -> dict[str, Any]:
        number = body.get("number") or f"K{20000 + len(self.sets['customers'])}"
        if any(each["number"] == number for each in self.sets["customers"]):
            raise Refusal(400, "Internal_EntityWithSameKeyExists", "The record already exists.")
        made = {**EMPTY, **body, "number": number, "id": self.new_id()}
        self.sets["customers"].append(made)
        return made
