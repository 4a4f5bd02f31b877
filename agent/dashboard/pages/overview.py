"""How everything does, at a glance."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.verdict import verdict
from agent.dashboard.visit import Role, Visit

SYNCS = 10
_LOOKED_AT = 50
"""Runs among which the completed ones are looked for."""


def overview(visit: Visit) -> Response:
    """The verdict, each flow, each target, the last completed syncs."""
    status = visit.ask("status")
    runs = visit.ask("runs", limit=_LOOKED_AT)["runs"]
    completed = [run for run in runs if run["finished_at"]][:SYNCS]
    return visit.page("overview.html", status=status, verdict=verdict(status), runs=completed)


PAGES = (Page("GET", "/", Role.VIEWER, overview),)
