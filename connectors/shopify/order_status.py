"""How far an order has got: what was shipped becomes fulfilled, and the ERP's words stand by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from agent.errors import Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._verdicts import refused
from connectors.shopify.admin import Outcome, Session
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import (
    FULFILLMENT_CREATE,
    METAFIELDS_SET,
    NAMESPACE,
    ORDERS_BY_NAME,
    SHIPPING,
    SHIPPING_LINES,
    TRACKING_UPDATE,
    Call,
)
from connectors.shopify.finding import quoted
from connectors.shopify.marks import State, gid, metafields, number, state_of

NAMES_A_QUESTION = 25
SHIPPABLE = {"OPEN", "IN_PROGRESS"}
SHORTEST_ID = 10
"""Digits of an id; numbers of orders have fewer."""


def deliver_order_statuses(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Fulfil what was shipped and is not fulfilled yet, then say where the order stands."""
    changed = [message for message in messages if message.op is not Op.DELETE]
    records = {message.id: msgspec.json.decode(message.body) for message in changed}
    orders = find_orders(delivery, [str(each["number"]) for each in records.values()])
    for message in messages:
        if message.op is Op.DELETE:
            yield accepted(message)  # what was told of an order is history
            continue
        record = records[message.id]
        identifier = orders.get(str(record["number"]))
        order = identifier and _order(delivery.session, identifier)
        if not order:
            reason = f"the shop has no order {record['number']!r}"
            yield refused(message, Rejected("SA-5453", reason))
        elif state_of(order).version >= message.version:
            yield accepted(message, number(order["id"]))
        else:
            yield _written(delivery, message, record, order)


def find_orders(delivery: Delivery, numbers: Sequence[str]) -> dict[str, str]:
    """Number as the record has it → id: an id itself, or the name of the order (#1001)."""
    found = {}
    names: dict[str, str] = {}
    for each in dict.fromkeys(numbers):
        if each.startswith("gid://"):
            found[each] = each
        elif each.isdigit() and len(each) >= SHORTEST_ID:
            found[each] = gid("Order", each)
        else:
            names[each] = each
    wanted = list(names)
    for start in range(0, len(wanted), NAMES_A_QUESTION):
        asked = wanted[start : start + NAMES_A_QUESTION]
        query = " OR ".join(f"name:{quoted(each)}" for each in asked)
        call = ORDERS_BY_NAME(first=2 * NAMES_A_QUESTION, query=query)
        for order in delivery.session.one(call).value["nodes"]:
            # The search passes over the sign before the number, and finds more than was asked for.
            for name in (order["name"], order["name"].removeprefix("#")):
                if name in asked:
                    found[name] = order["id"]
    return found


def _order(session: Session, identifier: str) -> Json:
    """The order with all that is to be shipped of it; None where it is not there."""
    order = session.document(SHIPPING, {"id": identifier, "after": None})["order"]
    if order is None:
        return None
    parts = order["fulfillmentOrders"]
    while parts["pageInfo"]["hasNextPage"]:
        variables = {"id": identifier, "after": parts["pageInfo"]["endCursor"]}
        more = session.document(SHIPPING, variables)["order"]["fulfillmentOrders"]
        parts = {**more, "nodes": parts["nodes"] + more["nodes"]}
    for part in parts["nodes"]:
        lines = part["lineItems"]
        while lines["pageInfo"]["hasNextPage"]:
            variables = {"id": part["id"], "after": lines["pageInfo"]["endCursor"]}
            found = session.document(SHIPPING_LINES, variables)
            more = found["fulfillmentOrder"]["lineItems"]
            lines = {**more, "nodes": lines["nodes"] + more["nodes"]}
        part["lineItems"] = lines
    return {**order, "fulfillmentOrders": parts}


def _written(delivery: Delivery, message: Message, record: Json, order: Json) -> Receipt:
    for call in _shipping(delivery, record, order):
        outcome = delivery.session.one(call)
        if not outcome.fine:
            return not_taken(message, outcome)
    outcome = _marked(delivery, message, record, order)
    return accepted(message, number(order["id"])) if outcome.fine else not_taken(message, outcome)


