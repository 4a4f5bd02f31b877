"""Delivers to a shop of Shopify."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from agent.contract import Finding, Target
from agent.model import Message, Op, Receipt, Record
from connectors.shopify.delivery import Delivery, refused
from connectors.shopify.options import ShopifyOptions, TargetOptions

if TYPE_CHECKING:
    from connectors.shopify.admin import Admin
    from connectors.shopify.facts import Facts

Writer: TypeAlias = Callable[[Delivery, Sequence[Message]], Iterator[Receipt]]
ORDER = ("category", "product", "price", "stock", "customer", "order_status")
"""What others need comes first, where one delivery holds several entities."""


class ShopifyTarget(Target[ShopifyOptions, TargetOptions]):
    """Writes products, categories, prices, stock, customers and the status of orders."""

    def __init__(self, connection: ShopifyOptions, options: TargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size

    @cached_property
    def admin(self) -> Admin:
        """The shop."""
        from connectors.shopify.admin import Admin  # noqa: PLC0415 - 100 ms for who asks

        return Admin(self.connection)

    @cached_property
    def facts(self) -> Facts:
        """What hardly ever changes there."""
        from connectors.shopify.facts import Facts  # noqa: PLC0415 - as above

        return Facts()

    def close(self) -> None:
        """Close every connection; never raises."""
        if "admin" in self.__dict__:
            self.admin.close()
            del self.__dict__["admin"]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, several in a request; one receipt each, in no order."""
        delivery = self._delivery()
        for entity, part in _by_entity(messages):
            writer = self._writer(entity)
            if writer is None:
                reason = f"Shopify has no place for {entity}"
                yield from (refused(message, "SA-5448", reason) for message in part)
            else:
                yield from writer(delivery, part)

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Which of them are there, told by the version that we leave behind on every record.

        Prices and stock are not asked for: setting them twice is setting them once.
        """
        from connectors.shopify.looking import look_up  # noqa: PLC0415 - as above

        delivery = self._delivery()
        for entity, part in _by_entity(messages):
            yield from look_up(delivery, entity, [m for m in part if m.op is Op.UPSERT])

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in {"product", "stock"}

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the shop holds for products, prices of variants and stock."""
        from connectors.shopify.reading import read_back  # noqa: PLC0415 - as above

        return read_back(self._delivery(), entity, keys)

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, see to version, scopes, currency, locations and price lists."""
        from connectors.shopify.checking import check_target  # noqa: PLC0415 - as above

        return check_target(self._delivery())

    def _delivery(self) -> Delivery:
        from connectors.shopify.admin import Session  # noqa: PLC0415 - as above

        return Delivery(Session(self.admin, self.gate), self.bindings, self.options, self.facts)

    def _writer(self, entity: str) -> Writer | None:
        from connectors.shopify.writers import writers  # noqa: PLC0415 - as above

        return writers(companies=self.options.companies).get(entity)


def _by_entity(messages: Sequence[Message]) -> Iterator[tuple[str, list[Message]]]:
    def place(message: Message) -> int:
        return ORDER.index(message.entity) if message.entity in ORDER else len(ORDER)

    ordered = sorted(messages, key=place)
    for entity, part in groupby(ordered, key=lambda message: message.entity):
        yield entity, list(part)
