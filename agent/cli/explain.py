"""`syncagent explain`: the way of one record, and one sentence above it."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation
from agent.cli.language import WHAT_TO_DO, language_option
from agent.cli.terminal import Terminal, moment, printable
from agent.language import Language

_MARKS = {True: "+", False: "!", None: " "}


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.argument("key")
@language_option(otherwise="the site's")
@pass_invocation
def explain(invocation: Invocation, flow: str, key: str, lang: Language | None) -> None:
    """Say why a record is, or is not, on the other side.

    Reads the KEY in the source, follows it through FLOW and asks the other side where that can
    be asked. Changes nothing.
    """
    with invocation.access() as agent:
        answer = agent.ask("explain", flow=flow, key=key, language=lang)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        _show(invocation.terminal, answer)


def _show(terminal: Terminal, answer: dict[str, Any]) -> None:
    terminal.line(printable(answer["sentence"]))
    if answer["remedy"]:
        terminal.line(printable(f"{WHAT_TO_DO.said(answer['language'])}: {answer['remedy']}"))
    if answer["command"]:
        terminal.line(printable(f"→ {answer['command']}"))
    terminal.line()
    width = max(len(step["title"]) for step in answer["steps"])
    for step in answer["steps"]:
        when = moment(step["at"], answer["time_zone"]) or " " * 19
        mark = _MARKS[step["passed"]]
        text = f"{mark} {step['title']:<{width}}  {when}  {step['text']}"
        terminal.line(printable(text).rstrip())
        for line in _details(step):
            terminal.line(f"    {printable(line)}")


def _details(step: dict[str, Any]) -> list[str]:
    """Values before and after, where the step has some."""
    details = step["details"]
    if step["step"] == "mapped":
        return [_field(each) for each in details["fields"]]
    if step["step"] in {"changed", "there"}:
        pairs = (details.get("fields") or {}).items()
        return [f"{name}: {_text(old)} → {_text(new)}" for name, (old, new) in pairs]
    return []


def _field(trace: dict[str, Any]) -> str:
    before = ", ".join(f"{name} = {_text(value)}" for name, value in trace["before"].items())
    rule = ", ".join(
        f"{name} {_text(value)}" for name, value in trace["rule"].items() if name != "from"
    )
    after = f"{trace['code']} {trace['reason']}" if trace["code"] else _text(trace["after"])
    shown = " ".join(part for part in (before, f"({rule})" if rule else "") if part)
    return f"{trace['field']}: {shown} → {after}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
