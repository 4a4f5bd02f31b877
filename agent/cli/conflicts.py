"""`syncagent conflicts`: records that both sides changed, until a person decides."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.invocation import FlowName, Group, Invocation, pass_invocation, person


@click.group(cls=Group)
def conflicts() -> None:
    """Look at records that both sides changed, and say which version counts."""


@conflicts.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many.")
@pass_invocation
def list_(invocation: Invocation, limit: int) -> None:
    """List what waits for a decision, with both versions side by side."""
    answer = invocation.daemon().ask("conflicts", limit=limit)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("record", "field", "read by", "says", "read by", "says"),
        [
            (conflict["key"], name, *_shown(conflict, values))
            for conflict in answer["conflicts"]
            for name, values in conflict["fields"].items()
        ],
    )
    if answer["conflicts"]:
        invocation.terminal.talk(
            "decide with: syncagent conflicts keep RECORD --from FLOW, the flow that read it"
        )


@conflicts.command("keep")
@click.argument("record")
@click.option(
    "--from", "flow", type=FlowName(), required=True, help="The flow whose source is right."
)
@pass_invocation
def keep(invocation: Invocation, record: str, flow: str) -> None:
    """Let the version of one side count for a RECORD, on both sides."""
    answer = invocation.daemon().tell("decide", key=record, flow=flow, by=person())
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"{record} is written as {flow} read it")


def _shown(conflict: dict[str, Any], values: list[Any]) -> tuple[str, str, str, str]:
    first, second = conflict["flows"]
    return first, _text(values[0]), second, _text(values[1])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
