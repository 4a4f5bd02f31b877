"""The state of orders, told back to the shop: the parcel, the invoice, a comment, the status.

Each step is looked for before it is taken: told twice, an order has one parcel and one comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, take, text
from connectors._verdicts import accepted, settled
from connectors.magento.calls import Calls, Item
from connectors.magento.options import MagentoTargetOptions

ACTIONS = {"canceled": "cancel", "holded": "hold"}
"""States that an order is brought to, not given."""
NEVER_SHIPPED = {"virtual", "downloadable"}


class OrderStatus:
    """Delivers the state of orders."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One question an order, and a call for each step that is not taken yet."""
        for message in messages:
            if message.op is Op.DELETE:
                yield accepted(message)  # an order's state goes with the order, not before it
                continue
            yield settled(message, partial(self._told, calls))

    def _told(self, calls: Calls, message: Message) -> Receipt:
        data = data_of(message)
        number = text(data, "number")
        if not (number.isascii() and number.isdigit()):
            raise Rejected(
                "SA-5407",
                f"{number!r} is no order of the shop: orders are told by their entity_id there",
                hint="map the id under which the order came from the shop",
            )
        status = self._status(text(data, "status"))
        reply = calls.get(f"orders/{number}")
        if reply.status == 404:
            raise Rejected("SA-5407", f"the shop has no order {number}")
        order = reply.require()
        if text(data, "tracking_number"):
            self._ship_once(order, data, calls)
        if self._options.invoice and text(data, "invoice"):
            self._invoice_once(order, calls)
        self._comment_once(order, status, data, calls)
        return accepted(message, number)

    def _status(self, status: str) -> str:
        found = self._options.statuses.get(status)
        if found is None:
            raise Rejected(
                "SA-5467",
                f"no status of the shop is named for {status!r}",
                hint="say under statuses which one it is: complete, canceled …, or an empty text",
            )
        return found

    def _ship_once(self, order: Item, data: Data, calls: Calls) -> None:
        """A parcel lowers the stock and may go out as an e-mail: one that is told stays alone."""
        number, tracking = order["entity_id"], text(data, "tracking_number")
        there = list(calls.search("shipments", ("order_id", "eq", number)))
        tracks = [track for shipment in there for track in shipment.get("tracks") or ()]
        if any(track.get("track_number") == tracking for track in tracks):
            return
        carrier = text(data, "carrier")
        track = {"track_number": tracking, "title": carrier or "-", "carrier_code": "custom"}
        items = _left(order, data)
        if items:
            body = {"items": items, "notify": self._options.notify_customers, "tracks": [track]}
            if source := self._options.ship_from:
                body["arguments"] = {"extension_attributes": {"source_code": source}}
            calls.post(f"order/{number}/ship", body).require()
        elif there:
            parcel = {"order_id": number, "parent_id": there[-1]["entity_id"], **EMPTY_PARCEL}
            calls.post("shipment/track", {"entity": {**parcel, **track}}).require()

    def _invoice_once(self, order: Item, calls: Calls) -> None:
        left = any(_open(item, "qty_invoiced") > 0 for item in _items(order))
        if left:
            body = {"capture": False, "notify": self._options.notify_customers}
            calls.post(f"order/{order['entity_id']}/invoice", body).require()

    def _comment_once(self, order: Item, status: str, data: Data, calls: Calls) -> None:
        path = f"orders/{order['entity_id']}"
        if status in ACTIONS and order.get("status") != status:
            calls.post(f"{path}/{ACTIONS[status]}", {}).require()
        comment = self._comment(data)
        said = {each.get("comment") for each in order.get("status_histories") or ()}
        changes = status and status not in ACTIONS and status != order.get("status")
        if not changes and (not comment or comment in said):
            return
        history: dict[str, Any] = {
            "comment": "" if comment in said else comment,
            "parent_id": order["entity_id"],
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
        }
        if changes:
            history["status"] = status
        calls.post(f"{path}/comments", {"statusHistory": history}).require()

    def _comment(self, data: Data) -> str:
        found = take(data, self._options.order_number) if self._options.order_number else None
        return "" if found is None else self._options.comment.format(number=found)


EMPTY_PARCEL = {"weight": 0, "qty": 0, "description": ""}


def _items(order: Item) -> list[Item]:
    """The lines of an order: a variant has two, of which the one without a parent counts."""
    return [item for item in order.get("items") or () if not item.get("parent_item_id")]


def _open(item: Item, done: str) -> Decimal:
    """How much of a line is not shipped, or invoiced, yet."""
    ordered, *gone = (
        Decimal(str(item.get(name) or 0))
        for name in ("qty_ordered", done, "qty_canceled", "qty_refunded")
    )
    return ordered - sum(gone)


def _left(order: Item, data: Data) -> list[Item]:
    """What goes with this parcel: what the record's lines say is shipped, else all that is left."""
    told = {
        str(line["line"]): amount(line, "quantity_shipped")
        for line in data.get("lines") or ()
        if line.get("quantity_shipped") is not None
    }
    found = []
    for item in _items(order):
        if item.get("product_type") in NEVER_SHIPPED:
            continue
        quantity = _open(item, "qty_shipped")
        if told:
            so_far = told.get(str(item["item_id"])) or Decimal(0)
            quantity = min(quantity, so_far - Decimal(str(item.get("qty_shipped") or 0)))
        if quantity > 0:
            found.append({"order_item_id": item["item_id"], "qty": quantity})
    return found
