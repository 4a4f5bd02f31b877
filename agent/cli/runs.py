"""`syncagent runs`: what was done, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation
from agent.cli.terminal import moment


@click.command(cls=Command)
@click.argument("flow", type=FlowName(), required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="How many, newest first.")
@pass_invocation
def runs(invocation: Invocation, flow: str | None, limit: int) -> None:
    """Show the last runs and what each came to.

    With a FLOW only its runs.
    """
    answer = invocation.daemon().ask("runs", flow=flow, limit=limit)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("run", "flow", "started", "seconds", "outcome", "rows", "changes", "refused", "why"),
        [_row(run) for run in answer["runs"]],
    )


def _row(run: dict[str, Any]) -> tuple[object, ...]:
    counts = run["counts"]
    changes = sum(counts.get(name, 0) for name in ("inserts", "updates", "deletes"))
    return (
        run["run"],
        run["flow"],
        moment(run["started_at"]),
        _seconds(run),
        run["outcome"],
        counts.get("rows", 0),
        changes,
        counts.get("refused", 0),
        " ".join(part for part in (run["code"], run["reason"]) if part),
    )


def _seconds(run: dict[str, Any]) -> str:
    if not run["finished_at"]:
        return ""
    began, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
    return f"{(ended - began).total_seconds():.1f}"
