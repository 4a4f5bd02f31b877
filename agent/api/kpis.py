"""KPIs as JSON: `syncagent kpi`, and the curves of the dashboard."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.kpi import FLOW, kpis, periods
from agent.kpi.report import report_html
from agent.language import Language
from agent.store import Subject

KINDS = ("all", "flow", "target")


def kpi(engine: Engine, since: str = "30d", flow: str = "", by: periods.Step = "whole") -> Answer:
    """How well flows and targets did since a time, as a whole or day by day or hour by hour.

    The last minute is not in it yet. Days are those of the site's time zone.
    """
    if flow and flow not in engine.config.flows:
        known = ", ".join(sorted(engine.config.flows))
        raise Rejected("SA-7104", f'there is no flow "{flow}"', hint=f"flows: {known}")
    zone = ZoneInfo(engine.config.site.time_zone)
    period = periods.since(since, engine.clock.now_ms(), zone)
    return {
        "since": utc_text(period.start),
        "until": utc_text(period.end),
        "periods": [_told(engine, each, flow) for each in period.steps(by, zone)],
    }


def report(engine: Engine, month: str, language: Language = "en") -> Answer:
    """The report of a month such as 2026-10 as a page of HTML that needs nothing else."""
    site = engine.config.site
    page = report_html(
        engine.store, site.name, ZoneInfo(site.time_zone), month, language, engine.clock.now_ms()
    )
    return {"month": month, "html": page}


def _told(engine: Engine, period: periods.Period, flow: str) -> dict[str, Any]:
    found = kpis(engine.store.kpis.between(period.first_hour, period.last_hour))
    return {
        "from": utc_text(period.start),
        "to": utc_text(period.end),
        "kpis": [
            {"kind": KINDS[subject.kind], "name": subject.name, **each.as_dict()}
            for subject, each in sorted(found.items())
            if not flow or subject == Subject(FLOW, flow)
        ],
    }
