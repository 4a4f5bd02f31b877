"""Stock: absolute, by source, twenty a call.

What Magento sells is the quantity of its sources less its own reservations, which it makes with
each order and takes back with the parcel: a quantity that already leaves out web orders is lowered
twice. The page of this kind says which quantity to send.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import data_of, text, whole
from connectors._halving import halved
from connectors._verdicts import accepted, refused, waiting
from connectors.magento.articles import there
from connectors.magento.calls import AT_ONCE, Calls, Item, Reply
from connectors.magento.options import MagentoTargetOptions

DEFAULT_SOURCE = "default"
PATH = "inventory/source-items"


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of an article lies at a source."""

    message: Message
    sku: str
    source: str
    quantity: int

    @property
    def reference(self) -> str:
        """Where it is, for the binding: `default/A1`."""
        return f"{self.source}/{self.sku}"

    def item(self) -> Item:
        """As Magento takes it: what is not in stock is not for sale, whatever its quantity."""
        in_stock = 1 if self.quantity > 0 else 0
        return {
            "sku": self.sku,
            "source_code": self.source,
            "quantity": self.quantity,
            "status": in_stock,
        }


class Stocks:
    """Delivers stock."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """All in as few calls as Magento allows; what it does not have waits."""
        references = calls.bindings.find("stock", [m.key for m in messages if m.op is Op.DELETE])
        stocks = []
        for message in messages:
            try:
                stock = self._stock(message, references.get(message.key, ""))
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            if stock is None:
                yield accepted(message)  # nothing was ever said, so there is nothing to take back
            else:
                stocks.append(stock)
        known = there(calls, [stock.sku for stock in stocks])
        for stock in stocks:
            if stock.sku not in known and stock.message.op is Op.DELETE:
                yield accepted(stock.message)
            elif stock.sku not in known:
                yield waiting(stock.message, "product", stock.sku)

        def send(some: Sequence[Stock]) -> Reply:
            return calls.post(PATH, {"sourceItems": [stock.item() for stock in some]})

        ready = [stock for stock in stocks if stock.sku in known]
        for piece, reply in halved(ready, AT_ONCE, send):
            for stock in piece:
                if reply.refused:
                    yield refused(stock.message, reply.refusal())
                else:
                    yield accepted(stock.message, stock.reference)

    def _stock(self, message: Message, reference: str) -> Stock | None:
        if message.op is Op.DELETE:
            source, _, sku = reference.partition("/")
            return Stock(message, sku, source, 0) if sku else None
        data = data_of(message)
        quantity = max(whole(data, "quantity") or 0, 0)
        return Stock(message, text(data, "sku"), self._source(text(data, "warehouse")), quantity)

    def _source(self, warehouse: str) -> str:
        if not self._options.warehouses:
            return DEFAULT_SOURCE
        found = self._options.warehouses.get(warehouse)
        if found is None:
            raise Rejected(
                "SA-5465",
                f"warehouse {warehouse} has no source in the shop",
                hint="name one under warehouses, or leave the warehouse out by where",
            )
        return found
