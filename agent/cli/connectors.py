"""`syncagent connectors`: which kinds of systems there are, and what each can be told."""

from __future__ import annotations

import re
from typing import Any

import click
import yaml

from agent.cli.invocation import Group, Invocation, pass_invocation
from agent.config.kinds import known
from agent.config.reference import lines_of, sections_of
from agent.contract import Kind
from agent.errors import Misconfigured, Rejected

_EMPHASIS = re.compile(r"`|\*\*")


@click.group(cls=Group)
def connectors() -> None:
    """Show the kinds of systems and what each can be told."""


@connectors.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """List every kind: whether it can be read and delivered to, and what it is."""
    found = [_as_dict(name, kind) for name, kind in known()]
    if invocation.terminal.as_json:
        invocation.terminal.document({"connectors": found})
        return
    invocation.terminal.table(
        ("kind", "ends", "what it is"),
        [(each["kind"], ", ".join(each["ends"]), each["summary"]) for each in found],
    )


@connectors.command("show")
@click.argument("kind")
@pass_invocation
def show(invocation: Invocation, kind: str) -> None:
    """Show what may stand in the configuration of a KIND, with types and defaults."""
    found = dict(known()).get(kind)
    if found is None:
        raise Rejected(
            "SA-7009", f'there is no kind "{kind}"', hint="syncagent connectors list shows all"
        )
    if isinstance(found, ImportError):
        raise Misconfigured(
            "SA-1102",
            f'the kind "{kind}" cannot be loaded: {found}',
            hint="install what is missing",
        )
    sections: list[dict[str, Any]] = [
        {"section": heading, "keys": [_key(line) for line in lines_of(model)]}
        for heading, model in sections_of(found)
    ]
    presets = {
        name: {"summary": preset.summary, **preset.flow} for name, preset in found.presets.items()
    }
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document({**_as_dict(kind, found), "sections": sections, "presets": presets})
        return
    terminal.line(f"{kind}: {found.summary.rstrip('.')}.")
    for section in sections:
        terminal.line()
        terminal.line(section["section"])
        terminal.table(
            ("key", "value", "default", "what it is"), [key.values() for key in section["keys"]]
        )
    if presets:
        terminal.line()
        terminal.line(f"{kind}: presets")
        terminal.line(yaml.safe_dump(presets, sort_keys=False, allow_unicode=True).rstrip())


def _as_dict(name: str, kind: Kind | ImportError) -> dict[str, Any]:
    if isinstance(kind, ImportError):
        return {"kind": name, "ends": [], "summary": f"cannot be loaded here: {kind}"}
    ends = [end for end, there in (("source", kind.source), ("target", kind.target)) if there]
    return {"kind": name, "ends": ends, "summary": kind.summary}


def _key(line: tuple[str, ...]) -> dict[str, str]:
    """A line of the reference without its Markdown."""
    names = ("key", "value", "default", "description")
    return dict(zip(names, (_EMPHASIS.sub("", cell) for cell in line), strict=True))
