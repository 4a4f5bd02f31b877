"""`syncagent errors`: what a code means and what to do."""

from __future__ import annotations

import click

from agent.catalogue import EXPLANATIONS, Explanation
from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.errors import Rejected


@click.command(cls=Command)
@click.argument("code", required=False)
@pass_invocation
def errors(invocation: Invocation, code: str | None) -> None:
    """Explain an error code.

    Without a CODE all of them are listed with their titles.
    """
    terminal = invocation.terminal
    if code is None:
        if terminal.as_json:
            terminal.document({"errors": {key: each._asdict() for key, each in _all()}})
        else:
            terminal.table(("code", "title"), [(key, each.title) for key, each in _all()])
        return
    code = f"SA-{code.upper().removeprefix('SA-')}"
    explanation = EXPLANATIONS.get(code)
    if explanation is None:
        raise Rejected("SA-7002", f"there is no error code {code}", hint="syncagent errors")
    if terminal.as_json:
        terminal.document({"code": code, **explanation._asdict()})
        return
    terminal.line(f"{code}  {explanation.title}")
    terminal.line()
    terminal.line(click.wrap_text(f"Cause: {explanation.cause}"))
    terminal.line()
    terminal.line(click.wrap_text(f"What to do: {explanation.remedy}"))


def _all() -> list[tuple[str, Explanation]]:
    return sorted(EXPLANATIONS.items())
