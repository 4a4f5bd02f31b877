"""Sends records to a shop of WooCommerce, each kind of record in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from agent.contract import Finding, Target
from agent.errors import Misconfigured, Rejected
from agent.model import Message, Receipt, Record
from connectors._sunset import version_findings
from connectors._verdicts import Requests, refused
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.categories import Categories
from connectors.woocommerce.customers import Customers
from connectors.woocommerce.offers import Offers, Terms
from connectors.woocommerce.options import WooCommerceOptions, WooCommerceTargetOptions
from connectors.woocommerce.orders import Orders
from connectors.woocommerce.products import Products
from connectors.woocommerce.reading import LISTS, read_back

if TYPE_CHECKING:
    from connectors._http.client import Client

VERSION = "v3"
ENDS: Mapping[str, date | None] = {"v1": date(2026, 1, 1), "v2": None, "v3": None}
"""Versions of the REST API and when WooCommerce ends them; it has named no day for v3."""
OLDEST = (5, 8)
"""The first WooCommerce whose lists know `modified_after`."""


class WooCommerceTarget(Target[WooCommerceOptions, WooCommerceTargetOptions]):
    """Delivers to one shop. Repeating has no second effect: SKU, slug and e-mail are unique."""

    def __init__(self, connection: WooCommerceOptions, options: WooCommerceTargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._products = Products(options)
        self._categories = Categories()
        self._offers = Offers(options, self._terms)
        self._known: Terms | None = None
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
        """Send these, in as few calls as WooCommerce allows."""
        calls = self._calls()
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
            refusal = Rejected("SA-5409", f"WooCommerce has no place for the entity {entity}")
            yield from (refused(message, refusal) for message in messages)

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in {"product", "stock"} | LISTS.keys()

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the shop holds for these keys."""
        if keys:
            yield from read_back(entity, keys, self._calls(), self.bindings)

    def check(self) -> Iterator[Finding]:
        """Reach the shop, log in, write nothing, compare its settings with what we send."""
        calls = self._calls()
        status = calls.get("system_status", _fields="environment,settings").json(dict[str, Any])
        version = str(status.get("environment", {}).get("version", ""))
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        yield Finding(
            "WooCommerce",
            version if numbers >= OLDEST else f"{version}: older than 5.8, orders cannot be read",
            warning=numbers < OLDEST,
        )
        today = datetime.now(UTC).date()
        yield from version_findings("WooCommerce REST API", VERSION, ENDS[VERSION], today)
        # An empty batch changes nothing, and a key that may only read is refused.
        calls.post("products/batch", {})
        yield Finding("permissions", "the key may read and write")
        terms = self._terms(calls)
        yield Finding("currency", terms.currency)
        yield Finding("prices", f"entered {'with' if terms.tax_included else 'without'} tax")
        unit = _setting(calls, "products", "woocommerce_weight_unit")
        yield Finding("weight", f"in {unit}; records have kg", warning=unit != "kg")
        managed = _setting(calls, "products", "woocommerce_manage_stock") == "yes"
        yield Finding("stock", "managed" if managed else "not managed", warning=not managed)

    def _terms(self, calls: Calls) -> Terms:
        """Asked for once, by the first price."""
        if self._known is None:
            currency = calls.get("data/currencies/current").json(dict[str, Any])
            included = _setting(calls, "tax", "woocommerce_prices_include_tax") == "yes"
            self._known = Terms(str(currency.get("code")), included)
        return self._known

    def _calls(self) -> Calls:
        return Calls(Requests(self._client.ask, self.gate), self.connection.url)


def _setting(calls: Calls, group: str, name: str) -> str:
    found = calls.get(f"settings/{group}/{name}").json(dict[str, Any])
    value = found.get("value")
    if not isinstance(value, str):
        raise Misconfigured(
            "SA-5414",
            f"the shop does not tell its setting {name}",
            hint="the key's user must be a shop manager or administrator",
        )
    return value
