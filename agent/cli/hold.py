"""`syncagent hold`: runs that the guard holds until a person decides."""

from __future__ import annotations

import click

from agent.cli.invocation import Group, Invocation, pass_invocation, person
from agent.cli.terminal import moment


@click.group(cls=Group)
def hold() -> None:
    """Decide on runs that the guard holds."""


@hold.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """List the runs that wait for a decision, with what made the guard suspicious."""
    answer = invocation.daemon().ask("held")
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("run", "flow", "started", "inserts", "updates", "deletes", "why"),
        [
            (
                run["run"],
                run["flow"],
                moment(run["started_at"]),
                run["counts"].get("inserts", 0),
                run["counts"].get("updates", 0),
                run["counts"].get("deletes", 0),
                run["reason"],
            )
            for run in answer["runs"]
        ],
    )
    if answer["runs"]:
        invocation.terminal.talk("decide with: syncagent hold approve RUN, or: hold drop RUN")


@hold.command("approve")
@click.argument("run", type=int)
@pass_invocation
def approve(invocation: Invocation, run: int) -> None:
    """Send what RUN found."""
    _decide(invocation, "approve", run, "messages on their way")


@hold.command("drop")
@click.argument("run", type=int)
@pass_invocation
def drop(invocation: Invocation, run: int) -> None:
    """Forget what RUN found; the next run looks at these rows again."""
    _decide(invocation, "drop", run, "messages dropped")


def _decide(invocation: Invocation, command: str, run: int, what: str) -> None:
    answer = invocation.daemon().tell(command, run=run, by=person())
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"run {run}: {answer['messages']} {what}")
