"""Writes products, categories, prices, stock, customers and the status of orders into a shop.

Whatever is sent twice has one effect: everything is looked for before it is made, by the id that
is remembered and by its own reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from agent.model import Record
from connectors._platform.pictures import PictureServer
from connectors._platform.target import PlatformTarget, Room
from connectors.prestashop import categories, customers, order_status, prices, products, stock
from connectors.prestashop.checking import findings
from connectors.prestashop.options import PrestaShopOptions, PrestaShopTargetOptions
from connectors.prestashop.reading_back import FIELDS, read_back
from connectors.prestashop.writing import Writing

if TYPE_CHECKING:
    from connectors.prestashop.service import Service

ROOMS: Mapping[str, Room[Writing]] = {
    "product": products.deliver,
    "category": categories.deliver,
    "price": prices.deliver,
    "stock": stock.deliver,
    "customer": customers.deliver,
    "order_status": order_status.deliver,
}


class PrestaShopTarget(
    PlatformTarget[PrestaShopOptions, PrestaShopTargetOptions, "Service", Writing]
):
    """Delivers to one shop."""

    platform = "PrestaShop"
    told_whole = frozenset(FIELDS)

    def __init__(self, connection: PrestaShopOptions, options: PrestaShopTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._pictures = PictureServer.of(connection, options)

    def close(self) -> None:
        """Close every connection; never raises."""
        if self._pictures:
            self._pictures.close()
        super().close()

    def check(self) -> Iterator[Finding]:
        """Reach it, log in, tell version, languages and what the options name."""
        yield from findings(self.work(), datetime.now(UTC).date())

    def _reach(self) -> Service:
        from connectors.prestashop.service import Service  # noqa: PLC0415 - 100 ms for who sends

        return Service(self.connection)

    def work(self) -> Writing:
        """What one delivery works with."""
        service = self.server.within(self.gate)
        return Writing(service, self.options, self.bindings, self._pictures)

    def _rooms(self) -> Mapping[str, Room[Writing]]:
        return ROOMS

    def _read_back(self, work: Writing, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        return read_back(work, entity, keys)
