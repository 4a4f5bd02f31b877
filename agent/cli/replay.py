"""`syncagent replay`: the other side was restored from a backup; it gets again what came later."""

from __future__ import annotations

from datetime import datetime

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation, person


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.option(
    "--since",
    type=click.DateTime(),
    required=True,
    help="The moment of the backup, in the time of this machine.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_invocation
def replay(invocation: Invocation, flow: str, since: datetime, *, yes: bool) -> None:
    """Send again what FLOW delivered since a moment, each record in its newest state.

    For a shop or an ERP that was restored from a backup. Where a second write would be a second
    record, the other side is asked first.
    """
    moment = since.astimezone()
    invocation.terminal.talk(f"{flow}: send again what was delivered since {moment.isoformat()}")
    if invocation.terminal.interactive and not yes:
        click.confirm("Go on?", abort=True, err=True)
    with invocation.access() as agent:
        answer = agent.tell("replay", flow=flow, since=moment.isoformat(), by=person())
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.line(
        f"{answer['sent']} are sent again, {answer['read']} are read again, of "
        f"{answer['under_way']} something newer is on its way"
    )
