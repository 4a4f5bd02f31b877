"""`syncagent sync`: run flows now."""

from __future__ import annotations

import click

from agent.cli.invocation import Access, Command, FlowName, Invocation, pass_invocation
from agent.cli.work import run_flows


@click.command(cls=Command)
@click.argument("flow", type=FlowName(), required=False)
@click.option("--dry-run", is_flag=True, help="Read everything and say what would be sent.")
@pass_invocation
def sync(invocation: Invocation, flow: str | None, *, dry_run: bool) -> None:
    """Run flows now and wait until everything is delivered.

    With a FLOW only that one. A running daemon does the work; without one it is done here. The
    exit status is 1 when some records were refused or the guard holds a run.
    """
    with invocation.access() as agent:
        flows = [flow] if flow else [each["flow"] for each in agent.ask("flows")["flows"]]
        if not dry_run:
            raise click.exceptions.Exit(run_flows(invocation, agent, flows, "differential"))
        _rehearse(invocation, agent, flows)


def _rehearse(invocation: Invocation, agent: Access, flows: list[str]) -> None:
    found = [agent.ask("rehearse", flow=flow) for flow in flows]
    if invocation.terminal.as_json:
        invocation.terminal.document({"flows": found})
        return
    fates = ("new", "changed", "unchanged", "deleted", "left out", "refused")
    invocation.terminal.table(
        ("flow", *fates, "vanished"),
        [
            (each["flow"], *(each["fates"].get(fate, 0) for fate in fates), each["vanished"])
            for each in found
        ],
    )
    for each in found:
        for refused in each["refused"]:
            invocation.terminal.talk(f"{each['flow']} {refused['key']}: {refused['reason']}")
