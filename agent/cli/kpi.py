"""`syncagent kpi`: how well the agent did, in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from agent.cli.invocation import Command, FlowName, Invocation, pass_invocation


@click.command(cls=Command)
@click.option("--since", default="30d", show_default=True, help="Since when: 12h, 30d, 2026-10-01.")
@click.option("--flow", type=FlowName(), default="", help="Only this flow.")
@click.option(
    "--by",
    type=click.Choice(["whole", "month", "day", "hour"]),
    help="Cut the time into months, days or hours; a CSV file is by day unless told.",
)
@click.option(
    "--csv",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a table for a spreadsheet into this file.",
)
@pass_invocation
def kpi(invocation: Invocation, since: str, flow: str, by: str | None, file: Path | None) -> None:
    """Show availability, errors, times, throughput, freshness and backlog.

    The figures are kept by the hour for thirteen months; the last minute is not in them yet.
    """
    by = by or ("day" if file else "whole")
    with invocation.access() as agent:
        answer = agent.ask("kpi", since=since, flow=flow, by=by)
    if file is not None:
        from agent.kpi.table import csv_text  # noqa: PLC0415 - `--help` needs click alone

        file.write_text(csv_text(answer), encoding="utf-8", newline="")
        invocation.terminal.talk(f"written: {file}")
    elif invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        for period in answer["periods"]:
            if by != "whole":
                invocation.terminal.line(period["from"])
            _show(invocation, period)


def _show(invocation: Invocation, period: dict[str, Any]) -> None:
    invocation.terminal.table(
        (
            "what", "available", "errors", "delivered", "calls", "median", "p95", "a second",
            "busiest hour", "freshness", "backlog",
        ),
        [_line(each) for each in period["kpis"]],
    )  # fmt: skip


def _line(each: dict[str, Any]) -> tuple[object, ...]:
    counts = each["counts"]
    return (
        f"{each['kind']} {each['name']}".strip(),
        _percent(each["availability"]),
        _percent(each["error_rate"]),
        counts.get("delivered"),
        counts.get("calls"),
        _seconds(each["median_seconds"]),
        _seconds(each["p95_seconds"]),
        _rate(each["per_second"]),
        _rate(each["peak_per_second"]),
        _seconds(each["freshness_seconds"]),
        each["backlog"],
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f} %"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
