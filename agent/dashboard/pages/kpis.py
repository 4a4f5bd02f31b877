"""How well it did: figures and curves of a day, a week, a month or thirteen months."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse, JSONResponse, Response

from agent.dashboard.pages.page import Page
from agent.dashboard.rendering import say
from agent.dashboard.visit import Role, Visit
from agent.kpi.report import forms
from agent.kpi.table import csv_text


class Span(NamedTuple):
    """A time that can be chosen, and how it is cut for the curves."""

    since: str
    step: str


SPANS: Mapping[str, Span] = {
    "day": Span("1d", "hour"),
    "week": Span("7d", "hour"),
    "month": Span("30d", "day"),
    "year": Span("396d", "month"),
}
PLOTS = (
    ("availability", "percent", ("availability",)),
    ("error_rate", "percent", ("error_rate",)),
    ("times", "seconds", ("median_seconds", "p95_seconds")),
    ("throughput", "number", ("per_second", "calls_per_second")),
    ("freshness", "seconds", ("freshness_seconds",)),
    ("backlog", "number", ("backlog",)),
)
"""Name, unit, what is drawn into it."""
REPORTS = 13
"""Months of which a report is offered: so long the figures are kept."""
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def kpis(visit: Visit) -> Response:
    """The figures of everything, and those of one subject step by step."""
    span, subject = _chosen(visit)
    status = visit.ask("status")
    whole = visit.ask("kpi", since=SPANS[span].since)["periods"]
    return visit.page(
        "kpis.html",
        status=status,
        spans=list(SPANS),
        span=span,
        subject=subject,
        subjects=_subjects(status),
        all=[_line(each, whole[-1]) for each in whole[-1]["kpis"]],
        steps=[(step, _of(step, subject)) for step in _steps(visit, span, subject)],
        hourly=SPANS[span].step == "hour",
        months=_months(status["now"], status["time_zone"]),
        form=forms(visit.language),
    )


def curves(visit: Visit) -> Response:
    """The same steps as numbers, for the plots."""
    span, subject = _chosen(visit)
    steps = _steps(visit, span, subject)
    lines = [_of(step, subject) for step in steps]

    def words(name: str) -> str:
        return say(visit.language, f"kpi_{name}")

    return JSONResponse(
        {
            "zone": visit.engine.config.site.time_zone,
            "times": [datetime.fromisoformat(step["from"]).timestamp() for step in steps],
            "plots": [
                {
                    "name": name,
                    "unit": unit,
                    "series": [
                        {"name": words(each), "values": values}
                        for each in measures
                        if any(values := [line.get(each) for line in lines]) or each == measures[0]
                    ],
                }
                for name, unit, measures in PLOTS
            ],
        }
    )


def table(visit: Visit) -> Response:
    """The figures of the chosen time for a spreadsheet, a line per step and flow or system."""
    span, subject = _chosen(visit)
    answer = visit.ask("kpi", since=SPANS[span].since, by=SPANS[span].step, **_filter(subject))
    headers = {"content-disposition": f'attachment; filename="kpi-{span}.csv"'}
    return Response(csv_text(answer), media_type="text/csv; charset=utf-8", headers=headers)


def report(visit: Visit) -> Response:
    """The report of a month, to be printed. It brings its own style, and nothing else is let in."""
    month = visit.query.get("month", "")
    page = visit.ask("report", month=month, language=visit.language)["html"]
    style = _STYLE.search(page)
    digest = base64.b64encode(sha256(style[1].encode() if style else b"").digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(page, headers={"content-security-policy": policy})


def _chosen(visit: Visit) -> tuple[str, str]:
    """The time and whose figures: "" is everything, else `flow:prices` or `target:shop`."""
    span = visit.query.get("span", "week")
    return span if span in SPANS else "week", visit.query.get("of", "")


def _filter(subject: str) -> dict[str, str]:
    kind, _, name = subject.partition(":")
    return {kind: name} if kind in {"flow", "target"} else {}


def _steps(visit: Visit, span: str, subject: str) -> list[dict[str, Any]]:
    since, step = SPANS[span]
    found: list[dict[str, Any]] = visit.ask("kpi", since=since, by=step, **_filter(subject))[
        "periods"
    ]
    return found


def _of(step: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """The figures of the chosen subject in a step; nothing where there are none."""
    kind, _, name = subject.partition(":")
    wanted = (kind or "all", name)
    found = (each for each in step["kpis"] if (each["kind"], each["name"]) == wanted)
    return _line(next(found, {}), step)


def _line(found: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """Figures with calls a second: those of a target are its own, those of everything the sum."""
    if not found:
        return {}
    if found["kind"] == "target":
        return {**found, "per_second": None, "calls_per_second": found["per_second"]}
    up = found["counts"].get("up", 0)
    calls = sum(each["counts"].get("calls", 0) for each in step["kpis"] if each["kind"] == "target")
    whole = found["kind"] == "all" and up
    return {**found, "calls_per_second": round(calls / up, 6) if whole else None}


def _subjects(status: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be chosen, and its name."""
    flows = [(f"flow:{each['flow']}", each["flow"]) for each in status["flows"]]
    targets = [(f"target:{each['target']}", each["target"]) for each in status["targets"]]
    return [*flows, *targets]


def _months(now: str, time_zone: str) -> list[str]:
    """The months of which there may be a report, the newest first."""
    here = datetime.fromisoformat(now).astimezone(ZoneInfo(time_zone))
    numbers = range(here.year * 12 + here.month - 1, here.year * 12 + here.month - 1 - REPORTS, -1)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


PAGES = (
    Page("GET", "/kpis", Role.VIEWER, kpis),
    Page("GET", "/kpis/curves", Role.VIEWER, curves),
    Page("GET", "/kpis/table", Role.VIEWER, table),
    Page("GET", "/report", Role.VIEWER, report),
)
