"""Records that both sides changed: both versions side by side, one of them is kept."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 50


def conflicts(visit: Visit) -> Response:
    """What waits for a decision."""
    found = visit.ask("conflicts", limit=SHOWN)["conflicts"]
    return visit.page(
        "conflicts.html",
        status=visit.ask("status"),
        conflicts=found,
        is_full=len(found) == SHOWN,
    )


def keep(visit: Visit) -> Response:
    """The version that this flow read counts, on both sides."""
    visit.tell("decide", key=visit.given("key"), flow=visit.given("flow"))
    return visit.back_to("/conflicts", done="conflict_decided")


PAGES = (
    Page("GET", "/conflicts", Role.VIEWER, conflicts),
    Page("POST", "/conflicts/keep", Role.OPERATOR, keep),
)
