"""`syncagent resume`: go on after a person mended what halted a flow or a target."""

from __future__ import annotations

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation


@click.command(cls=Command)
@click.argument("flow", type=FlowName(), required=False)
@click.option("--target", help="Lift the halt of this target connection instead.")
@pass_invocation
def resume(invocation: Invocation, flow: str | None, target: str | None) -> None:
    """Lift a halt after its cause was mended, or end a pause.

    A flow halts when only a person can help: changed columns, a refused log-in. Without a FLOW
    and a target all halts are lifted; pauses end by the name of their flow alone. Without a daemon
    it is done here, under the store's lock.
    """
    with invocation.access() as agent:
        answer = agent.tell("resume", flow=flow, target=target)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.talk(
            "resumed; syncagent status, or sync without a daemon, shows how it goes"
        )
