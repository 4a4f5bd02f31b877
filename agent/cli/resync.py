"""`syncagent resync`: look at rows again and send them whether they changed or not."""

from __future__ import annotations

from datetime import datetime

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation
from agent.cli.work import run_flows


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.option("--key", "keys", multiple=True, help="Only this key; may be given several times.")
@click.option("--since", type=click.DateTime(), help="What changed since then, by its cursor.")
@click.option("--all", "everything", is_flag=True, help="Everything that the source holds.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_invocation
def resync(
    invocation: Invocation,
    flow: str,
    keys: tuple[str, ...],
    since: datetime | None,
    *,
    everything: bool,
    yes: bool,
) -> None:
    """Look at rows again and send them, also where nothing changed.

    Says first what it is going to do. On a terminal it asks before it begins.
    """
    if sum((bool(keys), since is not None, everything)) != 1:
        raise click.UsageError("say what: --key KEY …, --since DATE or --all")
    with invocation.access() as agent:
        known = {each["flow"]: each for each in agent.ask("status")["flows"]}
        state = known.get(flow, {"known": 0, "target": "its target"})
        what = f"everything ({state['known']} records known)"
        scope = "resend"
        marks: tuple[str, ...] = ()
        if keys:
            what, scope, marks = f"{len(keys)} keys", "keys", keys
        if since:
            what, scope, marks = f"what changed since {since}", "since", (since.isoformat(),)
        plan = f"{flow}: read {what} and send it to {state['target']}, changed or not"
        invocation.terminal.talk(plan)
        if invocation.terminal.interactive and not yes:
            click.confirm("Go on?", abort=True, err=True)
        raise click.exceptions.Exit(run_flows(invocation, agent, [flow], scope, marks))
