"""What the README shows is so: its configuration loads, its commands exist, its drawing fits."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from agent.cli import program
from agent.config import load

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_SCREEN = README.partition("\n## ")[0]
DOCUMENTS = ["*.md", "config.example.yaml", "docs/*.md", "docs/connectors/*.md", "docs/errors/*.md"]
COMMAND = re.compile(r"(?:^|`)(syncagent [a-z][^`\n#|]*)", re.MULTILINE)


def _blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_configuration_of_the_first_screen_loads(tmp_path: Path) -> None:
    (configuration,) = _blocks("yaml", FIRST_SCREEN)
    path = tmp_path / "config.yaml"
    path.write_text(configuration, encoding="utf-8")
    config = load(path)
    assert list(config.flows) == ["prices"]
    assert config.flows["prices"].target.kind.name == "shop"


def test_make_targets_of_the_first_screen_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\S+)", "\n".join(_blocks("sh", FIRST_SCREEN)), re.MULTILINE)
    assert named == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_drawing_of_the_first_screen_fits_a_terminal() -> None:
    (drawing,) = _blocks("text", FIRST_SCREEN)
    assert max(map(len, drawing.splitlines())) <= 96


def test_first_screen_is_short() -> None:
    assert len(FIRST_SCREEN.splitlines()) < 60


@pytest.mark.parametrize("documents", DOCUMENTS)
def test_every_command_in_the_documents_exists(documents: str) -> None:
    for path in ROOT.glob(documents):
        for line in COMMAND.findall(path.read_text(encoding="utf-8")):
            _require_command(line, path.name)


def _require_command(line: str, where: str) -> None:
    """Follow the words of a command line down to a command, and look its options up there."""
    words = shlex.split(line.partition(" > ")[0].partition(" 2>")[0].replace("…", ""))[1:]
    command: click.Command = program
    context = click.Context(command)
    for word in words:
        if word.startswith("-"):
            known = {option for each in command.params for option in each.opts}
            assert word in known, f"{where}: {line!r} has no option {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            assert found is not None, f"{where}: {line!r} is no command"
            command = found
