"""`syncagent jobs`: what is being done, what waits, what runs by itself next."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.invocation import FlowName, Group, Invocation, pass_invocation, person
from agent.cli.terminal import moment

SCOPES = ("differential", "full", "resend", "verify")


@click.group(cls=Group)
def jobs() -> None:
    """Look at jobs; cancel them, ask for more."""


@jobs.command("list")
@click.option("--done", type=click.IntRange(0, 1000), default=5, help="How many that are over.")
@pass_invocation
def list_(invocation: Invocation, done: int) -> None:
    """List what is being done, what waits, what runs by itself next, and what was done."""
    daemon = invocation.daemon()
    answer = daemon.ask("jobs")
    answer["done"] = daemon.ask("runs", limit=done)["runs"] if done else []
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    rows = [
        *(_row(each, "running", each["started_at"], _progress(each)) for each in answer["running"]),
        *(
            _row(each, "waiting", each["not_before"] or each["requested_at"], each["why"])
            for each in answer["waiting"]
        ),
        *(_row(each, "scheduled", each["due_at"], "") for each in answer["scheduled"]),
        *(
            _row(each, each["outcome"], each["finished_at"], f"{each['code']} {each['reason']}")
            for each in answer["done"]
        ),
    ]
    invocation.terminal.table(("job", "flow", "what", "asked by", "state", "when", "how far"), rows)


@jobs.command("show")
@click.argument("job", type=int)
@pass_invocation
def show(invocation: Invocation, job: int) -> None:
    """Show how far a JOB got, or what came of it."""
    answer = invocation.daemon().ask("progress", job=job)
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.fields(answer.items())


@jobs.command("cancel")
@click.argument("job", type=int, required=False)
@click.option("--flow", type=FlowName(), help="Instead: what is being done for this flow.")
@click.option(
    "--waiting",
    type=click.Choice(SCOPES),
    help="With --flow: not what is being done, but what its schedule or an event asks for.",
)
@pass_invocation
def cancel(invocation: Invocation, job: int | None, flow: str | None, waiting: str | None) -> None:
    """Take back a JOB that waits, or end it with its next batch; nothing is lost by that."""
    if (job is None) == (flow is None) or (waiting and not flow):
        raise click.UsageError("name a JOB, or a flow by --flow")
    answer = invocation.daemon().tell("cancel", job=job, flow=flow, waiting=waiting, by=person())
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"{f'job {job}' if job else flow} is cancelled")


@jobs.command("run")
@click.argument("flow", type=FlowName())
@click.option("--what", type=click.Choice(SCOPES), default="differential", help="How much of it.")
@click.option("--key", "keys", multiple=True, help="Only this key; may be given several times.")
@pass_invocation
def run(invocation: Invocation, flow: str, what: str, keys: tuple[str, ...]) -> None:
    """Ask for a run of FLOW and do not wait for it."""
    scope = "keys" if keys else what
    answer = invocation.daemon().tell("request", flow=flow, scope=scope, keys=list(keys))
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(f"job {answer['job']}")


def _row(each: dict[str, Any], state: str, when: str | None, told: str) -> tuple[object, ...]:
    number = each.get("job") or ""
    return number, each["flow"], each["scope"], each.get("asked_by"), state, moment(when), told


def _progress(each: dict[str, Any]) -> str:
    told = f"{each['rows']} rows, {each['changes']} changes"
    if each["expected"]:
        told = f"{each['rows']} of about {each['expected']} rows, {each['changes']} changes"
    if each["remaining_seconds"] is not None:
        told += f", {each['remaining_seconds']} s left"
    return told + (f"; cancelled by {each['cancelled_by']}" if each["cancelled_by"] else "")
