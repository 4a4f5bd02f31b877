"""Writes products, categories, prices, stock, customers and orders into an Odoo.

Whatever is sent twice has one effect: everything is looked for before it is made, by the id that
is remembered and by its own code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from agent.contract import Finding, Target
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.model import Message, Receipt, Record
from connectors._verdicts import refused
from connectors.odoo import categories, customers, orders, prices, products, stock
from connectors.odoo.options import OdooOptions
from connectors.odoo.reading_back import READINGS, read_back
from connectors.odoo.target_options import WritingOptions
from connectors.odoo.versions import findings
from connectors.odoo.writing import Known, Writing

if TYPE_CHECKING:
    from connectors.odoo.calls import Calls

Room: TypeAlias = Callable[[Writing, Sequence[Message]], Iterator[Receipt]]
ROOMS: Mapping[str, Room] = {
    "product": products.deliver,
    "category": categories.deliver,
    "price": prices.deliver,
    "stock": stock.deliver,
    "customer": customers.deliver,
    "order": orders.deliver,
}
MODELS = {
    "product": "product.product",
    "price": "product.pricelist.item",
    "stock": "stock.quant",
    "customer": "res.partner",
    "order": "sale.order",
}
KEY_AHEAD = 14
"""Days before the end of a key from which on `check` warns."""


class OdooTarget(Target[OdooOptions, WritingOptions]):
    """Delivers to one database."""

    def __init__(self, connection: OdooOptions, options: WritingOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size
        self._known = Known()

    @cached_property
    def odoo(self) -> Calls:
        """The server."""
        from connectors.odoo.calls import calls  # noqa: PLC0415 - 100 ms for who sends

        return calls(self.connection)

    def close(self) -> None:
        """Close every connection; never raises."""
        if "odoo" in self.__dict__:
            self.odoo.close()
            del self.__dict__["odoo"]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, by entity, in the order in which they came."""
        work = self._writing()
        by_entity: dict[str, list[Message]] = {}
        for message in messages:
            by_entity.setdefault(message.entity, []).append(message)
        for entity, those in by_entity.items():
            if entity not in ROOMS:
                why = Rejected("SA-5386", f"Odoo takes no {entity} from us")
                yield from (refused(message, why) for message in those)
            else:
                yield from ROOMS[entity](work, those)

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in READINGS

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What Odoo holds of what went there."""
        yield from read_back(self._writing(), entity, keys)

    def check(self) -> Iterator[Finding]:
        """Reach it, log in, tell version, rights and the end of the key."""
        today = datetime.now(UTC).date()
        yield from findings(self.odoo.version(), self.connection.protocol, today)
        work = self._writing()
        for entity, model in MODELS.items():
            yield Finding(f"{entity}: {model}", *self._rights(work, model))
        yield self._key(today)

    def _rights(self, work: Writing, model: str) -> tuple[str, bool]:
        """Whether records of a model may be made, and whether that is worth a warning."""
        try:
            work.fields(model)
        except Misconfigured as error:
            if error.code != "SA-5383":
                raise
            return "the app that brings it is not installed", False
        try:
            if self.connection.protocol == "json2":
                may = work.call(model, "has_access", ids=[], operation="create")
            else:
                may = work.call(
                    model, "check_access_rights", operation="create", raise_exception=False
                )
        except (Rejected, Unavailable) as error:
            return f"rights cannot be asked ({error.reason})", False
        return ("may be written", False) if may else ("may not be written: grant it", True)

    def _key(self, today: date) -> Finding:
        """Until when the user's newest API key is good, where Odoo tells."""
        try:
            keys = self._writing().search("res.users.apikeys", [], ["expiration_date"])
        except SyncError as error:
            return Finding("API key", f"when it ends cannot be read ({error.reason})")
        ends = sorted(str(each["expiration_date"])[:10] for each in keys if each["expiration_date"])
        if not ends or len(ends) < len(keys):
            return Finding("API key", "no end is known")
        days = (date.fromisoformat(ends[-1]) - today).days
        told = f"the user's last key ends on {ends[-1]}, in {days} days"
        return Finding("API key", told, warning=days <= KEY_AHEAD)

    def _writing(self) -> Writing:
        return Writing(self.odoo, self.options, self.bindings, self.gate, self._known)
