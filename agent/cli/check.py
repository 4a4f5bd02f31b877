"""`syncagent check`: reach every system, change nothing."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.exit_codes import Exit, exit_code_of
from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation


@click.command(cls=Command)
@click.option("--flow", type=FlowName(), help="Only what this flow needs.")
@pass_invocation
def check(invocation: Invocation, flow: str | None) -> None:
    """Reach every system that the configuration names.

    Reads a little and changes nothing. The exit status is that of the worst finding: 69
    unreachable, 77 log-in refused, 78 configuration.
    """
    with invocation.access() as agent:
        answer = agent.ask("check", flow=flow)
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document(answer)
    else:
        terminal.table(
            ("name", "end", "state", "found"),
            [
                (
                    each["name"],
                    each["end"],
                    _state(each),
                    f"{each['what']}: {each['detail']}" if each["ok"] else each["detail"],
                )
                for each in answer["findings"]
            ],
        )
        for each in answer["findings"]:
            if not each["ok"] and each["hint"]:
                terminal.talk(f"hint for {each['name']}: {each['hint']}")
    failed = [each for each in answer["findings"] if not each["ok"]]
    raise click.exceptions.Exit(
        max((exit_code_of(each["code"], each["class"]) for each in failed), default=Exit.OK)
    )


def _state(finding: dict[str, Any]) -> str:
    if not finding["ok"]:
        return str(finding["code"])
    return "warning" if finding.get("warning") else "ok"
