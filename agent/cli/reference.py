"""The reference page of the commands, written from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from agent.cli import COMMANDS, program
from agent.cli.exit_codes import MEANINGS

_INTRODUCTION = """\
# Commands

Generated from the commands themselves; `syncagent COMMAND --help` says the same.

- Every command takes `--config FILE` (`-c`) and `--json`, before or after its name. Without
  `--config` the file is the one that `SYNCAGENT_CONFIG` names, else `./config.yaml`, else
  `/etc/syncagent/config.yaml`.
- Data goes to standard output, talk to standard error. With `--json` the answer is one JSON
  document with a `schema_version`, errors included: `{"schema_version": 1, "error": {"code":
  "SA-1007", "reason": "…", "hint": "…"}}`.
- Colours, tables and progress bars are for terminals; `NO_COLOR` takes the colours away. Nothing
  asks a question where no terminal is.
- `status`, `runs`, `outbox` and `hold` ask the running daemon, and end with 3 where none runs.
  `sync`, `resync`, `preview`, `check` and `resume` have the daemon do the work, or do it
  themselves under the store's lock.

## Completion in the shell

Commands, options and the names of flows complete:

```sh
_SYNCAGENT_COMPLETE=bash_source syncagent > ~/.local/share/bash-completion/completions/syncagent
_SYNCAGENT_COMPLETE=zsh_source syncagent > ~/.zfunc/_syncagent
_SYNCAGENT_COMPLETE=fish_source syncagent > ~/.config/fish/completions/syncagent.fish
```

## Exit statuses

| Status | Meaning |
|---|---|
"""


def cli_markdown() -> str:
    """The whole page."""
    statuses = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in MEANINGS.items())
    return _INTRODUCTION + statuses + "".join(_section(*each) for each in commands())


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name: `outbox list`."""
    context = click.Context(program)
    for name in COMMANDS:
        command = program.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        elif command is not None:
            yield name, command


def _section(name: str, command: click.Command) -> str:
    own = [each for each in command.params if each.name not in {"config", "json"}]
    arguments = " ".join(_argument(each) for each in own if isinstance(each, click.Argument))
    options = [each for each in own if isinstance(each, click.Option)]
    usage = " ".join(filter(None, ("syncagent", name, "[OPTIONS]" if options else "", arguments)))
    lines = ["", f"## syncagent {name}", "", "```", usage, "```", "", cleandoc(command.help or "")]
    if options:
        lines += ["", "| Option | Meaning |", "|---|---|"]
        lines += [f"| {_option(each)} | {each.help} |" for each in options]
    return "\n".join(lines) + "\n"


def _argument(argument: click.Argument) -> str:
    name = argument.human_readable_name.upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    if option.is_flag:
        return names
    default = f", default {option.default:g}" if isinstance(option.default, int | float) else ""
    return f"{names}{' (repeatable)' if option.multiple else ''}{default}"
