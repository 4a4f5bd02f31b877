"""`syncagent outbox`: messages, and what people decide about those that were refused."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.invocation import FlowName, Group, Invocation, pass_invocation, person
from agent.cli.terminal import counted, moment
from agent.model import State


@click.group(cls=Group)
def outbox() -> None:
    """Look at messages; send parked ones again or set them aside."""


@outbox.command("list")
@click.option("--flow", type=FlowName(), help="Only messages of this flow.")
@click.option("--state", type=click.Choice([str(state) for state in State]), help="Only these.")
@click.option("--key", help="Only messages of this key.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many, newest first.")
@pass_invocation
def list_(
    invocation: Invocation, flow: str | None, state: str | None, key: str | None, limit: int
) -> None:
    """List messages, newest first."""
    answer = invocation.daemon().ask("messages", flow=flow, state=state, key=key, limit=limit)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("message", "flow", "op", "key", "state", "attempts", "why"),
        [
            (
                message["id"],
                message["flow"],
                message["op"],
                message["key"],
                message["state"],
                message["attempts"],
                _why(message),
            )
            for message in answer["messages"]
        ],
    )


@outbox.command("show")
@click.argument("message")
@pass_invocation
def show(invocation: Invocation, message: str) -> None:
    """Show one MESSAGE with its body and its way so far."""
    answer = invocation.daemon().ask("message", message=message)
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document(answer)
        return
    terminal.fields((name, answer[name]) for name in answer if name != "body")
    if answer["body"] is not None:
        terminal.line(json.dumps(answer["body"], ensure_ascii=False, indent=2))


@outbox.command("retry")
@click.argument("messages", nargs=-1)
@click.option("--flow", type=FlowName(), help="All parked messages of this flow.")
@click.option("--code", help="All parked messages with this code.")
@pass_invocation
def retry(
    invocation: Invocation, messages: tuple[str, ...], flow: str | None, code: str | None
) -> None:
    """Send parked MESSAGES again: those named, or all of a flow or a code."""
    if not messages and not flow and not code:
        raise click.UsageError("name messages, or use --flow or --code")
    answer = invocation.daemon().tell("retry", messages=messages, flow=flow, code=code)
    _decided(invocation, answer, "due again")


@outbox.command("ignore")
@click.argument("messages", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why they need not reach the target.")
@click.option("--for", "lasts", default="", help="How long: 30d, 12h. Else for good.")
@click.option(
    "--until", default="", help="Until when, at the site's clocks: 2026-12-24, 2026-12-24T08:00."
)
@pass_invocation
def ignore(
    invocation: Invocation, messages: tuple[str, ...], reason: str, lasts: str, until: str
) -> None:
    """Set parked MESSAGES aside, for good or for a while; the reason is kept with them.

    When the time is over they are parked again, and rows that the mapping refused are looked at
    again. What was replaced by something newer meanwhile stays away.
    """
    answer = invocation.daemon().tell(
        "ignore", messages=messages, reason=reason, lasts=lasts, until=until, by=person()
    )
    end = f" until {moment(answer['until'])}" if answer["until"] else ""
    _decided(invocation, answer, f"set aside{end}")


@outbox.command("edit")
@click.argument("message")
@click.option(
    "--set",
    "values",
    metavar="FIELD=VALUE",
    multiple=True,
    required=True,
    help="A field and what it should be; JSON for lists and objects; nothing empties it.",
)
@click.option("--reason", required=True, help="Why; it is kept with the record.")
@pass_invocation
def edit(invocation: Invocation, message: str, values: tuple[str, ...], reason: str) -> None:
    """Correct a parked MESSAGE by hand and send it.

    The original is kept beside it. The next change from the source replaces what was edited.
    """
    written = dict(map(_pair, values))
    answer = invocation.daemon().tell(
        "edit", message=message, values=written, reason=reason, by=person()
    )
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"{answer['message']} is sent in the place of {message}")


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise click.UsageError(f"--set takes FIELD=VALUE, not {text!r}")
    return field, value


def _decided(invocation: Invocation, answer: dict[str, Any], what: str) -> None:
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"{counted(answer['messages'], 'message')} {what}")


def _why(message: dict[str, Any]) -> str:
    return " ".join(part for part in (message["code"], message["reason"]) if part)
