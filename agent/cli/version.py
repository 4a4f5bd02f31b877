"""`syncagent version`."""

from __future__ import annotations

import platform

import click

from agent import __version__
from agent.cli.invocation import Command, Invocation, pass_invocation


@click.command(cls=Command)
@pass_invocation
def version(invocation: Invocation) -> None:
    """Show the version."""
    answer = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
    }
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(
            "syncagent {version} (Python {python}, {platform})".format(**answer)
        )
