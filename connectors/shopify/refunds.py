"""Refunds as what they are to an ERP: goods of an order that come back, and money for them.

Shopify lists no refunds. Those of an order are named by its page, and asked for one by one: whole,
with the order that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.model import Json
from connectors.shopify.admin import Session
from connectors.shopify.listings import REFUND, company_of, plain

NEVER_LEFT = "CANCEL"
"""How Shopify calls goods that were taken off the order before they left."""


def refunds_of(session: Session, order: Json) -> Iterator[Json]:
    """The refunds of an order on a page."""
    for each in order["refunds"]:
        found = refund(session, each["id"])
        if found:
            yield found


def refund(session: Session, identifier: str) -> Json:
    """A refund, with its order and the `lines` that bring goods back; None where it is gone."""
    nodes, after = [], None
    while True:
        (found,) = session.document(REFUND, {"ids": [identifier], "after": after})["nodes"]
        if not found:
            return None
        nodes += found["refundLineItems"]["nodes"]
        page = found["refundLineItems"]["pageInfo"]
        if not page["hasNextPage"]:
            return _arranged(found, nodes)
        after = page["endCursor"]


def _arranged(found: Json, nodes: list[Json]) -> Json:
    order = found["order"]
    places = {line["id"]: place for place, line in enumerate(order["lineItems"]["nodes"], 1)}
    lines = [
        {
            "line": places.get(each["lineItem"]["id"]),
            "sku": each["lineItem"]["sku"],
            "name": each["lineItem"]["name"],
            "quantity": each["quantity"],
            "amount": plain(each["subtotalSet"]),
            "restockType": each["restockType"],
        }
        for each in nodes
        if each["restockType"] != NEVER_LEFT
    ]
    head = {name: plain(order[name]) for name in ("id", "name", "currencyCode", "email")}
    return {
        **plain({name: found[name] for name in ("id", "createdAt", "note", "totalRefundedSet")}),
        "updatedAt": order["updatedAt"],
        "order": {**head, "id": plain(order)["id"]},
        "customer": plain(order["customer"]),
        "company": company_of(order["purchasingEntity"]),
        "lines": lines,
    }
