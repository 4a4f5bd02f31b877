"""Sends records to a shop of Magento, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from agent.model import Record
from connectors._platform.target import PlatformTarget, Room
from connectors._verdicts import Requests
from connectors.magento.calls import Calls
from connectors.magento.categories import Categories
from connectors.magento.checking import findings
from connectors.magento.customers import Customers
from connectors.magento.options import MagentoOptions, MagentoTargetOptions
from connectors.magento.order_status import OrderStatus
from connectors.magento.pictures import Pictures
from connectors.magento.prices import Prices
from connectors.magento.products import Products
from connectors.magento.reading_back import SINGLE, read_back
from connectors.magento.stock import Stocks

if TYPE_CHECKING:
    from connectors._http.client import Client


class MagentoTarget(PlatformTarget[MagentoOptions, MagentoTargetOptions, "Client", Calls]):
    """Delivers to one shop. Repeating has no second effect: SKU, address and e-mail are unique."""

    platform = "Magento"
    told_whole = frozenset({"product", "stock", *SINGLE})

    def __init__(self, connection: MagentoOptions, options: MagentoTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._pictures = Pictures(connection, options)
        self._by_entity: dict[str, Room[Calls]] = {
            "product": Products(options, self._pictures).deliver,
            "category": Categories(options).deliver,
            "price": Prices(options).deliver,
            "stock": Stocks(options).deliver,
            "customer": Customers(options).deliver,
            "order_status": OrderStatus(options).deliver,
        }

    def close(self) -> None:
        """Close every connection; never raises."""
        self._pictures.close()
        super().close()

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, read a little, compare its settings with what we send."""
        today = datetime.now(UTC).date()
        yield from findings(self.work(), self.connection.version, self.options, today)

    def _reach(self) -> Client:
        return self.connection.client()

    def work(self) -> Calls:
        """The calls of one delivery."""
        connection = self.connection
        requests = Requests(self.server.ask, self.gate)
        return Calls(requests, self.bindings, connection.url, connection.store)

    def _rooms(self) -> Mapping[str, Room[Calls]]:
        return self._by_entity

    def _read_back(self, work: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        return read_back(work, entity, keys)
