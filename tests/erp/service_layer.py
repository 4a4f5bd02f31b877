"""A Service Layer written from SAP's manual "Working with SAP Business One Service Layer".

Log-in with two cookies, sessions that run out, 20 entities a page unless asked for more, next
links that count, errors in SAP's shape, a lock after wrong passwords.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.erp.odata import EntitySets, preferred_size
from tests.peers.http_server import Asked

USUAL_PAGE = 20
METADATA = """<?xml version="1.0"?><edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices><Schema Namespace="SAPB1" xmlns="http://docs.oasis-open.org/odata/ns/edm">
{types}<EntityContainer Name="ServiceLayer">{sets}</EntityContainer></Schema>
</edmx:DataServices></edmx:Edmx>"""


@dataclass
class ServiceLayer(EntitySets):
    """One company and one user."""

    version: str = "v2"
    keys: dict[str, str] = field(default_factory=dict)
    """Set → its key."""
    password: str = "right"
    lasts: int = 1000
    """Requests for which a session lives."""
    log_ins: list[dict[str, str]] = field(default_factory=list)
    left: int = 0
    throttled: int = 0

    def __call__(self, asked: Asked) -> Response:
        path = asked.path.removeprefix(f"/b1s/{self.version}/")
        if path == "Login":
            return self._log_in(json.loads(asked.body))
        cookies = f"B1SESSION=s-{len(self.log_ins)}; ROUTEID=.node{len(self.log_ins)}"
        if asked.headers.get("cookie") != cookies or self.left <= 0:
            return self._error(401, 301, "Invalid session or session already timeout.")
        self.left -= 1
        if self.throttled:
            self.throttled -= 1
            return Response(status_code=503, headers={"retry-after": "7"})
        if path == "$metadata":
            return Response(self._metadata(), media_type="application/xml")
        if one := re.fullmatch(r"(\w+)\((.+)\)", path):
            return self._one(asked, one[1], one[2])
        if path not in self.sets:
            return self._error(404, -2028, "Unrecognized resource path.")
        return self._list(asked, path)

    def _log_in(self, said: dict[str, str]) -> Response:
        self.log_ins.append(said)
        wanted = {"CompanyDB": "SBO_ROSSI", "UserName": "sync", "Password": self.password}
        if said != wanted:
            return self._error(401, -304, "Fail to get DB Credentials from SLD")
        self.left = self.lasts
        number = len(self.log_ins)
        answer = JSONResponse({"SessionId": f"s-{number}", "SessionTimeout": 30})
        answer.headers.append("set-cookie", f"B1SESSION=s-{number};HttpOnly;;SameSite=None")
        answer.headers.append("set-cookie", f"ROUTEID=.node{number}; path=/b1s")
        return answer

    def _list(self, asked: Asked, name: str) -> Response:
        found = self.found(asked, name)
        start, size = int(asked.query.get("$skip", 0)), preferred_size(asked, USUAL_PAGE)
        at = "@odata." if self.version == "v2" else "odata."
        page: dict[str, Any] = {at + "context": f"$metadata#{name}"}
        counts = ("$count", "true") if self.version == "v2" else ("$inlinecount", "allpages")
        if asked.query.get(counts[0]) == counts[1]:
            page[at + "count"] = len(found) if self.version == "v2" else str(len(found))
        page["value"] = [self.chosen(asked, each) for each in found[start : start + size]]
        if start + size < len(found):
            kept = re.sub(r"&?\$skip=\d+", "", asked.request.url.query)
            page[at + "nextLink"] = f"{name}?{kept}&$skip={start + size}"
        return JSONResponse(page)

    def _one(self, asked: Asked, name: str, literal: str) -> Response:
        wanted = literal[1:-1].replace("''", "'") if literal.startswith("'") else literal
        for entity in self.sets[name]:
            key = entity[self.keys[name]]
            if str(key) == wanted and isinstance(key, str) == literal.startswith("'"):
                return JSONResponse(self.chosen(asked, entity))
        return self._error(404, -2028, "No matching records found (ODBC -2028)")

    def _metadata(self) -> str:
        types = "".join(
            f'<EntityType Name="{name}Type"><Key><PropertyRef Name="{key}"/></Key>'
            f'<Property Name="{key}" Type="{self._type(name, key)}"/></EntityType>'
            for name, key in self.keys.items()
        )
        sets = "".join(
            f'<EntitySet Name="{name}" EntityType="SAPB1.{name}Type"/>' for name in self.keys
        )
        return METADATA.format(types=types, sets=sets)

    def _type(self, name: str, key: str) -> str:
        whole = any(isinstance(each[key], int) for each in self.sets[name])
        return "Edm.Int32" if whole else "Edm.String"

    def _error(self, status: int, code: int, words: str) -> Response:
        message: Any = words if self.version == "v2" else {"lang": "en-us", "value": words}
        return JSONResponse({"error": {"code": code, "message": message}}, status)
