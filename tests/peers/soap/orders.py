"""The service that takes orders: an ERP that takes the same order twice if it comes twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from spyne import (
    Application,
    Array,
    Boolean,
    ComplexModel,
    DateTime,
    Decimal,
    Fault,
    Integer,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "urn:erp:orders"
REQUIRED = Unicode(min_occurs=1, nillable=False)


@dataclass
class Books:
    """What the ERP holds: documents in order, and records that it knows by the sender's own key."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    effects: list[list[Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unique: bool = False
    """Refuse a second document of one reference."""

    def found(self, reference: str) -> list[dict[str, Any]]:
        return [each for each in self.documents if each["reference"] == reference]

    def numbered(self, number: str) -> dict[str, Any]:
        for each in self.documents:
            if each["number"] == number:
                return each
        raise Fault("Client.NotFound", f"no document {number}")


class Line(ComplexModel):
    """A line of an order."""

    __namespace__ = NAMESPACE
    sku = REQUIRED
    quantity = Decimal
    urgent = Boolean


class Order(ComplexModel):
    """An order as it comes in."""

    __namespace__ = NAMESPACE
    reference = REQUIRED
    customer = REQUIRED
    placed = DateTime
    note = Unicode
    lines = Array(Line)


class Document(ComplexModel):
    """What became of it. `result` and `message` are for those who dislike faults."""

    __namespace__ = NAMESPACE
    number = Unicode
    series = Unicode
    result = Unicode
    message = Unicode


def _written(books: Books, order: Any) -> dict[str, Any]:
    """A new document; customers are bad in ways of their own."""
    if order.customer == "NOBODY":
        raise Fault("Client.Customer", "no customer NOBODY")
    if order.customer == "LOCKED":
        raise Fault("Server.Locked", "month-end closing")
    if books.unique and books.found(order.reference):
        raise Fault("Server.Duplicate", f"reference {order.reference} is there")
    document = {"number": f"DOC-{len(books.documents) + 1}", **_told(order)}
    books.documents.append(document)
    if order.customer == "HALF":
        raise Fault("Server", "the printer is on fire")
    return document


def _told(order: Any) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "customer": order.customer,
        "placed": order.placed.isoformat() if order.placed else None,
        "note": order.note,
        "lines": [[each.sku, str(each.quantity), each.urgent] for each in order.lines or ()],
    }


def _as_document(document: dict[str, Any]) -> Any:
    return Document(number=document["number"], series="WEB", result="OK")


def service(books: Books) -> Any:
    """The service over these books."""

    class Orders(ServiceBase):
        """Names are those of the operations; spyne calls without an instance."""

        # ruff: noqa: N802, N805

        @rpc(Order, _returns=Document)
        def CreateOrder(_ctx: Any, order: Any) -> Any:
            return _as_document(_written(books, order))

        @rpc(Order, _returns=Document)
        def SubmitOrder(_ctx: Any, order: Any) -> Any:
            if order.customer == "NOBODY":
                return Document(result="ERROR", message="no customer NOBODY")
            return _as_document(_written(books, order))

        @rpc(Unicode, _returns=Array(Document))
        def FindOrders(_ctx: Any, reference: Any) -> Any:
            return [_as_document(each) for each in books.found(reference)]

        @rpc(Unicode, _returns=Unicode)
        def NumberOf(_ctx: Any, reference: Any) -> Any:
            found = books.found(reference)
            if not found:
                raise Fault("Client.NotFound", f"no order {reference}")
            return found[0]["number"]

        @rpc(Unicode, Order, _returns=Document)
        def ChangeOrder(_ctx: Any, number: Any, order: Any) -> Any:
            document = books.numbered(number)
            document.update(_told(order))
            return _as_document(document)

        @rpc(Unicode)
        def CancelOrder(_ctx: Any, number: Any) -> None:
            books.documents.remove(books.numbered(number))

        @rpc(REQUIRED, Integer, Unicode, Boolean, _returns=Unicode)
        def PutRecord(_ctx: Any, key: Any, version: Any, data: Any, gone: Any) -> Any:
            if key in books.refused:
                raise Fault("Client.Refused", f"{key} is not wanted")
            if version > books.records.get(key, {"version": 0})["version"]:
                books.records[key] = {"version": version, "data": None if gone else data}
                books.effects.append([key, "delete" if gone else "upsert", version])
            return key

    application = Application(
        [Orders],
        NAMESPACE,
        in_protocol=Soap11(validator="lxml"),
        out_protocol=Soap11(),
    )
    return WsgiApplication(application)
