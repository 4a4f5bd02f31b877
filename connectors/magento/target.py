"""Sends records to a shop of Magento, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from agent.contract import Finding, Target
from agent.errors import Rejected
from agent.model import Message, Receipt, Record
from connectors._verdicts import Requests, refused
from connectors.magento.calls import Calls
from connectors.magento.categories import Categories
from connectors.magento.checking import findings
from connectors.magento.customers import Customers
from connectors.magento.options import MagentoOptions, MagentoTargetOptions
from connectors.magento.orders import Orders
from connectors.magento.pictures import Pictures
from connectors.magento.prices import Prices
from connectors.magento.products import Products
from connectors.magento.reading import read_back
from connectors.magento.stock import Stocks

if TYPE_CHECKING:
    from connectors._http.client import Client


class MagentoTarget(Target[MagentoOptions, MagentoTargetOptions]):
    """Delivers to one shop. Repeating has no second effect: SKU, address and e-mail are unique."""

    def __init__(self, connection: MagentoOptions, options: MagentoTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._pictures = Pictures(connection, options)
        self._products = Products(options, self._pictures)
        self._categories = Categories(options)
        self._prices = Prices(options)
        self._stocks = Stocks(options)
        self._customers = Customers(options)
        self._orders = Orders(options)

    @cached_property
    def _client(self) -> Client:
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who sends

        connection = self.connection
        return Client(
            connection,
            connection.authorization(),
            largest_answer=connection.largest_answer,
            packed=True,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pictures.close()
        if "_client" in self.__dict__:
            self._client.close()

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, in as few calls as Magento allows."""
        calls = self._calls()
        for entity, some in groupby(messages, key=lambda message: message.entity):
            yield from self._deliver(entity, list(some), calls)

    def _deliver(self, entity: str, messages: list[Message], calls: Calls) -> Iterator[Receipt]:
        if entity == "product":
            yield from self._products.deliver(messages, calls, self.bindings)
        elif entity == "category":
            yield from self._categories.deliver(messages, calls, self.bindings)
        elif entity == "price":
            yield from self._prices.deliver(messages, calls, self.bindings)
        elif entity == "stock":
            yield from self._stocks.deliver(messages, calls, self.bindings)
        elif entity == "customer":
            yield from self._customers.deliver(messages, calls, self.bindings)
        elif entity == "order_status":
            yield from self._orders.deliver(messages, calls)
        else:
            refusal = Rejected("SA-5409", f"Magento has no place for the entity {entity}")
            yield from (refused(message, refusal) for message in messages)

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the shop holds for these keys."""
        if keys:
            yield from read_back(entity, keys, self._calls(), self.bindings)

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, read a little, compare its settings with what we send."""
        today = datetime.now(UTC).date()
        yield from findings(self._calls(), self.connection.version, self.options, today)

    def _calls(self) -> Calls:
        connection = self.connection
        return Calls(Requests(self._client.ask, self.gate), connection.url, connection.store)
