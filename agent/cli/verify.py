"""`syncagent verify`: does the other side hold what it should, and what puts it right."""

from __future__ import annotations

import json
from typing import Any

import click

from agent.cli.exit_codes import Exit
from agent.cli.invocation import Access, Command, FlowName, Invocation, pass_invocation, person
from agent.cli.terminal import Terminal, printable
from agent.cli.work import compare_flow, finish_job
from agent.errors import Unavailable


@click.command(cls=Command)
@click.argument("flow", type=FlowName())
@click.option("--repair", is_flag=True, help="Send again what is missing or different.")
@click.option("--delete-extra", is_flag=True, help="With --repair: delete what is too much there.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=50, help="How many to name.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@pass_invocation
def verify(
    invocation: Invocation, flow: str, *, repair: bool, delete_extra: bool, limit: int, yes: bool
) -> None:
    """Compare the other side of FLOW with what it should hold.

    Sends nothing but questions. Records of which a message is on its way are counted apart.
    """
    if delete_extra and not repair:
        raise click.UsageError("--delete-extra goes with --repair")
    with invocation.access() as agent:
        ended = compare_flow(invocation, agent, flow)
        if ended["outcome"] not in {"ok", "partial"}:
            raise Unavailable(ended["code"], ended["reason"])
        answer = agent.ask("verification", flow=flow, limit=limit)
        mended = _repair(invocation, agent, answer, delete=delete_extra, yes=yes) if repair else {}
        if invocation.terminal.as_json:
            invocation.terminal.document({**answer, **({"repair": mended} if mended else {})})
        else:
            _show(invocation.terminal, answer, mended)
        if mended.get("job"):
            raise click.exceptions.Exit(finish_job(invocation, agent, flow, mended["job"]))
    raise click.exceptions.Exit(Exit.OK if ended["outcome"] == "ok" else Exit.PARTIAL)


def _repair(
    invocation: Invocation, agent: Access, answer: dict[str, Any], *, delete: bool, yes: bool
) -> dict[str, Any]:
    extra = answer["counts"].get("extra", 0)
    if delete and extra and not yes:
        if not invocation.terminal.interactive:
            raise click.UsageError(f"{extra} records would be deleted there: say --yes")
        click.confirm(f"Delete {extra} records at the other side?", abort=True, err=True)
    return agent.tell("repair", flow=answer["flow"], delete_extra=delete, by=person())


def _show(terminal: Terminal, answer: dict[str, Any], mended: dict[str, Any]) -> None:
    terminal.line(answer["told"])
    rows = [(each["kind"], each["key"], _fields(each["fields"])) for each in answer["findings"]]
    if rows:
        terminal.line()
        terminal.table(("what", "key", "fields: ours → theirs"), rows)
    if answer["how"] == "read_back":
        terminal.talk("read back key by key: what is too much there cannot be seen this way")
    if not mended and rows:
        terminal.talk(f"send again what differs: syncagent verify {answer['flow']} --repair")
    if mended:
        terminal.talk(
            f"{mended['sent_again']} are sent again, {mended['deleted']} deleted, "
            f"{mended['left']} left alone"
        )


def _fields(fields: dict[str, Any]) -> str:
    told = (f"{name}: {_text(ours)} → {_text(theirs)}" for name, (ours, theirs) in fields.items())
    return printable(", ".join(told))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
