"""Orders: quotations with the shop's number as customer reference, confirmed where that is asked.

Odoo takes two orders of one reference without a word, so each is looked for before it is made; an
order that is there is never made again nor changed. The reference is `id/number`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from agent.errors import Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._canonical import data_of, number
from connectors._verdicts import Waits, accepted, refused, waiting
from connectors.odoo.articles import Articles
from connectors.odoo.customers import PARTNER, address_of
from connectors.odoo.writing import Writing, halving, id_in, several

ORDER = "sale.order"
READ = ["client_order_ref", "name", "state", "partner_id"]


@dataclass
class Order:
    """A message, and the order in Odoo."""

    message: Message
    record: Mapping[str, Json]
    partner: int
    id: int = 0
    name: str = ""
    state: str = ""

    def receipt(self) -> Receipt:
        """Taken; the number is what people know."""
        return accepted(self.message, f"{self.id}/{self.name}")

    def found(self, order: Mapping[str, Any]) -> None:
        """It is there."""
        self.id, self.name, self.state = order["id"], order["name"], order["state"]


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Look for all, make what is missing, confirm."""
    orders: list[Order] = []
    written = work.bindings.find("order", [message.key for message in messages])
    for message in messages:
        if message.op is Op.DELETE:
            why = "an order is cancelled by a person, not deleted"
            yield refused(message, Rejected("SA-5386", why))
            continue
        if message.key in written:
            name = written[message.key].partition("/")[2]
            why = f"the order changed in the shop after it became {name}"
            yield refused(message, Rejected("SA-5351", why))
            continue
        try:
            record = data_of(message)
            orders.append(Order(message, record, _partner(work, record["customer"])))
        except Waits as waits:
            yield waiting(message, waits.entity, waits.key)
        except Rejected as why:
            yield refused(message, why)
    if not orders:
        return
    yield from _look_up(work, orders)
    new: list[tuple[Order, dict[str, Json]]] = []
    missing = [each for each in orders if not each.id]
    skus = {line["sku"] for each in missing for line in each.record["lines"]}
    articles = Articles(work, skus)
    for order in missing:
        try:
            new.append((order, _values(work, articles, order)))
        except Waits as waits:
            yield waiting(order.message, waits.entity, waits.key)
        except Rejected as why:
            yield refused(order.message, why)
    yield from _create(work, new)
    yield from _confirm(work, [each for each in orders if each.id])


def _partner(work: Writing, code: str) -> int:
    bound = work.bindings.find("customer", [code]).get(code)
    if bound:
        return int(bound)
    found = work.search(PARTNER, [["ref", "=", code], ["parent_id", "=", False]], ["id"])
    if len(found) > 1:
        raise several(f"partner with ref {code!r}", found)
    if not found:
        raise Waits("customer", code)
    return int(found[0]["id"])


def _look_up(work: Writing, orders: list[Order]) -> Iterator[Receipt]:
    """Fill in the ids of those that are there; takes out those of which there are several."""
    numbers = sorted({each.record["number"] for each in orders})
    found = work.search(ORDER, [["client_order_ref", "in", numbers]], READ)
    for order in tuple(orders):
        same = [
            each
            for each in found
            if each["client_order_ref"] == order.record["number"]
            and id_in(each["partner_id"]) == order.partner
            and each["state"] != "cancel"
        ]
        if len(same) > 1:
            orders.remove(order)
            yield refused(order.message, several(f"order {order.record['number']!r}", same))
        elif same:
            order.found(same[0])


def _values(work: Writing, articles: Articles, order: Order) -> dict[str, Json]:
    record = order.record
    values: dict[str, Json] = {
        "partner_id": order.partner,
        "client_order_ref": record["number"],
        "date_order": moment(record["placed_at"]),
        "order_line": [[0, 0, _line(articles, each)] for each in record["lines"]],
    }
    if record.get("delivery_on"):
        values["commitment_date"] = f"{record['delivery_on']} 12:00:00"
    notes = [record.get("customer_reference"), record.get("note")]
    if text := "<br/>".join(escape(each) for each in notes if each):
        values["note"] = text
    if address := record.get("billing_address"):
        values["partner_invoice_id"] = address_of(work, order.partner, address, "invoice")
    if address := record.get("shipping_address"):
        values["partner_shipping_id"] = address_of(work, order.partner, address, "delivery")
    return values


def _line(articles: Articles, line: Mapping[str, Json]) -> dict[str, Json]:
    values: dict[str, Json] = {
        "product_id": articles.variant(line["sku"]),
        "product_uom_qty": float(number(line, "quantity") or 0),
        "sequence": line["line"],
    }
    if line.get("description"):
        values["name"] = line["description"]
    if line.get("price") is not None:
        values["price_unit"] = float(number(line, "price") or 0)
        # Odoo would take the discount of its own price list off a price that is agreed.
        values["discount"] = float(number(line, "discount") or 0)
    return values


def moment(text: str) -> str:
    """A moment as Odoo writes it: UTC, without saying so."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        found = found.astimezone(UTC)
    return found.strftime("%Y-%m-%d %H:%M:%S")


def _create(work: Writing, new: Sequence[tuple[Order, dict[str, Json]]]) -> Iterator[Receipt]:
    """New orders, as many in one transaction as go; the same number twice is one order."""
    first: dict[str, Order] = {}
    fresh = []
    for order, values in new:
        if first.setdefault(order.record["number"], order) is order:
            fresh.append((order, values))
        else:
            yield waiting(order.message, "the other record of order", order.record["number"])
    made: dict[int, Order] = {}
    for (order, _), result in halving(
        fresh, lambda part: work.create(ORDER, [values for _, values in part])
    ):
        if isinstance(result, Rejected):
            yield refused(order.message, result)
        else:
            made[result] = order
    if made:
        for each in work.search(ORDER, [["id", "in", sorted(made)]], READ):
            made[each["id"]].found(each)


def _confirm(work: Writing, orders: Sequence[Order]) -> Iterator[Receipt]:
    drafts = [each for each in orders if each.state in {"draft", "sent"}]
    if not work.options.confirm:
        drafts = []
    for order in orders:
        if order not in drafts:
            yield order.receipt()

    def confirm(part: Sequence[Order]) -> list[None]:
        work.call(ORDER, "action_confirm", ids=[each.id for each in part])
        return [None] * len(part)

    for order, result in halving(drafts, confirm):
        if isinstance(result, Rejected):
            why = f"it is quotation {order.name}, which Odoo does not confirm: {result.reason}"
            yield refused(order.message, Rejected("SA-5384", why))
        else:
            yield order.receipt()
