"""Delivers to a shop of Shopify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from agent.contract import Finding
from agent.model import Message, Op, Receipt, Record
from connectors._platform.target import PlatformTarget, Room, by_entity
from connectors.shopify.delivery import Delivery
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions

if TYPE_CHECKING:
    from connectors.shopify.admin import Admin
    from connectors.shopify.facts import Facts

Writer: TypeAlias = Room[Delivery]


class ShopifyTarget(PlatformTarget[ShopifyOptions, ShopifyTargetOptions, "Admin", Delivery]):
    """Writes products, categories, prices, stock, customers and the status of orders."""

    platform = "Shopify"
    told_whole = frozenset({"product", "stock"})

    def __init__(self, connection: ShopifyOptions, options: ShopifyTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size

    @cached_property
    def facts(self) -> Facts:
        """What hardly ever changes there."""
        from connectors.shopify.facts import Facts  # noqa: PLC0415 - as above

        return Facts()

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Which of them are there, told by the version that we leave behind on every record.

        Prices and stock are not asked for: setting them twice is setting them once.
        """
        from connectors.shopify.looking import look_up  # noqa: PLC0415 - as above

        delivery = self.work()
        for entity, part in by_entity(messages):
            yield from look_up(delivery, entity, [m for m in part if m.op is Op.UPSERT])

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, see to version, scopes, currency, locations and price lists."""
        from connectors.shopify.checking import check_target  # noqa: PLC0415 - as above

        return check_target(self.work())

    def _reach(self) -> Admin:
        from connectors.shopify.admin import Admin  # noqa: PLC0415 - 100 ms for who asks

        return Admin(self.connection)

    def work(self) -> Delivery:
        """What one delivery works with."""
        from connectors.shopify.admin import Session  # noqa: PLC0415 - as above

        return Delivery(Session(self.server, self.gate), self.bindings, self.options, self.facts)

    def _rooms(self) -> Mapping[str, Writer]:
        from connectors.shopify.writers import writers  # noqa: PLC0415 - as above

        return writers(companies=self.options.companies)

    def _read_back(self, work: Delivery, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        from connectors.shopify.reading_back import read_back  # noqa: PLC0415 - as above

        return read_back(work, entity, keys)
