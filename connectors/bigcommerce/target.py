"""Sends records to a store of BigCommerce, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from agent.model import Record
from connectors._platform.target import PlatformTarget, Room
from connectors._verdicts import Requests
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.categories import Categories
from connectors.bigcommerce.checking import findings
from connectors.bigcommerce.customers import Customers
from connectors.bigcommerce.offers import Offers
from connectors.bigcommerce.options import BigCommerceOptions, BigCommerceTargetOptions
from connectors.bigcommerce.order_status import OrderStatus
from connectors.bigcommerce.products import Products
from connectors.bigcommerce.reading_back import read_back

if TYPE_CHECKING:
    from connectors._http.client import Client


class BigCommerceTarget(
    PlatformTarget[BigCommerceOptions, BigCommerceTargetOptions, "Client", Calls]
):
    """Delivers to one store. Repeating has no second effect: SKU, address and e-mail are unique."""

    platform = "BigCommerce"
    told_whole = frozenset({"product", "stock", "customer", "order_status"})

    def __init__(self, connection: BigCommerceOptions, options: BigCommerceTargetOptions) -> None:
        super().__init__(connection.at_the_store(), options)
        self.batch_size = options.batch_size
        offers = Offers(options)
        self._by_entity: dict[str, Room[Calls]] = {
            "product": Products(options).deliver,
            "category": Categories(options).deliver,
            "price": offers.deliver,
            "stock": offers.deliver,
            "customer": Customers(options).deliver,
            "order_status": OrderStatus(options).deliver,
        }

    def check(self) -> Iterator[Finding]:
        """Reach the store, log in, read a little, compare its settings with what we send."""
        yield from findings(self.work(), self.options, datetime.now(UTC).date())

    def _reach(self) -> Client:
        return self.connection.client()

    def work(self) -> Calls:
        """The calls of one delivery."""
        connection = self.connection
        requests = Requests(self.server.ask, self.gate)
        return Calls(requests, self.bindings, self.gate, connection.url, connection.reserve)

    def _rooms(self) -> Mapping[str, Room[Calls]]:
        return self._by_entity

    def _read_back(self, work: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        return read_back(work, entity, keys)
