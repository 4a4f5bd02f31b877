"""What is written about the commands is what they do."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from agent.catalogue import EXPLANATIONS, control
from agent.cli.exit_codes import Exit
from agent.cli.reference import cli_markdown, commands

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/cli.md"


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == cli_markdown(), "run: make docs"


@pytest.mark.parametrize(("name", "command"), tuple(commands()), ids=str)
def test_command_and_its_options_are_documented(name: str, command: click.Command) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"## syncagent {name}\n" in page
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts}"


def test_every_exit_status_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [status for status in Exit if f"| {int(status)} |" not in page] == []


def test_every_code_of_daemon_api_and_commands_is_explained_and_every_explanation_used() -> None:
    rooms = [*(ROOT / "agent").rglob("*.py")]
    text = "".join(
        path.read_text(encoding="utf-8") for path in rooms if "catalogue" not in path.parts
    )
    used = set(re.findall(r"\bSA-7\d{3}\b", text))
    assert used - EXPLANATIONS.keys() == set()
    assert control.CODES.keys() - used == set()


def test_commands_named_in_hints_and_remedies_exist() -> None:
    known = {name.split()[0] for name, _ in commands()}
    told = " ".join(each.remedy for each in EXPLANATIONS.values())
    assert set(re.findall(r"`syncagent ([a-z]+)", told)) - known == set()
