"""`syncagent preview`: source → record → what would be sent, row by row."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation
from agent.cli.terminal import Terminal, printable


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.option("--key", "keys", multiple=True, help="Only this key; may be given several times.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="How many rows at most.")
@pass_invocation
def preview(invocation: Invocation, flow: str, keys: tuple[str, ...], limit: int) -> None:
    """Show what a flow would send, with the differences.

    Each row of the source, the record it becomes, and the fields that differ from what was last
    taken over. Nothing is sent and nothing remembered.
    """
    with invocation.access() as agent:
        answer = agent.ask("preview", flow=flow, keys=list(keys), limit=limit)
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document(answer)
        return
    for row in answer["rows"]:
        _show(terminal, row)
    terminal.talk(f"{len(answer['rows'])} rows; nothing was sent")


def _show(terminal: Terminal, row: dict[str, Any]) -> None:
    terminal.line(printable(f"{row['key'] or '(no key)'}  {row['fate']}  {row['reason']}").rstrip())
    if row["fate"] == "changed" and row["differences"]:
        for name, (before, now) in row["differences"].items():
            terminal.line(f"  {name}: {_text(before)} → {_text(now)}")
    elif row["fate"] in {"new", "changed"}:
        for name, value in row["record"].items():
            terminal.line(f"  {name}: {_text(value)}")
    elif row["fate"] == "refused":
        for name, value in row["row"].items():
            terminal.line(f"  {name} = {_text(value)}")


def _text(value: object) -> str:
    return printable(json.dumps(value, ensure_ascii=False, default=str))