def _shipping(delivery: Delivery, record: Json, order: Json) -> Iterator[Call]:
    """Nothing, where what was shipped is fulfilled already: asking twice ships nothing twice."""
    if record["status"] not in delivery.options.fulfil_on:
        return
    tracking = _tracking(record)
    notify = delivery.options.notify_customers
    if lines := _due(record, order):
        fulfillment = {"lineItemsByFulfillmentOrder": lines, "notifyCustomer": notify}
        if tracking:
            fulfillment["trackingInfo"] = tracking
        yield FULFILLMENT_CREATE(fulfillment=fulfillment)
    elif tracking:
        untracked = [each for each in order["fulfillments"] if _needs(each, tracking["number"])]
        known = any(_has(each, tracking["number"]) for each in order["fulfillments"])
        if untracked and not known:
            yield TRACKING_UPDATE(
                fulfillmentId=untracked[-1]["id"],
                trackingInfoInput=tracking,
                notifyCustomer=notify,
            )


def _tracking(record: Json) -> dict[str, str]:
    if not record.get("tracking_number"):
        return {}
    tracking = {"number": record["tracking_number"]}
    if record.get("carrier"):
        tracking["company"] = record["carrier"]
    return tracking


def _has(fulfillment: Json, tracking: str) -> bool:
    return any(each["number"] == tracking for each in fulfillment["trackingInfo"])


def _needs(fulfillment: Json, tracking: str) -> bool:
    return fulfillment["status"] == "SUCCESS" and not (
        _has(fulfillment, tracking) or any(each["number"] for each in fulfillment["trackingInfo"])
    )


def _due(record: Json, order: Json) -> list[Json]:
    """What is to be fulfilled now, by fulfilment order: what was shipped less what is fulfilled."""
    shipped = _shipped(record)
    if shipped is not None:
        for item in _items(order):
            done = item["totalQuantity"] - item["remainingQuantity"]
            shipped[item["sku"]] = shipped.get(item["sku"], 0) - done
    due = []
    for part in order["fulfillmentOrders"]["nodes"]:
        items = []
        for item in part["lineItems"]["nodes"] if part["status"] in SHIPPABLE else ():
            quantity = item["remainingQuantity"]
            if shipped is not None:
                quantity = max(0, min(quantity, shipped.get(item["sku"], 0)))
                shipped[item["sku"]] = shipped.get(item["sku"], 0) - quantity
            if quantity:
                items.append({"id": item["id"], "quantity": quantity})
        if items:
            due.append({"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": items})
    return due


def _shipped(record: Json) -> dict[str | None, int] | None:
    """SKU → quantity shipped so far; None where the record speaks of the order as a whole."""
    shipped: dict[str | None, int] = {}
    for line in record.get("lines") or ():
        if line.get("sku") and line.get("quantity_shipped") is not None:
            quantity = int(Decimal(line["quantity_shipped"]))
            shipped[line["sku"]] = shipped.get(line["sku"], 0) + quantity
    return shipped or None


def _items(order: Json) -> Iterator[Json]:
    for part in order["fulfillmentOrders"]["nodes"]:
        if part["status"] != "CANCELLED":
            yield from part["lineItems"]["nodes"]


def _marked(delivery: Delivery, message: Message, record: Json, order: Json) -> Outcome:
    """Status, invoice and the ERP's number as metafields, and the mark that all is done."""
    said = {
        "status": record["status"],
        "invoice": record.get("invoice"),
        "erp_number": (record.get("attributes") or {}).get("erp_number"),
    }
    marks = [
        {"namespace": NAMESPACE, "key": key, "type": "single_line_text_field", "value": str(value)}
        for key, value in said.items()
        if value
    ]
    marks += metafields(State(message.version))
    owned = [{**each, "ownerId": order["id"]} for each in marks]
    return delivery.session.one(METAFIELDS_SET(metafields=owned))
