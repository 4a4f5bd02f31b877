"""Sends records to a shop of WooCommerce, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from agent.model import Record
from connectors._platform.target import PlatformTarget, Room
from connectors._verdicts import Requests
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.categories import Categories
from connectors.woocommerce.checking import findings, terms_of
from connectors.woocommerce.customers import Customers
from connectors.woocommerce.offers import Offers, Terms
from connectors.woocommerce.options import WooCommerceOptions, WooCommerceTargetOptions
from connectors.woocommerce.order_status import OrderStatus
from connectors.woocommerce.products import Products
from connectors.woocommerce.reading_back import LISTS, read_back

if TYPE_CHECKING:
    from connectors._http.client import Client


class WooCommerceTarget(
    PlatformTarget[WooCommerceOptions, WooCommerceTargetOptions, "Client", Calls]
):
    """Delivers to one shop. Repeating has no second effect: SKU, slug and e-mail are unique."""

    platform = "WooCommerce"
    told_whole = frozenset({"product", "stock", *LISTS})

    def __init__(self, connection: WooCommerceOptions, options: WooCommerceTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._terms: Terms | None = None
        offers = Offers(options, self._terms_of)
        self._by_entity: dict[str, Room[Calls]] = {
            "product": Products(options).deliver,
            "category": Categories().deliver,
            "price": offers.deliver,
            "stock": offers.deliver,
            "customer": Customers(options).deliver,
            "order_status": OrderStatus(options).deliver,
        }

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, write nothing, compare its settings with what we send."""
        yield from findings(self.work(), datetime.now(UTC).date())

    def _reach(self) -> Client:
        return self.connection.client()

    def work(self) -> Calls:
        """The calls of one delivery."""
        return Calls(Requests(self.server.ask, self.gate), self.bindings, self.connection.url)

    def _rooms(self) -> Mapping[str, Room[Calls]]:
        return self._by_entity

    def _read_back(self, work: Calls, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        return read_back(work, entity, keys)

    def _terms_of(self, calls: Calls) -> Terms:
        """Asked for once, by the first price."""
        if self._terms is None:
            self._terms = terms_of(calls)
        return self._terms
