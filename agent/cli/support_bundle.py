"""`syncagent support-bundle`: one file for those who help."""

from __future__ import annotations

import base64
from pathlib import Path

import click

from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.errors import SyncError


@click.command(cls=Command)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; else under its own name into this folder.",
)
@click.option("--check", is_flag=True, help="Reach every system first, and put in the answers.")
@pass_invocation
def support_bundle(invocation: Invocation, out: Path | None, check: bool) -> None:
    """Put together for support what it has to see: no secrets, no personal data.

    A zip file with versions, status, configuration, runs, causes, figures and the end of the log;
    its README lists what is in it. Where the agent cannot even be opened, it holds what can be had.
    """
    try:
        with invocation.access() as agent:
            answer = agent.tell("support_bundle", check=check)
    except SyncError as error:
        from agent.cli.rescue import bundle_without_agent  # noqa: PLC0415 - only when all else fails

        invocation.terminal.talk(f"the agent cannot be opened: {error}")
        answer = bundle_without_agent(invocation.config_path, error)
    path = out or Path(answer["name"])
    path.write_bytes(base64.b64decode(answer["zip"]))
    if invocation.terminal.as_json:
        invocation.terminal.document({"file": str(path)})
    else:
        invocation.terminal.line(f"written: {path}")
