"""Flows: all at a glance, and each on its own: run, compare, repair, pause, go on, decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from agent.dashboard.pages.jobs import progress_of
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

RUNS, FINDINGS = 10, 20
PAUSES = ("30m", "2h", "tomorrow", "open")
"""How long a flow may be paused by a choice from the page."""
MORNING = 8
"""The hour at which a pause until tomorrow ends."""


def flows(visit: Visit) -> Response:
    """Every flow with what can be done about it; the job that was just asked for on top."""
    return visit.page(
        "flows.html",
        status=visit.ask("status"),
        held=visit.ask("held")["runs"],
        job=progress_of(visit, visit.number("job")),
    )


def flow(visit: Visit) -> Response:
    """One flow: how it does, what it does, what can be done about it."""
    name = visit.parts["flow"]
    settings, status = visit.ask("flow", flow=name), visit.ask("status")
    found = next(each for each in status["flows"] if each["flow"] == name)
    return visit.page(
        "flow.html",
        status=status,
        flow=found,
        settings=settings,
        held=visit.ask("held", flow=name)["runs"],
        runs=visit.ask("runs", flow=name, limit=RUNS)["runs"],
        compared=_compared(visit, found),
        job=progress_of(visit, visit.number("job")),
        pauses=PAUSES,
    )


def run_now(visit: Visit) -> Response:
    """Look for changes now."""
    return _request(visit, "differential")


def verify(visit: Visit) -> Response:
    """Compare the target with what it should hold."""
    return _request(visit, "verify")


def repair(visit: Visit) -> Response:
    """Send again what the last comparison found; delete what is too much where that is wished."""
    name = visit.parts["flow"]
    answer = visit.tell("repair", flow=name, delete_extra="delete_extra" in visit.form)
    count = answer["sent_again"] + answer["deleted"]
    return visit.back_to(f"/flows/{name}", done="repaired", count=count, job=answer["job"] or "")


def pause(visit: Visit) -> Response:
    """Read a flow no more for a while."""
    name, lasts = visit.parts["flow"], visit.given("lasts")
    reason = next(iter(visit.form.get("reason", ())), "").strip()
    end = {"lasts": lasts}
    if lasts == "open":
        end = {}
    if lasts == "tomorrow":
        end = {"until": _tomorrow(visit)}
    visit.tell("pause", flow=name, reason=reason, **end)
    return visit.back_to(f"/flows/{name}", done="paused")


def resume(visit: Visit) -> Response:
    """Lift a halt, after its cause was mended, or end a pause."""
    visit.tell("resume", flow=visit.parts["flow"])
    return visit.back_to(f"/flows/{visit.parts['flow']}", done="resumed")


def resume_target(visit: Visit) -> Response:
    """Deliver to a target again, after what halted it was mended."""
    visit.tell("resume", target=visit.parts["target"])
    return visit.back_to("/flows", done="resumed")


def approve(visit: Visit) -> Response:
    """Send what a held run found."""
    count = visit.tell("approve", run=visit.parts["run"])["messages"]
    return visit.back_to("/flows", done="approved", count=count)


def drop(visit: Visit) -> Response:
    """Forget what a held run found."""
    count = visit.tell("drop", run=visit.parts["run"])["messages"]
    return visit.back_to("/flows", done="dropped", count=count)


def _request(visit: Visit, scope: str) -> Response:
    name = visit.parts["flow"]
    answer = visit.tell("request", flow=name, scope=scope)
    return visit.back_to(f"/flows/{name}", job=answer["job"])


def _compared(visit: Visit, flow: dict[str, Any]) -> dict[str, Any] | None:
    """The last comparison, with the first of what is not in step."""
    if flow["verification"] is None:
        return None
    return visit.ask("verification", flow=flow["flow"], limit=FINDINGS)


def _tomorrow(visit: Visit) -> str:
    site = visit.engine.config.site
    here = datetime.fromtimestamp(visit.engine.clock.now_ms() / 1000, ZoneInfo(site.time_zone))
    return f"{here + timedelta(days=1):%Y-%m-%d}T{MORNING:02}:00"


PAGES = (
    Page("GET", "/flows", Role.VIEWER, flows),
    Page("GET", "/flows/{flow}", Role.VIEWER, flow),
    Page("POST", "/flows/{flow}/run", Role.OPERATOR, run_now),
    Page("POST", "/flows/{flow}/verify", Role.OPERATOR, verify),
    Page("POST", "/flows/{flow}/repair", Role.OPERATOR, repair),
    Page("POST", "/flows/{flow}/pause", Role.OPERATOR, pause),
    Page("POST", "/flows/{flow}/resume", Role.OPERATOR, resume),
    Page("POST", "/targets/{target}/resume", Role.OPERATOR, resume_target),
    Page("POST", "/held/{run:number}/approve", Role.OPERATOR, approve),
    Page("POST", "/held/{run:number}/drop", Role.OPERATOR, drop),
)
