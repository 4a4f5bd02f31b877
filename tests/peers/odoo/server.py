"""The two protocols over one database, and what may go wrong on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from xmlrpc.client import Fault, dumps, loads

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked
from tests.peers.odoo.database import Database, UserError
from tests.peers.odoo.schema import MODELS

NONE = "TypeError: cannot marshal None unless allow_none is enabled"


@dataclass
class OdooServer:
    """One database with one user, who has one key."""

    database: Database = field(default_factory=Database)
    key: str = "right"
    calls: list[tuple[str, str]] = field(default_factory=list)
    loses_answer_of: str = ""
    """The next call of this method does its work, and its answer gets lost."""
    busy: bool = False
    version: str = "19.0"
    fails: list[Response] = field(default_factory=list)
    """Answers to the next requests, in place of the work."""
    loses: list[bool] = field(default_factory=list)
    """Whether the answers to the next calls get lost."""

    def __call__(self, asked: Asked) -> Response:
        if self.fails:
            return self.fails.pop(0)
        if self.busy:
            return Response(status_code=429, headers={"retry-after": "7"})
        if asked.path == "/web/version":
            return JSONResponse({"version": self.version})
        if asked.path.startswith("/xmlrpc/2/"):
            return self._xml(asked)
        return self._json(asked)

    def _json(self, asked: Asked) -> Response:
        _, _, _, model, method = asked.path.split("/")
        if asked.headers.get("authorization", "").lower() != f"bearer {self.key}":
            return _error(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey")
        if not self._has(model):
            return _error(
                404, "werkzeug.exceptions.NotFound", f"the model {model!r} does not exist"
            )
        named = json.loads(asked.body)
        try:
            found = self._call(model, method, named.pop("ids", []), named)
        except UserError as error:
            return _error(422, "odoo.exceptions.UserError", str(error))
        except (ValueError, AttributeError, TypeError) as error:
            return _error(500, f"builtins.{type(error).__name__}", str(error))
        return self._lost(method) or JSONResponse(found)

    def _xml(self, asked: Asked) -> Response:
        parameters, method = loads(asked.body)
        try:
            found = self._xml_call(asked.path, method, parameters)
            body = dumps((found,), methodresponse=True)
        except Fault as fault:
            body = dumps(fault)
        except TypeError:
            # The work is committed; only its answer cannot be written.
            body = dumps(Fault(1, f"Traceback (most recent call last):\n  …\n{NONE}\n"))
        called = str(parameters[4]) if len(parameters) > 4 else ""
        return self._lost(called) or Response(body, media_type="text/xml")

    def _xml_call(self, path: str, method: str | None, parameters: Any) -> Any:
        if path == "/xmlrpc/2/common":
            if method == "version":
                return {"server_version": self.version, "protocol_version": 1}
            return 7 if parameters[:3] == ("rossi", "sync@rossi.example", self.key) else False
        database, user, key, model, called, positional, named = parameters
        if (database, user, key) != ("rossi", 7, self.key):
            raise Fault(3, "Access Denied")
        if not self._has(model):
            raise Fault(2, f"Object {model} doesn't exist")
        ids: list[int] = []
        if called == "create":
            (named["vals_list"],) = positional
        elif called in {"search_read", "fields_get", "check_access_rights"}:
            assert positional == []
        else:
            (ids,) = positional
        try:
            return self._call(model, called, ids, named)
        except UserError as error:
            raise Fault(2, str(error)) from None
        except (ValueError, AttributeError) as error:
            raise Fault(1, f"Traceback (most recent call last):\n  …\n{error!r}") from None

    def _has(self, model: str) -> bool:
        return model in MODELS and model not in self.database.apps_missing

    def _call(self, model: str, method: str, ids: list[int], named: dict[str, Any]) -> Any:
        self.calls.append((model, method))
        return self.database.call(model, method, ids, named)

    def _lost(self, method: str) -> Response | None:
        lost = self.loses.pop(0) if self.loses else False
        if self.loses_answer_of and method == self.loses_answer_of:
            self.loses_answer_of, lost = "", True
        if not lost:
            return None
        return Response("upstream timed out", status_code=504)

    def count(self, model: str, method: str) -> int:
        """How often a method was called."""
        return self.calls.count((model, method))


def _error(status: int, name: str, message: str) -> Response:
    said = {"name": name, "message": message, "arguments": [message], "context": {}, "debug": ""}
    return JSONResponse(said, status)
