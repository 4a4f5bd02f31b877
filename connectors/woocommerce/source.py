"""Reads a list of the shop: orders, customers, refunds."""

from __future__ import annotations

from collections.abc import Callable

from agent.model import Json
from connectors._rest.options import RestOptions
from connectors._rest.questions import Question
from connectors._rest.source import RestSource
from connectors.woocommerce.options import API, MOST, ListOptions, WooCommerceOptions
from connectors.woocommerce.refunds import REFUNDS, arranged, orders_of


class WooCommerceSource(RestSource[WooCommerceOptions, RestOptions]):
    """Reads one list."""

    def __init__(self, connection: WooCommerceOptions, options: ListOptions) -> None:
        super().__init__(connection, options.as_list())
        self._of_refunds = options.path == REFUNDS

    def _finder(self, path: str) -> Callable[[Json], list[Json]]:
        find = super()._finder(path)
        return lambda value: self._completed(find(value))

    def _item(self, value: Json) -> list[Json]:
        return self._completed(super()._item(value))

    def _completed(self, records: list[Json]) -> list[Json]:
        """Refunds with their orders, one question for a page of them; others as they came."""
        if not (self._of_refunds and records):
            return records
        wanted = orders_of(records)
        parameters = {"include": ",".join(map(str, wanted)), "per_page": str(MOST)}
        question = Question(f"{self.connection.url}{API}/orders", parameters=parameters)
        orders = self.api.read(question.request()).value
        by_id = {order["id"]: order for order in orders}
        return [arranged(each, by_id.get(each["parent_id"])) for each in records]
