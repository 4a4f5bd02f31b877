"""`syncagent pause`: a flow is not read for a while."""

from __future__ import annotations

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation, person
from agent.cli.terminal import moment


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.option("--for", "lasts", default="", help="How long: 30m, 2h, 1d.")
@click.option(
    "--until", default="", help="Until when, at the site's clocks: 08:00, 2026-12-24T08:00."
)
@click.option("--reason", default="", help="Why, for those who wonder.")
@pass_invocation
def pause(invocation: Invocation, flow: str, lasts: str, until: str, reason: str) -> None:
    """Read FLOW no more for a while.

    Nothing of it begins by itself, what is under way ends with its next batch, and who asks for a
    run is told of the pause; only comparing goes on. What was read before is still delivered. It
    ends by itself or with `syncagent resume FLOW`; what fell due meanwhile is done then.
    """
    with invocation.access() as agent:
        answer = agent.tell(
            "pause", flow=flow, lasts=lasts, until=until, reason=reason, by=person()
        )
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        end = moment(answer["until"]) if answer["until"] else f"syncagent resume {flow}"
        invocation.terminal.line(f"{flow} is paused until {end}")
