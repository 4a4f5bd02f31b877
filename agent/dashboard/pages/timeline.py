"""The timeline: runs, configurations, alerts and deeds as one list, by flow and by day."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from agent.alerts.wording import sentence
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 100


def timeline(visit: Visit) -> Response:
    """A page of it, newest first."""
    flow, day = visit.query.get("flow", ""), visit.query.get("day", "")
    found = visit.ask(
        "timeline",
        flow=flow,
        day=day,
        before=visit.number("before"),
        limit=SHOWN,
    )
    return visit.page(
        "timeline.html",
        status=visit.ask("status"),
        happenings=[_in_words(visit, each) for each in found["happenings"]],
        older=found["older"],
        flow=flow,
        day=day,
    )


def _in_words(visit: Visit, found: dict[str, Any]) -> dict[str, Any]:
    """An alert with its sentence; what people did names them to admins only."""
    if found["kind"] in {"opened", "closed"}:
        count = found["facts"].get("count", 1)
        told = sentence(visit.language, found["what"], found["flow"], count)
        return {**found, "sentence": told}
    if found["kind"] == "deed" and visit.person.role < Role.ADMIN:
        return {**found, "by": "", "facts": {}}
    return found


PAGES = (Page("GET", "/timeline", Role.VIEWER, timeline),)
