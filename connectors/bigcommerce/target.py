"""Sends records to a store of BigCommerce, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from agent.contract import Finding, Target
from agent.errors import Misconfigured, Rejected
from agent.model import Message, Receipt, Record
from connectors._sunset import version_findings
from connectors._verdicts import Requests, refused
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.categories import Categories
from connectors.bigcommerce.customers import Customers
from connectors.bigcommerce.offers import LIST, Offers
from connectors.bigcommerce.options import BigCommerceOptions, BigCommerceTargetOptions
from connectors.bigcommerce.orders import Orders
from connectors.bigcommerce.products import Products
from connectors.bigcommerce.reading import read_back

if TYPE_CHECKING:
    from connectors._http.client import Client

ENDS: Mapping[str, date | None] = {"v3": None, "orders v2": None}
"""Versions of the REST API that are spoken; BigCommerce has named no day on which they end."""


class BigCommerceTarget(Target[BigCommerceOptions, BigCommerceTargetOptions]):
    """Delivers to one store. Repeating has no second effect: SKU, address and e-mail are unique."""

    def __init__(self, connection: BigCommerceOptions, options: BigCommerceTargetOptions) -> None:
        super().__init__(connection.at_the_store(), options)
        self.batch_size = options.batch_size
        self._products = Products(options)
        self._categories = Categories(options)
        self._offers = Offers(options)
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
        if "_client" in self.__dict__:
            self._client.close()

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, in as few calls as BigCommerce allows."""
        calls = self.calls()
        for entity, some in groupby(messages, key=lambda message: message.entity):
            yield from self._deliver(entity, list(some), calls)

    def _deliver(self, entity: str, messages: list[Message], calls: Calls) -> Iterator[Receipt]:
        if entity == "product":
            yield from self._products.deliver(messages, calls, self.bindings)
        elif entity == "category":
            yield from self._categories.deliver(messages, calls, self.bindings)
        elif entity in {"price", "stock"}:
            yield from self._offers.deliver(messages, calls, self.bindings)
        elif entity == "customer":
            yield from self._customers.deliver(messages, calls, self.bindings)
        elif entity == "order_status":
            yield from self._orders.deliver(messages, calls)
        else:
            refusal = Rejected("SA-5409", f"BigCommerce has no place for the entity {entity}")
            yield from (refused(message, refusal) for message in messages)

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in {"product", "stock", "customer", "order_status"}

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the store holds for these keys."""
        if keys:
            yield from read_back(entity, keys, self.calls(), self.bindings)

    def check(self) -> Iterator[Finding]:
        """Reach the store, log in, read a little, compare its settings with what we send."""
        calls = self.calls()
        today = datetime.now(UTC).date()
        for version, ends in ENDS.items():
            yield from version_findings("BigCommerce", version, ends, today)
        reply = calls.get("/v2/store")
        if reply.refused:
            raise reply.refusal()
        store = reply.value
        yield Finding("store", f"{store.get('name')} ({store.get('domain')})")
        currency = str(store.get("currency"))
        if currency != self.options.currency:
            raise Misconfigured(
                "SA-5482",
                f"the store sells in {currency}, and currency says {self.options.currency}",
                hint=f"say currency: {currency}",
            )
        yield Finding("currency", currency)
        unit = str(store.get("weight_units"))
        yield Finding("weight", f"in {unit}; records have kg", warning=unit.lower() != "kgs")
        yield from self._lists(calls)
        yield Finding("products", f"{_total(calls)} in the store")

    def _lists(self, calls: Calls) -> Iterator[Finding]:
        wanted = {
            int(place.removeprefix(LIST))
            for place in self.options.prices.values()
            if place.startswith(LIST)
        }
        if not wanted:
            return
        there = {int(each["id"]): str(each["name"]) for each in calls.pages("/v3/pricelists")}
        if missing := sorted(wanted - there.keys()):
            raise Misconfigured(
                "SA-5482",
                f"the store has no price list {missing[0]}",
                hint="it has " + ", ".join(f"{number} ({there[number]})" for number in there),
            )
        yield Finding("price lists", ", ".join(there[number] for number in sorted(wanted)))

    def calls(self) -> Calls:
        """The calls of one delivery or question."""
        connection = self.connection
        requests = Requests(self._client.ask, self.gate)
        return Calls(requests, self.gate, connection.url, connection.reserve)


def _total(calls: Calls) -> int:
    reply = calls.get("/v3/catalog/products", limit=1, include_fields="sku")
    if reply.refused:
        raise reply.refusal()
    return int(reply.value["meta"]["pagination"]["total"])
