"""`syncagent demo`: the whole of it, at work on this machine."""

from __future__ import annotations

import click

from agent.cli.invocation import Command, Invocation, pass_invocation


@click.command(cls=Command)
@click.option("--keep", is_flag=True, help="Leave everything running and print the addresses.")
@pass_invocation
def demo(_invocation: Invocation, *, keep: bool) -> None:
    """See it work: a demo ERP, a shop, and what may go wrong.

    Everything stands in a temporary folder and on loopback; nothing of yours is touched.
    """
    from agent.demo.tour import tour  # noqa: PLC0415 - `demo --help` needs click alone

    raise click.exceptions.Exit(tour(keep=keep))
