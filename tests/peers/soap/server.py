"""The server itself: `python -m tests.peers.soap.server` prints its port."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal as Exact
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from lxml import etree
from spyne import (
    Application,
    Array,
    Boolean,
    ComplexModel,
    Date,
    DateTime,
    Decimal,
    Double,
    Fault,
    Integer,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

from tests.peers.soap import FAULT, PASSWORD, orders

WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"

Start = Callable[..., Any]


class Door:
    """What stands before the service: control, log-in, scripted answers."""

    def __init__(self) -> None:
        self.articles: list[dict[str, Any]] = []
        self.require: dict[str, str] = {}
        self.scripted: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.books = orders.Books()
        self.lose = 0
        self._services = {
            "/": _articles(self, Soap11),
            "/soap12": _articles(self, Soap12),
            "/orders": orders.service(self.books),
        }

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/control":
            return self._control(environ, start)
        service = self._services[environ["PATH_INFO"]]
        if environ["REQUEST_METHOD"] == "GET":
            return service(environ, start)  # type: ignore[no-any-return]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append(body.decode())
        if refusal := self._refusal(environ, body):
            return _answer(start, *refusal)
        if self.scripted:
            script = self.scripted.pop(0)
            content = base64.b64decode(script["body"])
            return _answer(start, f"{script['status']} As told", content, script["type"])
        if self.lose:
            self.lose -= 1
            return _lost(service, {**environ, "wsgi.input": io.BytesIO(body)}, start)
        return service({**environ, "wsgi.input": io.BytesIO(body)}, start)  # type: ignore[no-any-return]

    def _control(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            told = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            if "articles" in told:
                self.articles, self.asked, self.scripted = told["articles"], [], []
                self.require = {}
            if "books" in told:
                self.books.__init__(**told["books"])  # type: ignore[misc]  # emptied, not replaced
                self.asked, self.scripted, self.lose = [], [], 0
            self.books.refused = told.get("refused", self.books.refused)
            self.lose = told.get("lose", self.lose)
            self.require = told.get("require", self.require)
            self.scripted += [told["answer"]] if "answer" in told else []
        told = {"asked": self.asked, "books": asdict(self.books)}
        return _answer(start, "200 OK", json.dumps(told).encode(), "application/json")

    def _refusal(self, environ: dict[str, Any], body: bytes) -> tuple[str, bytes, str] | None:
        given = environ.get("HTTP_AUTHORIZATION", "")
        pair = base64.b64encode(self.require.get("basic", "").encode()).decode()
        wanted = {"basic": f"Basic {pair}", "bearer": f"Bearer {self.require.get('bearer')}"}
        for way, header in wanted.items():
            if self.require.get(way) and given != header:
                return "401 Unauthorized", b"who are you?", "text/plain"
        if self.require.get("token") and not _knows_password(body, self.require["token"]):
            fault = FAULT.format(code="wsse:FailedAuthentication", text="no such user")
            return "500 Fault", fault.encode(), "text/xml"
        return None


def _answer(start: Start, status: str, content: bytes, kind: str) -> Iterable[bytes]:
    start(status, [("content-type", kind), ("content-length", str(len(content)))])
    return [content]


def _lost(service: Any, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The work is done, and its answer breaks off."""
    b"".join(service(environ, lambda *_: None))
    start("200 OK", [("content-type", "text/xml"), ("content-length", "1000")])
    return [b"<e:Envelope"]


def _knows_password(body: bytes, way: str) -> bool:
    """As UsernameToken Profile 1.1 says, section 3.1."""
    token = etree.fromstring(body).find(f".//{WSSE}UsernameToken")
    if token is None or token.findtext(f"{WSSE}Username") != "agent":
        return False
    password = token.find(f"{WSSE}Password")
    if way == "text":
        return bool(password.get("Type").endswith("#PasswordText") and password.text == PASSWORD)
    nonce = base64.b64decode(token.findtext(f"{WSSE}Nonce"))
    created = token.findtext(f"{WSU}Created").encode()
    digest = base64.b64encode(hashlib.sha1(nonce + created + PASSWORD.encode()).digest()).decode()
    return bool(password.get("Type").endswith("#PasswordDigest") and password.text == digest)


def _articles(door: Door, protocol: type[Any]) -> Any:
    """The service: an ERP's articles."""
    namespace = "urn:erp:articles"

    class Price(ComplexModel):
        __namespace__ = namespace
        list = Unicode
        value = Decimal

    class Dimensions(ComplexModel):
        __namespace__ = namespace
        width = Decimal
        height = Double

    class Article(ComplexModel):
        __namespace__ = namespace
        sku = Unicode
        name = Unicode
        price = Decimal
        since = Date
        changed = DateTime
        active = Boolean
        dimensions = Dimensions
        prices = Array(Price)

    class Page(ComplexModel):
        __namespace__ = namespace
        total = Integer
        more = Boolean
        next = Unicode
        articles = Array(Article)

    class Filter(ComplexModel):
        __namespace__ = namespace
        changed_after = DateTime
        active = Boolean

    def made(row: dict[str, Any]) -> Any:
        size = row.get("dimensions")
        return Article(
            sku=row["sku"],
            name=row.get("name"),
            price=Exact(row["price"]) if row.get("price") is not None else None,
            since=date.fromisoformat(row["since"]) if row.get("since") else None,
            changed=datetime.fromisoformat(row["changed"]) if row.get("changed") else None,
            active=row.get("active"),
            dimensions=Dimensions(width=Exact(size[0]), height=size[1]) if size else None,
            prices=[Price(list=each[0], value=Exact(each[1])) for each in row.get("prices", ())],
        )

    class Articles(ServiceBase):
        @rpc(Integer, Integer, Integer, Unicode, Filter, _returns=Page)
        def ListArticles(  # noqa: N802 - the operation's name
            _ctx: Any,  # noqa: N805 - spyne's calling
            page: Any,
            size: Any,
            offset: Any,
            token: Any,
            only: Any,
        ) -> Any:
            rows = [
                row
                for row in door.articles
                if only is None
                or only.changed_after is None
                or datetime.fromisoformat(row["changed"]) >= only.changed_after.replace(tzinfo=None)
            ]
            size = size or 10_000
            start = offset or (int(token) if token else ((page or 1) - 1) * size)
            piece = rows[start : start + size]
            more = start + size < len(rows)
            return Page(
                total=len(rows),
                more=more,
                next=str(start + size) if more else None,
                articles=[made(row) for row in piece],
            )

        @rpc(Unicode, _returns=Article)
        def GetArticle(_ctx: Any, sku: Any) -> Any:  # noqa: N802, N805 - see above
            for row in door.articles:
                if row["sku"] == sku:
                    return made(row)
            raise Fault("Client.NotFound", f"no article {sku}")

    application = Application(
        [Articles], namespace, in_protocol=protocol(validator="lxml"), out_protocol=protocol()
    )
    return WsgiApplication(application)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


def serve() -> None:
    """Say the port, answer until ended."""
    with make_server("127.0.0.1", 0, Door(), handler_class=Quiet) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    serve()
