"""Refunds as what they are to an ERP: goods of an order that come back, and money for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.model import Json

REFUNDS = "/refunds"
OF_LINE = "_refunded_item_id"
"""Meta data of a refund's line: the line of the order that it is about."""


def orders_of(refunds: Iterable[Json]) -> list[int]:
    """Ids of the orders that they belong to."""
    return sorted({each["parent_id"] for each in refunds})


def arranged(refund: Json, order: Json) -> Json:
    """A refund with its `order`, None where that is gone, and the `lines` that bring goods back.

    WooCommerce says quantities and amounts with a minus. A line of quantity 0 is money alone.
    """
    lines = [
        {
            "line": _line_of(each),
            "sku": each.get("sku") or None,
            "name": each.get("name"),
            "quantity": -each["quantity"],
            "amount": str(each["total"]).removeprefix("-"),
        }
        for each in refund.get("line_items") or ()
        if each["quantity"]
    ]
    return {**refund, "order": order, "lines": lines}


def _line_of(line: Json) -> Json:
    """The number of the order's line, as `orders` has it; the refund's own where it is not told."""
    told: Sequence[Json] = line.get("meta_data") or ()
    return next((each["value"] for each in told if each["key"] == OF_LINE), line["id"])
