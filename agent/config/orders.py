"""What must hold where a flow looks up what orders take from the stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.config.configuration import Flow, OrdersEnd
from agent.config.problems import did_you_mean


class OrdersProblem(NamedTuple):
    """One problem, and the path to it below `lookups`."""

    path: tuple[str, ...]
    text: str
    hint: str


def problems_of_orders(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[OrdersProblem]:
    """Everything that is wrong with the lookups of this flow in orders."""
    names = {each.name for each in flow.lookups}
    for end in flow.reserved:
        if end.name in names:
            yield OrdersProblem((end.name,), f'"{end.name}" is there twice', "rename one")
        if (len(end.by) == 2) != bool(end.warehouse):
            yield OrdersProblem(
                (end.name, "by"),
                "the second column of `by` and `warehouse` go together",
                "name the warehouse of order lines that name none",
            )
        yield from _problems(end, flow, flows)


def _problems(end: OrdersEnd, flow: Flow, flows: Mapping[str, Flow]) -> Iterator[OrdersProblem]:
    orders = flows.get(end.orders)
    at = (end.name, "orders")
    if orders is None:
        hint = did_you_mean(end.orders, flows)
        yield OrdersProblem(at, f'there is no flow "{end.orders}"', hint)
    elif orders.entity != "order" or orders is flow:
        yield OrdersProblem(at, f'"{end.orders}" does not take orders over', "name one that does")
    elif orders.joins:
        text = f'"{end.orders}" joins "{orders.joins}"'
        yield OrdersProblem(at, text, f"name {orders.joins}")
    others = (
        (other, each)
        for other in flows.values()
        for each in other.reserved
        if each.orders == end.orders and each.until != end.until
    )
    for other, each in others:
        text = f'"{end.name}" and "{other.name}.{each.name}" name different statuses'
        yield OrdersProblem((end.name,), text, "an order ceases to count once: make both alike")
        break
    if end.until is not None:
        statuses = flows.get(end.until.flow)
        if statuses is None or statuses.entity != "order_status":
            text = f'"{end.until.flow}" is no flow of order_status'
            yield OrdersProblem((end.name, "until", "flow"), text, "")
