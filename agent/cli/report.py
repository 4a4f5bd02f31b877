"""`syncagent report`: a month on a page for the customer."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.language import LANGUAGES


@click.command(cls=Command)
@click.argument("month")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page into this file; else it goes to standard output.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default that of the site.")
@pass_invocation
def report(invocation: Invocation, month: str, output: Path | None, lang: str | None) -> None:
    """Write the report of a MONTH such as 2026-10 as a page of HTML.

    The page needs nothing beside it; a browser prints it on A4, or into a PDF.
    """
    with invocation.access() as agent:
        answer = agent.ask("report", month=month, language=lang)
    if output is not None:
        output.write_text(answer["html"], encoding="utf-8")
        invocation.terminal.talk(f"written: {output}")
    elif invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(answer["html"])
