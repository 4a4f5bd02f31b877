"""The state of orders, told back to the shop: state, tracking, invoice, numbers of the ERP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of, text
from connectors._verdicts import accepted, refused
from connectors.woocommerce.calls import Calls, Outcome
from connectors.woocommerce.fields import meta_data
from connectors.woocommerce.options import WooCommerceTargetOptions

STATES = {
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
}
KEPT = {
    "tracking_number": "_tracking_number",
    "carrier": "_tracking_carrier",
    "invoice": "_erp_invoice",
}


class OrderStatus:
    """Delivers the state of orders."""

    def __init__(self, options: WooCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One call, and two for each note to a customer."""
        told: list[tuple[Message, Data, int]] = []
        updates: list[dict[str, Any]] = []
        for message in messages:
            if message.op is Op.DELETE:
                yield accepted(message)  # an order's state goes with the order, not before it
                continue
            data: Data = data_of(message)
            try:
                updates.append(self._fields(message, data))
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            told.append((message, data, updates[-1]["id"]))
        outcomes = calls.batch("orders", update=updates).updated
        for (message, data, number), outcome in zip(told, outcomes, strict=True):
            if outcome.code:
                yield refused(message, _refusal(number, outcome))
                continue
            if self._options.notify_customers and text(data, "tracking_number"):
                _tell_once(number, data, calls)
            yield accepted(message, number)

    def _fields(self, message: Message, data: Data) -> dict[str, Any]:
        number = text(data, "number")
        if not (number.isascii() and number.isdigit()):
            raise Rejected(
                "SA-5407",
                f"{number!r} is no order of the shop: orders are told by their id",
                hint="map the id under which the order came from the shop",
            )
        kept = meta_data(data, {**_known(data), **self._options.meta_data}, message.key)
        fields: dict[str, Any] = {"id": int(number), "meta_data": kept}
        return fields | {"status": self._state(text(data, "status"))}

    def _state(self, status: str) -> str:
        """WooCommerce takes any text in a batch, and makes `pending` of what it does not know."""
        state = self._options.statuses.get(status, status)
        if state in STATES or status in self._options.statuses:
            return state
        raise Rejected(
            "SA-5411",
            f"the shop has no state {state!r} for orders",
            hint="say under statuses which one it is",
        )


def _known(data: Data) -> dict[str, str]:
    return {name: key for name, key in KEPT.items() if name in data}


def _refusal(number: int, outcome: Outcome) -> Rejected:
    if outcome.code.endswith("invalid_id"):
        return Rejected("SA-5407", f"the shop has no order {number}")
    return outcome.refusal()


def _tell_once(number: int, data: Data, calls: Calls) -> None:
    """A note goes out as an e-mail: one that is there already is not written again."""
    carrier = text(data, "carrier")
    note = f"{carrier} {text(data, 'tracking_number')}".strip()
    path = f"orders/{number}/notes"
    there = calls.get(path, type="customer").json(list[dict[str, Any]])
    if any(each.get("note") == note for each in there):
        return
    calls.post(path, {"note": note, "customer_note": True})
