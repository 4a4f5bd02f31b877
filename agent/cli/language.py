"""The option `--lang`: in which language a command explains something, and its words there."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from agent.language import LANGUAGES, Language, Text, language_of

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

CAUSE = Text("Cause", "Causa")
WHAT_TO_DO = Text("What to do", "Che cosa fare")

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def language_option(otherwise: str) -> Callable[[Decorated], Decorated]:
    """Give a command `lang`: as named, else as the terminal's locale, else None.

    `otherwise` says in the command's help which language None stands for.
    """
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=lambda _context, _option, named: named or _of_terminal(),
        help=f"Language; by default that of the terminal's locale, else {otherwise}.",
    )


def _of_terminal() -> Language | None:
    return language_of(next(filter(None, map(os.environ.get, LOCALE_VARIABLES)), ""))
