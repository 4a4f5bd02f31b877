"""An Odoo, written from its documentation of the external API: JSON-2 and XML-RPC over one store.

Domains are really evaluated; nothing is `False`, related records are pairs, archived records are
hidden unless the context says otherwise, names are translated by the context's language.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from xmlrpc.client import Fault, dumps, loads

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked

Record = dict[str, Any]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le,
}  # fmt: skip


@dataclass
class Odoo:
    """One database with one user, who has one key."""

    types: dict[str, dict[str, str]] = field(default_factory=dict)
    """Model → field → type."""
    records: dict[str, list[Record]] = field(default_factory=dict)
    key: str = "right"
    log_ins: int = 0
    calls: list[tuple[str, str, Record]] = field(default_factory=list)
    fault: Fault | None = None
    after_call: Callable[[], None] = lambda: None

    def __call__(self, asked: Asked) -> Response:
        if asked.path.startswith("/xmlrpc/2/"):
            return self._xml(asked)
        _, _, _, model, method = asked.path.split("/")
        if asked.headers.get("authorization", "").lower() != f"bearer {self.key}":
            return self._error(401, "Unauthorized", "Invalid apikey")
        if asked.headers.get("x-odoo-database") != "rossi":
            return self._error(404, "NotFound", "no such database")
        if self.fault:
            return self._error(500, "psycopg2.OperationalError", self.fault.faultString)
        if model not in self.types:
            return self._error(404, "NotFound", f"the model {model!r} does not exist")
        return JSONResponse(self._call(model, method, json.loads(asked.body)))

    def _error(self, status: int, name: str, message: str) -> Response:
        said = {"name": name, "message": message, "arguments": [message], "context": {}}
        return JSONResponse(said, status)

    def _xml(self, asked: Asked) -> Response:
        parameters, method = loads(asked.body)
        try:
            found = self._xml_call(asked.path, method, parameters)
        except Fault as fault:
            return Response(dumps(fault), media_type="text/xml")
        return Response(dumps((found,), methodresponse=True), media_type="text/xml")

    def _xml_call(self, path: str, method: str | None, parameters: Any) -> Any:
        if path == "/xmlrpc/2/common":
            self.log_ins += 1
            assert method == "authenticate"
            return 7 if parameters[:3] == ("rossi", "sync@rossi.example", self.key) else False
        assert method == "execute_kw"
        database, user, key, model, called, positional, named = parameters
        if (database, user, key) != ("rossi", 7, self.key):
            raise Fault(3, "Access Denied")
        if self.fault:
            raise self.fault
        if model not in self.types:
            raise Fault(2, f"Object {model} doesn't exist")
        assert positional == []
        return self._call(model, called, named)

    def _call(self, model: str, method: str, named: Record) -> Any:
        self.calls.append((model, method, named))
        if method == "fields_get":
            assert named == {"attributes": ["type", "relation"]}
            return {name: {"type": kind} for name, kind in self.types[model].items()}
        assert method == "search_read"
        return self._search_read(model, **named)

    def _search_read(
        self, model: str, domain: Any, fields: Any, limit: int, order: str, context: Record
    ) -> list[Record]:
        found = [
            each
            for each in sorted(self.records[model], key=lambda each: int(each[order]))
            if all(_holds(each, *leaf) for leaf in domain)
            and (each.get("active", True) or context.get("active_test") is False)
        ][:limit]
        shown = [{name: _shown(each[name], context) for name in fields} for each in found]
        self.after_call()
        return shown


def _holds(record: Record, name: str, operator: str, wanted: Any) -> bool:
    value = record[name]
    if isinstance(value, list):
        value = value[0]
    if operator == "in":
        return value in wanted
    if operator not in {"=", "!="} and value is False:
        return False
    return OPERATORS[operator](value, wanted)


def _shown(value: Any, context: Record) -> Any:
    """A translated text is a dict by language here."""
    return value[context.get("lang", "en_US")] if isinstance(value, dict) else value
