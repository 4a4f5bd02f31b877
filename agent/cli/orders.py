"""`syncagent orders`: orders on their way into the ERP, and what people decide about them."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.invocation import Group, Invocation, pass_invocation, person
from agent.cli.terminal import moment
from agent.errors import Rejected

IN_DOUBT = "SA-5010"


@click.group(cls=Group)
def orders() -> None:
    """Look at orders; settle those in doubt, and those that do not add up."""


@orders.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that the ERP has.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many, newest first.")
@pass_invocation
def list_(invocation: Invocation, everything: bool, limit: int) -> None:
    """List the orders that are not in the ERP yet, and why."""
    answer = invocation.daemon().ask("orders", open_only=not everything, limit=limit)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("order", "flow", "taken over", "state", "in the ERP", "why"),
        [
            (
                order["key"],
                order["flow"],
                moment(order["created_at"]),
                _state(order),
                order["reference"],
                _why(order),
            )
            for order in answer["orders"]
        ],
    )
    if any(order["code"] == IN_DOUBT for order in answer["orders"]):
        invocation.terminal.talk(
            "in doubt: look in the ERP. There: syncagent orders confirm ORDER --document NUMBER; "
            "not there: syncagent orders retry ORDER"
        )
    if any(order["stage"] == "check" for order in answer["orders"]):
        invocation.terminal.talk(
            "does not add up: correct it in the shop, or write it as it is: "
            "syncagent orders accept ORDER --reason TEXT"
        )


@orders.command("show")
@click.argument("order")
@pass_invocation
def show(invocation: Invocation, order: str) -> None:
    """Show an ORDER as it was taken over, with its way so far."""
    daemon = invocation.daemon()
    found = daemon.ask("orders", open_only=False, key=order, limit=100)["orders"]
    if not found:
        raise _unknown(order)
    answer = daemon.ask("message", message=found[0]["id"])
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document({**answer, "versions": found})
        return
    terminal.fields((name, answer[name]) for name in answer if name != "body")
    for older in found[1:]:
        terminal.line(f"earlier: {older['id']} {_state(older)} {_why(older)}")
    if answer["body"] is not None:
        terminal.line(json.dumps(answer["body"], ensure_ascii=False, indent=2))


@orders.command("retry")
@click.argument("order")
@pass_invocation
def retry(invocation: Invocation, order: str) -> None:
    """Write a parked ORDER again. In doubt: only when you saw that the ERP does not have it."""
    message = _parked(invocation, order)
    answer = invocation.daemon().tell("retry", messages=[message["id"]])
    _decided(invocation, answer, f"order {order} is written again")


@orders.command("accept")
@click.argument("orders", metavar="ORDER...", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why; it is kept with the order.")
@pass_invocation
def accept(invocation: Invocation, orders: tuple[str, ...], reason: str) -> None:
    """Write each ORDER as it is, though it does not add up."""
    found = [_parked(invocation, order) for order in orders]
    for order, message in zip(orders, found, strict=True):
        answer = invocation.daemon().tell(
            "accept", message=message["id"], reason=reason, by=person()
        )
        _decided(invocation, answer, f"order {order} is written as it is")


@orders.command("confirm")
@click.argument("order")
@click.option("--document", default="", help="Its number in the ERP; goes back to the shop.")
@pass_invocation
def confirm(invocation: Invocation, order: str, document: str) -> None:
    """Say that the ERP has a parked ORDER after all."""
    message = _parked(invocation, order)
    answer = invocation.daemon().tell(
        "confirm", message=message["id"], reference=document, by=person()
    )
    _decided(invocation, answer, f"order {order} counts as written")


def _parked(invocation: Invocation, order: str) -> dict[str, Any]:
    """The oldest open message of the order: the one that holds up the others."""
    found = invocation.daemon().ask("orders", key=order, limit=100)["orders"]
    parked: list[dict[str, Any]] = [each for each in found if each["state"] == "parked"]
    if not parked:
        raise _unknown(order, " that waits for a person")
    return parked[-1]


def _unknown(order: str, what: str = "") -> Rejected:
    return Rejected(
        "SA-7002", f"there is no order {order}{what}", hint="syncagent orders list --all"
    )


def _decided(invocation: Invocation, answer: dict[str, Any], told: str) -> None:
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(told)


def _state(order: dict[str, Any]) -> str:
    return "in doubt" if order["code"] == IN_DOUBT else str(order["state"])


def _why(order: dict[str, Any]) -> str:
    return " ".join(part for part in (order["code"], order["reason"]) if part)
