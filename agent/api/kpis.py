"""KPIs as JSON: `syncagent kpi`, and the curves of the dashboard."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.kpi import FLOW, TARGET, THE_AGENT, kpis, periods
from agent.kpi.periods import Period
from agent.kpi.report import report_html
from agent.language import Language
from agent.store import HourRow, Subject

KINDS = ("all", "flow", "target")


def kpi(
    engine: Engine, since: str = "30d", flow: str = "", target: str = "", by: periods.Step = "whole"
) -> Answer:
    """How well flows and targets did since a time, as a whole or by month, day or hour.

    The last minute is not in it yet. Days are those of the site's time zone.
    """
    _require(flow, engine.config.flows, "flow")
    _require(target, engine.config.connections, "connection")
    wanted = {Subject(FLOW, flow)} if flow else {Subject(TARGET, target)} if target else set()
    zone = ZoneInfo(engine.config.site.time_zone)
    period = periods.since(since, engine.clock.now_ms(), zone)
    rows = (
        engine.store.kpis.between(period.first_hour, period.last_hour)
        if by == "hour"
        else engine.figures.sums.rows(period, zone, "day" if by == "day" else "month")
    )
    found = [row for row in rows if not wanted or row.subject in wanted or row.subject == THE_AGENT]
    steps = list(period.steps(by, zone))
    return {
        "since": utc_text(period.start),
        "until": utc_text(period.end),
        "periods": [
            _told(each, rows, wanted)
            for each, rows in zip(steps, _dealt(found, steps), strict=True)
        ],
    }


def _require(name: str, known: Collection[str], what: str) -> None:
    if name and name not in known:
        hint = f"{what}s: {', '.join(sorted(known))}"
        raise Rejected("SA-7104", f'there is no {what} "{name}"', hint=hint)


def _dealt(rows: Iterable[HourRow], steps: Sequence[Period]) -> list[list[HourRow]]:
    """The lines of each step."""
    dealt: list[list[HourRow]] = [[] for _ in steps]
    lasts = [step.last_hour for step in steps]
    for row in rows:
        dealt[bisect_left(lasts, row.hour)].append(row)
    return dealt


def report(engine: Engine, month: str, language: Language | None = None) -> Answer:
    """The report of a month such as 2026-10 as a page of HTML that needs nothing else.

    `language`: that of the site where it is not given.
    """
    site = engine.config.site
    page = report_html(
        engine.figures.sums,
        site.name,
        ZoneInfo(site.time_zone),
        month,
        language or site.language,
        engine.clock.now_ms(),
    )
    return {"month": month, "html": page}


def _told(period: Period, rows: Iterable[HourRow], wanted: Collection[Subject]) -> dict[str, Any]:
    return {
        "from": utc_text(period.start),
        "to": utc_text(period.end),
        "kpis": [
            {"kind": KINDS[subject.kind], "name": subject.name, **each.as_dict()}
            for subject, each in sorted(kpis(rows).items())
            if not wanted or subject in wanted
        ],
    }
