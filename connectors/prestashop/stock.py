"""Stock: the row that the shop made itself with the product or combination; none is ever made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import data_of, text, whole
from connectors._verdicts import Waits, accepted, refused, settled, waiting
from connectors.prestashop.writing import Articles, Writing

ROWS = "stock_availables"


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Look all rows up at once, and write those whose quantity differs."""
    upserts = [each for each in messages if each.op is not Op.DELETE]
    data = {each.id: data_of(each) for each in upserts}
    articles = Articles(work, [text(each, "sku") for each in data.values()])
    yield from _emptied(work, [each for each in messages if each.op is Op.DELETE])
    wanted: list[tuple[Message, str, str]] = []
    for message in upserts:
        try:
            _require_ours(work, text(data[message.id], "warehouse"))
            wanted.append((message, *articles.find(text(data[message.id], "sku"))))
        except Waits as waits:
            yield waiting(message, waits.entity, waits.key)
        except Rejected as why:
            yield refused(message, why)
    rows = work.service.find_among(ROWS, "id_product", [product for _, product, _ in wanted])
    for message, product, combination in wanted:
        try:
            row = _row(rows, product, combination)
            quantity = whole(data[message.id], "quantity")
            work.change(ROWS, row, {"quantity": str(quantity or 0)})
            yield accepted(message, row["id"])
        except Rejected as why:
            yield refused(message, why)


def _require_ours(work: Writing, warehouse: str) -> None:
    """The shop has one stock: that of the last of several warehouses would stand there."""
    ours = work.options.warehouse
    if ours and warehouse != ours:
        raise Rejected(
            "SA-5410",
            f"stock of warehouse {warehouse}; the shop sells that of {ours}",
            hint="leave it out by where, or add the warehouses up at the source",
        )


def _emptied(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    bound = work.bindings.find("stock", [each.key for each in messages]) if messages else {}
    for message in messages:
        yield settled(message, partial(_empty, work, bound.get(message.key, "")))


def _empty(work: Writing, id_: str, message: Message) -> Receipt:
    row = work.service.get(ROWS, id_) if id_ else None
    if row is not None:
        work.change(ROWS, row, {"quantity": "0"})
    return accepted(message)


def _row(rows: Sequence[dict[str, Any]], product: str, combination: str) -> dict[str, Any]:
    of_product = [each for each in rows if each["id_product"] == product]
    if combination == "0" and len(of_product) > 1:
        why = "the product has variants: its stock is the sum of theirs"
        raise Rejected("SA-5424", why)
    for each in of_product:
        if each["id_product_attribute"] == combination:
            return each
    raise Rejected(
        "SA-5426",
        f"the shop keeps no stock of product {product} combination {combination}",
        hint="where it has several shops, name one: `shop` of the connection",
    )
