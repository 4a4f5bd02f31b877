"""`syncagent alerts`: what people have to know, and who takes care of it."""

from __future__ import annotations

import click

from agent.cli.invocation import Group, Invocation, pass_invocation, person
from agent.cli.terminal import moment


@click.group(cls=Group)
def alerts() -> None:
    """Look at alerts, take care of one, try whether they arrive."""


@alerts.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """List what is open, with how often it was told and who takes care of it."""
    answer = invocation.daemon().ask("alerts")
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("alert", "since", "kind", "about", "code", "reason", "told", "taken by"),
        [
            (
                alert["alert"],
                moment(alert["opened_at"]),
                alert["kind"],
                alert["where"],
                alert["code"],
                alert["reason"],
                alert["told"],
                alert["acknowledged_by"],
            )
            for alert in answer["alerts"]
        ],
    )
    if answer["no_ping"]:
        invocation.terminal.talk(f"the dead man's switch hears nothing: {answer['no_ping']}")
    if any(not alert["acknowledged_by"] for alert in answer["alerts"]):
        invocation.terminal.talk("take care of one with: syncagent alerts ack ALERT")


@alerts.command("history")
@click.option("--limit", type=click.IntRange(1, 5000), default=50, help="How many, newest first.")
@pass_invocation
def history(invocation: Invocation, limit: int) -> None:
    """List what is over, with whom it was told."""
    answer = invocation.daemon().ask("alert_history", limit=limit)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("alert", "from", "until", "kind", "about", "code", "reason", "told to", "taken by"),
        [
            (
                alert["alert"],
                moment(alert["opened_at"]),
                moment(alert["gone_at"]),
                alert["kind"],
                alert["where"],
                alert["code"],
                alert["reason"],
                ", ".join(alert["told_to"]),
                alert["acknowledged_by"],
            )
            for alert in answer["alerts"]
        ],
    )


@alerts.command("ack")
@click.argument("alert", type=int)
@pass_invocation
def ack(invocation: Invocation, alert: int) -> None:
    """Say that you take care of ALERT: no more reminders, no escalation."""
    answer = invocation.daemon().tell("acknowledge", alert=alert, by=person())
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"alert {alert}: {answer['by']} takes care of it")


@alerts.command("test")
@pass_invocation
def test(invocation: Invocation) -> None:
    """Send a test to every address, and say which of them work.

    Without a daemon it is done here, under the store's lock.
    """
    with invocation.access() as agent:
        answer = agent.tell("test_alerts")
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.table(
            ("address", "result"),
            [(each["address"], each["problem"] or "taken") for each in answer["addresses"]],
        )
    if any(each["problem"] for each in answer["addresses"]):
        raise click.exceptions.Exit(1)
