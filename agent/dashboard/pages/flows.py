"""Flows: run one now and see how far it gets, lift a halt, decide about a held run."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.jobs import progress_of
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit


def flows(visit: Visit) -> Response:
    """Every flow with what can be done about it; the job that was just asked for on top."""
    job = visit.query.get("job", "")
    return visit.page(
        "flows.html",
        status=visit.ask("status"),
        held=visit.ask("held")["runs"],
        job=progress_of(visit, job) if job.isdigit() else None,
    )


def run_now(visit: Visit) -> Response:
    """Look for changes now."""
    answer = visit.tell("request", flow=visit.parts["flow"], scope="differential")
    return visit.back_to("/flows", job=answer["job"])


def resume(visit: Visit) -> Response:
    """Lift a halt, after its cause was mended."""
    visit.tell("resume", flow=visit.parts["flow"])
    return visit.back_to("/flows", done="resumed")


def resume_target(visit: Visit) -> Response:
    """Deliver to a target again, after what halted it was mended."""
    visit.tell("resume", target=visit.parts["target"])
    return visit.back_to("/flows", done="resumed")


def approve(visit: Visit) -> Response:
    """Send what a held run found."""
    count = visit.tell("approve", run=int(visit.parts["run"]))["messages"]
    return visit.back_to("/flows", done="approved", count=count)


def drop(visit: Visit) -> Response:
    """Forget what a held run found."""
    count = visit.tell("drop", run=int(visit.parts["run"]))["messages"]
    return visit.back_to("/flows", done="dropped", count=count)


PAGES = (
    Page("GET", "/flows", Role.VIEWER, flows),
    Page("POST", "/flows/{flow}/run", Role.OPERATOR, run_now),
    Page("POST", "/flows/{flow}/resume", Role.OPERATOR, resume),
    Page("POST", "/targets/{target}/resume", Role.OPERATOR, resume_target),
    Page("POST", "/held/{run:int}/approve", Role.OPERATOR, approve),
    Page("POST", "/held/{run:int}/drop", Role.OPERATOR, drop),
)
