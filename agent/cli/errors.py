"""`syncagent errors`: what a code means and what to do."""

from __future__ import annotations

import click

from agent.catalogue import CATALOGUE
from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.cli.language import CAUSE, WHAT_TO_DO, language_option
from agent.errors import Rejected
from agent.language import Language


@click.command(cls=Command)
@click.argument("code", required=False)
@language_option(otherwise="English")
@pass_invocation
def errors(invocation: Invocation, code: str | None, lang: Language | None) -> None:
    """Explain an error code.

    Without a CODE all of them are listed with their titles.
    """
    language = lang or "en"
    terminal, explanations = invocation.terminal, CATALOGUE[language]
    if code is None:
        codes = sorted(explanations.items())
        if terminal.as_json:
            terminal.document({"errors": {key: each._asdict() for key, each in codes}})
        else:
            terminal.table(("code", "title"), [(key, each.title) for key, each in codes])
        return
    code = f"SA-{code.upper().removeprefix('SA-')}"
    explanation = explanations.get(code)
    if explanation is None:
        raise Rejected("SA-7002", f"there is no error code {code}", hint="syncagent errors")
    if terminal.as_json:
        terminal.document({"code": code, **explanation._asdict()})
        return
    terminal.line(f"{code}  {explanation.title}")
    terminal.line()
    terminal.line(click.wrap_text(f"{CAUSE.said(language)}: {explanation.cause}"))
    terminal.line()
    terminal.line(click.wrap_text(f"{WHAT_TO_DO.said(language)}: {explanation.remedy}"))
