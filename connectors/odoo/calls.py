"""Methods of models called over JSON-2 or XML-RPC, with one and the same result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import msgspec

from agent.errors import Misconfigured
from agent.model import Json
from connectors._http import Request
from connectors._http.failures import http_date
from connectors._rest.api import Api, raise_for
from connectors.odoo.options import OdooOptions
from connectors.odoo.xml_rpc import read, written


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gave, and when by the server's clock."""

    value: Json
    at: datetime | None
    doubtful: bool


class Calls(Protocol):
    """A way to call methods."""

    server: str

    def call(self, model: str, method: str, **arguments: Any) -> Result:
        """Call a method of a model with named arguments; `ids` are the records it is called on."""
        ...

    def version(self) -> str:
        """The server's own version: `18.0`, `saas~18.2+e`; "" where it does not tell."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class Json2(Api):
    """`POST /json/2/<model>/<method>`, from Odoo 19 on."""

    def __init__(self, options: OdooOptions) -> None:
        super().__init__(options, options.authorization())
        self._headers = [
            ("content-type", "application/json"),
            ("x-odoo-database", options.database),
        ]

    def call(self, model: str, method: str, **arguments: Any) -> Result:
        """Call a method of a model with named arguments."""
        url = f"{self.url}/json/2/{model}/{method}"
        body = msgspec.json.encode(arguments)
        content = self.read(Request("POST", url, list(self._headers), body))
        return Result(content.value, content.at, content.doubtful)

    def version(self) -> str:
        """As `/web/version` tells it."""
        answer = self.ask(Request("GET", f"{self.url}/web/version"))
        if answer.status != 200:
            return ""
        told = self.content(self.url, answer).value
        return str(told.get("version", "")) if isinstance(told, dict) else ""


class XmlRpc(Api):
    """`execute_kw`, up to Odoo 21."""

    def __init__(self, options: OdooOptions) -> None:
        super().__init__(options, options.authorization())
        self._options = options

    def call(self, model: str, method: str, **arguments: Any) -> Result:
        """Call a method of a model with named arguments."""
        options = self._options
        who = (options.database, self.user_id, options.api_key.reveal())
        # What a method is called on, and what is created, Odoo takes by its place only.
        placed = [arguments.pop(name) for name in ("ids", "vals_list") if name in arguments]
        return self._post("object", "execute_kw", *who, model, method, placed, arguments)

    def version(self) -> str:
        """As the service `common` tells it."""
        told = self._post("common", "version").value
        return str(told.get("server_version", "")) if isinstance(told, dict) else ""

    @cached_property
    def user_id(self) -> int:
        """Who we are, as a number. Raises `Misconfigured` where we are nobody."""
        options = self._options
        who = (options.database, options.user, options.api_key.reveal())
        found = self._post("common", "authenticate", *who, {}).value
        if not isinstance(found, int) or isinstance(found, bool):
            raise Misconfigured(
                "SA-5220",
                f"{options.database} refuses {options.user} with {options.api_key.reference}",
                hint="correct database, user or api_key, then resume the flow",
            )
        return found

    def _post(self, service: str, method: str, *parameters: Any) -> Result:
        url = f"{self.url}/xmlrpc/2/{service}"
        body = written(method, *parameters)
        answer = self.ask(Request("POST", url, [("content-type", "text/xml")], body))
        if not 200 <= answer.status <= 299:
            raise_for(answer)
        at = http_date(answer.headers.get("date", ""))
        return Result(read(answer.body, self.server), at, doubtful=True)


def calls(options: OdooOptions) -> Calls:
    """The way that the connection names."""
    return Json2(options) if options.protocol == "json2" else XmlRpc(options)
