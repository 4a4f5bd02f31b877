"""Writes products, categories, prices, stock, customers and the status of orders into a shop.

Whatever is sent twice has one effect: everything is looked for before it is made, by the id that
is remembered and by its own reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from agent.contract import Finding, Target
from agent.errors import Rejected
from agent.model import Message, Receipt, Record
from connectors._verdicts import refused
from connectors.prestashop import categories, customers, order_status, prices, products, stock
from connectors.prestashop.options import PrestaShopOptions, WritingOptions
from connectors.prestashop.reading_back import FIELDS, read_back
from connectors.prestashop.versions import findings
from connectors.prestashop.writing import Writing

if TYPE_CHECKING:
    from connectors.prestashop.service import Service

Room: TypeAlias = Callable[[Writing, Sequence[Message]], Iterator[Receipt]]
ROOMS: Mapping[str, Room] = {
    "product": products.deliver,
    "category": categories.deliver,
    "price": prices.deliver,
    "stock": stock.deliver,
    "customer": customers.deliver,
    "order_status": order_status.deliver,
}


class PrestaShopTarget(Target[PrestaShopOptions, WritingOptions]):
    """Delivers to one shop."""

    def __init__(self, connection: PrestaShopOptions, options: WritingOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size

    @cached_property
    def service(self) -> Service:
        """The shop."""
        from connectors.prestashop.service import Service  # noqa: PLC0415 - 100 ms for who sends

        return Service(self.connection)

    def close(self) -> None:
        """Close every connection; never raises."""
        if "service" in self.__dict__:
            self.service.close()
            del self.__dict__["service"]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, by entity, in the order in which they came."""
        work = self._writing()
        by_entity: dict[str, list[Message]] = {}
        for message in messages:
            by_entity.setdefault(message.entity, []).append(message)
        for entity, those in by_entity.items():
            if entity not in ROOMS:
                why = Rejected("SA-5424", f"PrestaShop takes no {entity} from us")
                yield from (refused(message, why) for message in those)
            else:
                yield from ROOMS[entity](work, those)

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in FIELDS

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the shop holds of what went there."""
        yield from read_back(self._writing(), entity, keys)

    def check(self) -> Iterator[Finding]:
        """Reach it, log in, tell version, languages and what the options name."""
        work = self._writing()
        languages = work.service.languages
        yield from findings(work.service.version, datetime.now(UTC).date())
        yield Finding("languages", ", ".join(languages.values()))
        wanted = self.options.language
        if wanted and wanted not in languages.values():
            yield Finding("language", f"{wanted} is not active in the shop", warning=True)
        home = work.service.get("categories", str(self.options.root_category))
        told = "there" if home else "not there: correct root_category"
        yield Finding(f"category {self.options.root_category}", told, warning=home is None)
        if self.options.states:
            known = work.service.codes("order_states", "id")
            missing = [name for name, id_ in self.options.states.items() if str(id_) not in known]
            told = f"no such state for {', '.join(missing)}" if missing else "all there"
            yield Finding("states of orders", told, warning=bool(missing))

    def _writing(self) -> Writing:
        return Writing(self.service.within(self.gate), self.options, self.bindings)
