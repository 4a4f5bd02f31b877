"""`syncagent status`: one screen that says whether all is well, and what to do where it is not."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.cli.terminal import Terminal, clock, moment, printable

_STATES = {"open": "down"}
"""What people call an open circuit breaker."""


@click.command(cls=Command)
@pass_invocation
def status(invocation: Invocation) -> None:
    """Show how the agent, its flows and its targets do."""
    answer = invocation.daemon().ask("status")
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        _show(invocation.terminal, answer)


def _show(terminal: Terminal, answer: dict[str, Any]) -> None:
    terminal.line(printable(answer["verdict"]))
    terminal.line()
    terminal.table(
        ("flow", "state", "last look", "outcome", "known", "pending", "parked", "held", "next"),
        [_flow(flow) for flow in answer["flows"]],
    )
    terminal.line()
    terminal.table(
        ("target", "state", "waiting", "delivered", "last success", "last error"),
        [_target(target) for target in answer["targets"]],
    )
    for flow in answer["flows"]:
        if flow["verification"]:
            terminal.line()
            terminal.line(printable(f"{flow['flow']} compared: {flow['verification']['told']}"))
        if flow["paused"]:
            terminal.line()
            terminal.line(printable(_paused(flow["flow"], flow["paused"])))
    problem = answer["configuration"]["problem"]
    if problem:
        terminal.line()
        terminal.line(printable(f"configuration refused: {problem['code']} {problem['reason']}"))


def _paused(flow: str, pause: dict[str, Any]) -> str:
    end = moment(pause["until"]) or "it is resumed"
    return ": ".join(
        filter(None, (f"{flow} is paused by {pause['by']} until {end}", pause["reason"]))
    )


def _flow(flow: dict[str, Any]) -> tuple[object, ...]:
    last = flow["last_run"] or {}
    state = "on" if flow["enabled"] else "off"
    if flow["halted"] or flow["paused"]:
        state = "halted" if flow["halted"] else "paused"
    counts = (flow[name] for name in ("known", "pending", "parked", "held"))
    # A poll that finds nothing leaves no run behind, but it was a look.
    looks = (flow["last_good_run_at"], last.get("finished_at"), last.get("started_at"))
    when = clock(max(filter(None, looks), default=None))
    due = clock(flow["next_due_at"])
    return (flow["flow"], state, when, last.get("outcome"), *counts, due)


def _target(target: dict[str, Any]) -> tuple[object, ...]:
    error = target["last_error"]
    if (target["last_success_at"] or "") > (target["last_error_at"] or ""):
        error = None  # what was true and is over
    return (
        target["target"],
        _STATES.get(target["state"], target["state"]),
        target["open_messages"],
        target["delivered"],
        clock(target["last_success_at"]),
        f"{error['code']} {error['reason']}" if error else "",
    )
