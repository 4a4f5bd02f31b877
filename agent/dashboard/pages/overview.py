"""How everything does, at a glance."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import Response

from agent.api.activity import HOURS
from agent.dashboard.pages.page import Page
from agent.dashboard.sparkline import sparkline
from agent.dashboard.verdict import verdict
from agent.dashboard.visit import Role, Visit

SYNCS = 10
_LOOKED_AT = 50
"""Runs among which the completed ones are looked for."""


def overview(visit: Visit) -> Response:
    """The verdict, each flow, each target, the last completed syncs."""
    status = visit.ask("status")
    runs = visit.ask("runs", limit=_LOOKED_AT)["runs"]
    activity = visit.ask("activity")
    return visit.page(
        "overview.html",
        status=status,
        verdict=verdict(status),
        runs=[run for run in runs if run["finished_at"]][:SYNCS],
        lines={
            name: sparkline(counts["delivered"], counts["refused"])
            for name, counts in activity["flows"].items()
        },
        hours=_hours(activity["from"], status["time_zone"]),
    )


def _hours(first: str, time_zone: str) -> list[str]:
    """What the clocks of the site show at the beginning of each hour."""
    begin = datetime.fromisoformat(first).astimezone(ZoneInfo("UTC"))
    return [
        f"{(begin + timedelta(hours=number)).astimezone(ZoneInfo(time_zone)):%H:%M}"
        for number in range(HOURS)
    ]


PAGES = (Page("GET", "/", Role.VIEWER, overview),)
