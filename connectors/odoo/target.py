"""Writes products, categories, prices, stock, customers and orders into an Odoo.

Whatever is sent twice has one effect: everything is looked for before it is made, by the id that
is remembered and by its own code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from agent.model import Record
from connectors._platform.pictures import PictureServer
from connectors._platform.target import PlatformTarget, Room
from connectors.odoo import categories, checking, customers, orders, prices, products, stock
from connectors.odoo.options import OdooOptions, OdooTargetOptions
from connectors.odoo.reading_back import READINGS, read_back
from connectors.odoo.versions import findings
from connectors.odoo.writing import Known, Writing

if TYPE_CHECKING:
    from connectors.odoo.calls import Calls

ROOMS: Mapping[str, Room[Writing]] = {
    "product": products.deliver,
    "category": categories.deliver,
    "price": prices.deliver,
    "stock": stock.deliver,
    "customer": customers.deliver,
    "order": orders.deliver,
}


class OdooTarget(PlatformTarget[OdooOptions, OdooTargetOptions, "Calls", Writing]):
    """Delivers to one database."""

    platform = "Odoo"
    told_whole = frozenset(READINGS)

    def __init__(self, connection: OdooOptions, options: OdooTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._known = Known()
        self._pictures = PictureServer.of(connection, options)

    def close(self) -> None:
        """Close every connection; never raises."""
        if self._pictures:
            self._pictures.close()
        super().close()

    def check(self) -> Iterator[Finding]:
        """Reach it, log in, tell version, rights and the end of the key."""
        today = datetime.now(UTC).date()
        protocol = self.connection.protocol
        yield from findings(self.server.version(), protocol, today)
        yield from checking.findings(self.work(), protocol, today)

    def _reach(self) -> Calls:
        from connectors.odoo.calls import calls  # noqa: PLC0415 - 100 ms for who sends

        return calls(self.connection)

    def work(self) -> Writing:
        """What one delivery works with."""
        return Writing(
            self.server, self.options, self.bindings, self.gate, self._known, self._pictures
        )

    def _rooms(self) -> Mapping[str, Room[Writing]]:
        return ROOMS

    def _read_back(self, work: Writing, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        return read_back(work, entity, keys)
