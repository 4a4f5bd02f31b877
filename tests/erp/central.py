"""Business Central and Entra ID, written from Microsoft's pages on the API v2.0.

Tokens by client credentials, companies, pages of the size that is preferred with absolute next
links, errors in Microsoft's shape, 429 with `Retry-After`.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response

from tests.erp.odata import EntitySets, preferred_size
from tests.peers.http_server import Asked

COMPANY = "8f2c1a4e-0b1d-4c6e-9a57-3c1f0e9d7b21"
TENANT = "rossi.onmicrosoft.com"
ROOT = f"/v2.0/{TENANT}/Production/api/v2.0"
USUAL_PAGE = 20


@dataclass
class Central(EntitySets):
    """One environment with one company, and the log-in before it."""

    url: str = ""
    secret: str = "right"
    token_lasts: int = 3600
    tokens: int = 0
    ended: bool = False
    throttled: int = 0
    names: list[str] = field(default_factory=lambda: ["CRONUS IT", "Rossi S.r.l."])

    def __call__(self, asked: Asked) -> Response:
        if asked.path == f"/{TENANT}/oauth2/v2.0/token":
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}" or self.ended:
            self.ended = False
            return self._error(401, "Authentication_InvalidCredentials", "The server has rejected")
        if self.throttled:
            self.throttled -= 1
            answer = self._error(429, "Application_TooManyRequests", "Too many requests reached.")
            answer.headers["retry-after"] = "11"
            return answer
        path = asked.path.removeprefix(ROOT)
        if path == "/companies":
            ids = ["11111111-2222-3333-4444-555555555555", COMPANY]
            found = [{"id": each, "name": name} for each, name in zip(ids, self.names, strict=True)]
            return JSONResponse({"value": found})
        name = path.removeprefix(f"/companies({COMPANY})/")
        if name not in self.sets:
            return self._error(404, "BadRequest_NotFound", f"Bad Request - not found: {name}")
        return self._list(asked, name)

    def etag(self, entity: dict[str, Any]) -> str:
        """The mark of an entity's present state."""
        return f'W/"{entity["id"]}"'

    def _token(self, asked: Asked) -> Response:
        form = parse_qs(asked.body.decode())
        basic = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        wanted = {
            "grant_type": ["client_credentials"],
            "scope": ["https://api.businesscentral.dynamics.com/.default"],
        }
        if basic != f"app-1:{self.secret}" or form != wanted:
            said = {"error": "invalid_client", "error_description": "AADSTS7000215: wrong secret"}
            return JSONResponse(said, 401)
        self.tokens += 1
        return JSONResponse(
            {
                "token_type": "Bearer",
                "expires_in": self.token_lasts,
                "access_token": f"token-{self.tokens}",
            }
        )

    def _list(self, asked: Asked, name: str) -> Response:
        found = sorted(self.found(asked, name), key=lambda each: str(each["id"]))
        total = len(found)
        if token := asked.query.get("$skiptoken"):
            found = [each for each in found if str(each["id"]) > token.strip("'")]
        size = preferred_size(asked, USUAL_PAGE)
        page: dict[str, Any] = {"@odata.context": f"{self.url}{ROOT}/$metadata#{name}"}
        if asked.query.get("$count") == "true":
            page["@odata.count"] = total
        page["value"] = [
            {"@odata.etag": self.etag(each), **self.chosen(asked, each)} for each in found[:size]
        ]
        if size < len(found):
            kept = re.sub(r"&?\$skiptoken=[^&]*", "", asked.request.url.query)
            link = f"{self.url}{asked.path}?{kept}&$skiptoken='{found[size - 1]['id']}'"
            page["@odata.nextLink"] = link
        return JSONResponse(page)

    def _error(self, status: int, code: str, words: str) -> Response:
        return JSONResponse({"error": {"code": code, "message": words}}, status)
