"""Jobs: being done, waiting, due by themselves, tried again, done; and what came of one run."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected

SHOWN = 20
SCOPES = ("differential", "full", "verify")


def jobs(visit: Visit) -> Response:
    """The board, and a page of what was done."""
    runs = visit.ask("runs", limit=SHOWN, before=visit.number("before"))["runs"]
    return visit.page(
        "jobs.html",
        status=visit.ask("status"),
        board=visit.ask("jobs"),
        done=[run for run in runs if run["finished_at"]],
        older=runs[-1]["run"] if len(runs) == SHOWN else None,
        scopes=SCOPES,
    )


def ask_for(visit: Visit) -> Response:
    """Ask for a job, and watch it."""
    flow = visit.given("flow")
    job = visit.tell("request", flow=flow, scope=visit.given("scope"))["job"]
    return visit.back_to(f"/flows/{flow}", job=job)


def cancel(visit: Visit) -> Response:
    """Take back a job that waits."""
    visit.tell("cancel", job=visit.parts["job"])
    return visit.back_to("/jobs", done="cancelled")


def end(visit: Visit) -> Response:
    """End what is being done for a flow."""
    visit.tell("cancel", flow=visit.parts["flow"])
    return visit.back_to("/jobs", done="cancelled")


def forgo(visit: Visit) -> Response:
    """Take back what a schedule or an event asks of a flow."""
    visit.tell("cancel", flow=visit.parts["flow"], waiting=visit.parts["scope"])
    return visit.back_to("/jobs", done="cancelled")


def progress(visit: Visit) -> Response:
    """How far a job got: the part of a page that asks for itself until the job is over."""
    return visit.page("job.html", job=progress_of(visit, int(visit.parts["job"])))


def progress_of(visit: Visit, number: int | None) -> dict[str, object] | None:
    """The job; None where none is named, or once it is forgotten, which is long after its end."""
    if number is None:
        return None
    try:
        return visit.ask("progress", job=number)
    except Rejected:
        return None


def run(visit: Visit) -> Response:
    """What came of a run."""
    found = visit.ask("run", run=visit.parts["run"])
    return visit.page("run.html", run=found, status=visit.ask("status"))


PAGES = (
    Page("GET", "/jobs", Role.VIEWER, jobs),
    Page("POST", "/jobs", Role.OPERATOR, ask_for),
    Page("GET", "/jobs/{job:number}", Role.VIEWER, progress),
    Page("POST", "/jobs/{job:number}/cancel", Role.OPERATOR, cancel),
    Page("POST", "/flows/{flow}/cancel", Role.OPERATOR, end),
    Page("POST", "/flows/{flow}/waiting/{scope}/cancel", Role.OPERATOR, forgo),
    Page("GET", "/runs/{run:number}", Role.VIEWER, run),
)
