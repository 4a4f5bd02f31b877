"""How far an order has got: a line in its history, and the carrier's number.

A state that the order is in already is not set again: each new line may send the customer a mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of, text
from connectors._verdicts import accepted, settled
from connectors.prestashop.writing import Writing, several


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one."""
    for message in messages:
        yield settled(message, partial(_deliver, work))


def _deliver(work: Writing, message: Message) -> Receipt:
    if message.op is Op.DELETE:
        return accepted(message)  # an order's state goes with the order, not before it
    return accepted(message, _put(work, data_of(message)))


def _put(work: Writing, data: Data) -> str:
    status = text(data, "status")
    if status not in work.options.statuses:
        raise Rejected(
            "SA-5427", f"no state of the shop is named for {status!r}: add it to statuses"
        )
    state = str(work.options.statuses[status])
    order = _order(work, text(data, "number"))
    if tracking := text(data, "tracking_number"):
        for carrier in work.service.find("order_carriers", id_order=order["id"]):
            work.change("order_carriers", carrier, {"tracking_number": tracking})
    if order["current_state"] != state:
        parameters = {"sendemail": "1"} if work.options.notify_customers else {}
        line = {"id_order": order["id"], "id_order_state": state}
        work.service.create("order_histories", line, **parameters)
    return order["id"]


def _order(work: Writing, number: str) -> dict[str, str]:
    """The order of this id, else the one of this reference; split orders share one."""
    if number.isascii() and number.isdigit():
        found = work.service.get("orders", number)
        if found is not None:
            return found
    fits = work.service.find("orders", reference=number)
    if len(fits) > 1:
        raise several(f"order {number!r}", fits)
    if not fits:
        raise Rejected("SA-5428", f"the shop has no order {number!r}")
    return fits[0]
