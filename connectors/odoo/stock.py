"""Stock: the quantity on hand in a warehouse's own place, set by a count.

A count is two steps: the counted quantity is noted, then applied. Applying gives nothing back,
which Odoo tells over XML-RPC as a fault although it is done. A quantity that is there already is
not counted again, so that a repeated message makes no second move in the stock's history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import data_of, number
from connectors._verdicts import Waits, accepted, refused, waiting
from connectors.odoo.articles import Articles
from connectors.odoo.writing import Writing, halving, id_in

QUANT = "stock.quant"


@dataclass
class Count:
    """What is counted where."""

    message: Message
    product: int
    place: int
    quantity: float
    quant: int = 0

    def receipt(self) -> Receipt:
        """Taken."""
        return accepted(self.message, self.quant)


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Count what differs, as many in one transaction as go."""
    upserts = [(each, data_of(each)) for each in messages if each.op is not Op.DELETE]
    yield from _zeroed(work, [each for each in messages if each.op is Op.DELETE])
    articles = Articles(work, [record["sku"] for _, record in upserts])
    counts: list[Count] = []
    for message, record in upserts:
        try:
            product = articles.variant(record["sku"])
            place = _place(work, record["warehouse"])
            counts.append(Count(message, product, place, float(number(record, "quantity") or 0)))
        except Waits as waits:
            yield waiting(message, waits.entity, waits.key)
        except Rejected as why:
            yield refused(message, why)
    yield from _counted(work, counts)


def _zeroed(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """What the source no longer lists has no stock."""
    bound = work.bindings.find("stock", [each.key for each in messages]) if messages else {}
    ids = [int(each) for each in bound.values() if each]
    found = work.search(QUANT, [["id", "in", ids]], ["product_id", "location_id"]) if ids else []
    by_id = {str(each["id"]): each for each in found}
    counts = []
    for message in messages:
        quant = by_id.get(bound.get(message.key, ""))
        if quant is None:
            yield accepted(message)
        else:
            product, place = id_in(quant["product_id"]), id_in(quant["location_id"])
            counts.append(Count(message, product, place, 0.0))
    yield from _counted(work, counts)


def _place(work: Writing, code: str) -> int:
    """The stock's own location in a warehouse."""
    short = work.options.warehouses.get(code, code)
    place = (QUANT, "place", short)
    if place not in work.known.named:
        warehouse = work.id_of("stock.warehouse", "code", short)
        (found,) = work.search("stock.warehouse", [["id", "=", warehouse]], ["lot_stock_id"])
        work.known.named[place] = id_in(found["lot_stock_id"])
    return work.known.named[place]


def _counted(work: Writing, counts: Sequence[Count]) -> Iterator[Receipt]:
    if not counts:
        return
    there = work.search(
        QUANT,
        [
            ["product_id", "in", sorted({each.product for each in counts})],
            ["location_id", "in", sorted({each.place for each in counts})],
        ],
        ["product_id", "location_id", "quantity"],
    )
    different = []
    for count in counts:
        here = [
            each
            for each in there
            if (id_in(each["product_id"]), id_in(each["location_id"]))
            == (count.product, count.place)
        ]
        if len(here) > 1:
            why = "Odoo keeps it by lot, package or owner: its quantity is theirs"
            yield refused(count.message, Rejected("SA-5386", why))
        elif here and float(here[0]["quantity"]) == count.quantity:
            count.quant = here[0]["id"]
            yield count.receipt()
        elif not here and not count.quantity:
            yield count.receipt()
        else:
            different.append(count)
    for count, result in halving(different, lambda part: _count(work, part)):
        if isinstance(result, Rejected):
            yield refused(count.message, result)
        else:
            count.quant = result
            yield count.receipt()


def _count(work: Writing, counts: Sequence[Count]) -> list[int]:
    values = [
        {"product_id": e.product, "location_id": e.place, "inventory_quantity": e.quantity}
        for e in counts
    ]
    # In this mode Odoo takes the quant that is there in place of making a second one.
    ids = work.create(QUANT, values, inventory_mode=True)
    asked = work.call(QUANT, "action_apply_inventory", ids=sorted(set(ids)))
    if isinstance(asked, dict):
        what = asked.get("res_model") or asked.get("name") or "a question"
        raise Rejected("SA-5385", f"Odoo does not apply the count but asks for {what}")
    return ids
