"""The state of orders, told back to the store: state, number of the ERP, and the parcel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of, take, text
from connectors._verdicts import accepted, settled
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.options import BigCommerceTargetOptions

STATES = {
    "incomplete": 0,
    "pending": 1,
    "shipped": 2,
    "partially shipped": 3,
    "refunded": 4,
    "cancelled": 5,
    "declined": 6,
    "awaiting payment": 7,
    "awaiting pickup": 8,
    "awaiting shipment": 9,
    "completed": 10,
    "awaiting fulfillment": 11,
    "manual verification required": 12,
    "disputed": 13,
    "partially refunded": 14,
}
"""BigCommerce's states; a store can rename them, and add none."""


class OrderStatus:
    """Delivers the state of orders."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One call an order, and up to three for its parcel."""
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
                f"{number!r} is no order of the store: orders are told by their number there",
                hint="map the id under which the order came from the store",
            )
        # The parcel first: it makes an order shipped, whatever state it had.
        if text(data, "tracking_number"):
            _ship_once(number, data, calls)
        body: dict[str, Any] = {"status_id": self._state(text(data, "status"))}
        if self._options.order_number:
            found = take(data, self._options.order_number)
            if found is not None:
                body["external_order_id"] = str(found)
        _require(number, calls.put(f"/v2/orders/{number}", body))
        return accepted(message, number)

    def _state(self, status: str) -> int:
        state = self._options.statuses.get(status, status)
        found = STATES.get(state.lower())
        if found is None:
            raise Rejected(
                "SA-5485",
                f"the store has no state {state!r} for orders",
                hint="say under statuses which one it is: Shipped, Completed, Cancelled …",
            )
        return found


def _ship_once(number: str, data: Data, calls: Calls) -> None:
    """A shipment goes out as an e-mail, and its pieces count: one that is there stays alone.

    One an address: that to a second one may be missing after a lost answer.
    """
    path = f"/v2/orders/{number}"
    tracking = text(data, "tracking_number")[:50]
    there = _require(number, calls.get(f"{path}/shipments", limit=250)).value or []
    told = {each["order_address_id"] for each in there if each["tracking_number"] == tracking}
    items: dict[int, list[dict[str, int]]] = defaultdict(list)
    for each in _require(number, calls.get(f"{path}/products", limit=250)).value or []:
        left = int(each["quantity"]) - int(each.get("quantity_shipped") or 0)
        address = int(each.get("order_address_id") or 0)
        if left > 0 and address and address not in told:
            items[address].append({"order_product_id": int(each["id"]), "quantity": left})
    for address, some in items.items():
        parcel = {
            "order_address_id": address,
            "tracking_number": tracking,
            "shipping_method": text(data, "carrier"),
            "items": some,
        }
        _require(number, calls.post(f"{path}/shipments", parcel))


def _require(number: str, reply: Reply) -> Reply:
    if reply.status == 404:
        raise Rejected("SA-5407", f"the store has no order {number}")
    if reply.refused:
        raise reply.refusal()
    return reply
