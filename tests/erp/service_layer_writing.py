"""The writing half of the Service Layer, over the reading one: documents and business partners.

As SAP's behaves: a reference may be there twice, a PATCH without `B1S-ReplaceCollectionsOnPatch`
adds to the lines, dates are needed, a refusal says why and rolls everything back.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.erp.described import Description, description
from tests.erp.service_layer import ServiceLayer
from tests.peers.http_server import Asked

ONE = re.compile(r"(\w+)\((.+?)\)(/Cancel)?")
DOCUMENTS = ("Orders", "Quotations")
UNSET = {"U_WebOrder": None, "NumAtCard": None, "Cancelled": "tNO"}
NO_DATA = {"FederalTaxID": None, "AdditionalID": None, "EmailAddress": None, "Phone1": None}


class Refusal(Exception):
    """Business One's word and number."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass
class WritableServiceLayer(ServiceLayer):
    """A company that takes orders, quotations and business partners."""

    described: Description = field(default_factory=lambda: description("business_one.xml"))
    faults: deque[str] = field(default_factory=deque)
    """What happens to the next writes: lost, down, locked."""
    writes: list[str] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    """Documents that are delivered."""
    frozen: set[str] = field(default_factory=set)
    """Customers for whom nothing may be ordered."""

    properties: dict[str, set[str]] = field(default_factory=dict)
    """Set → what may be asked for, where a test cares."""

    def __post_init__(self) -> None:
        for name in (*DOCUMENTS, "BusinessPartners", "Items"):
            self.sets.setdefault(name, [])
        self.keys |= dict.fromkeys(DOCUMENTS, "DocEntry")
        self.keys |= {"BusinessPartners": "CardCode", "Items": "ItemCode"}

    def __call__(self, asked: Asked) -> Response:
        if asked.request.method == "GET":
            return self._unknown_property(asked) or super().__call__(asked)
        if asked.path.endswith("/Login"):
            return super().__call__(asked)
        cookies = f"B1SESSION=s-{len(self.log_ins)}; ROUTEID=.node{len(self.log_ins)}"
        if asked.headers.get("cookie") != cookies or self.left <= 0:
            return self._error(401, 301, "Invalid session or session already timeout.")
        self.left -= 1
        fault = self.faults.popleft() if self.faults else ""
        if fault == "down":
            return Response("<html>504</html>", 504, media_type="text/html")
        if fault == "locked":
            words = "Another user or another operation modified data (ODBC -2039)"
            return self._error(400, -2039, words)
        answer = self._written(asked)
        return Response("<html>504</html>", 504, media_type="text/html") if fault else answer

    def _unknown_property(self, asked: Asked) -> Response | None:
        known = self.properties.get(asked.path.rpartition("/")[2])
        for each in asked.query.get("$select", "").split(","):
            if known and each not in known:
                return self._error(400, 201, f"Property '{each}' of 'Document' is invalid")
        return None

    def _written(self, asked: Asked) -> Response:
        path = asked.path.removeprefix(f"/b1s/{self.version}/")
        self.writes.append(f"{asked.request.method} {path}")
        body = json.loads(asked.body) if asked.body else {}
        try:
            if one := ONE.fullmatch(path):
                entity = self._entity(one[1], one[2])
                act: Callable[..., None] = self._cancel if one[3] else self._patch
                act(one[1], entity, body, asked.headers)
                return Response(status_code=204)
            self._validated(path, body)
            made = self._partner(body) if path == "BusinessPartners" else self._document(path, body)
        except Refusal as refusal:
            return self._error(400, refusal.code, refusal.words)
        return JSONResponse(made, 201)

    def _validated(self, name: str, body: dict[str, Any]) -> None:
        if faults := self.described.faults(name, body):
            raise Refusal(-1000, faults[0])

    def _entity(self, name: str, literal: str) -> dict[str, Any]:
        wanted = literal[1:-1].replace("''", "'") if literal.startswith("'") else literal
        for each in self.sets[name]:
            if str(each[self.keys[name]]) == wanted:
                return each
        raise Refusal(-2028, "No matching records found (ODBC -2028)")

    def _document(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if not any(
            each["CardCode"] == body.get("CardCode") for each in self.sets["BusinessPartners"]
        ):
            raise Refusal(-5002, "Customer record not found  [ORDR.CardCode]")
        if body["CardCode"] in self.frozen:
            raise Refusal(-5002, "Business partner is on hold  [ORDR.CardCode]")
        if not body.get("DocDueDate"):
            raise Refusal(-5002, "Enter delivery date  [ORDR.DocDueDate]")
        if body["DocDueDate"] < body.get("DocDate", ""):
            raise Refusal(-5002, "Delivery date is before the posting date")
        self._known_items(body.get("DocumentLines", []))
        entry = 70 + len(self.sets[name])
        made = {**UNSET, **body, "DocEntry": entry, "DocNum": 1000 + entry}
        made["DocumentLines"] = _numbered(body["DocumentLines"])
        self.sets[name].append(made)
        return made

    def _known_items(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            raise Refusal(-5002, "No matching records found: document has no lines")
        for place, line in enumerate(lines, start=1):
            if not any(each["ItemCode"] == line.get("ItemCode") for each in self.sets["Items"]):
                raise Refusal(-10, f"Item number is missing  [RDR1.ItemCode][line: {place}]")

    def _partner(self, body: dict[str, Any]) -> dict[str, Any]:
        code = body.get("CardCode") or f"C{90000 + len(self.sets['BusinessPartners'])}"
        if not body.get("CardCode") and "Series" not in body:
            raise Refusal(-5002, "Business partner code is missing  [OCRD.CardCode]")
        if any(each["CardCode"] == code for each in self.sets["BusinessPartners"]):
            raise Refusal(-10, f"Business partner code '{code}' already assigned")
        names = [(each["AddressName"], each["AddressType"]) for each in body.get("BPAddresses", [])]
        if len(set(names)) < len(names):
            raise Refusal(-5002, "Address ID already exists  [CRD1.Address]")
        made = {**NO_DATA, **body, "CardCode": code}
        self.sets["BusinessPartners"].append(made)
        return made

    def _patch(self, name: str, entity: dict[str, Any], body: dict[str, Any], headers: Any) -> None:
        self._validated(name, body)
        if entity.get("DocEntry") in self.closed:
            raise Refusal(-5006, "Cannot change a closed document")
        for each in ("CardCode", "DocEntry", "DocNum", "Series"):
            if each in body:
                raise Refusal(-1029, f"Field cannot be updated: {each}")
        lines = body.pop("DocumentLines", None)
        if lines is not None:
            self._known_items(lines)
            replaced = headers.get("b1s-replacecollectionsonpatch") == "true"
            entity["DocumentLines"] = _numbered([] if replaced else entity["DocumentLines"], lines)
        entity |= body

    def _cancel(self, _name: str, entity: dict[str, Any], _body: object, _headers: object) -> None:
        if entity["Cancelled"] == "tYES":
            raise Refusal(-5006, "The document is already closed or cancelled")
        entity["Cancelled"] = "tYES"


def _numbered(*parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = [line for part in parts for line in part]
    return [{**line, "LineNum": place} for place, line in enumerate(lines)]
