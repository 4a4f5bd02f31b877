"""Find a record by its key, by the other side's number, by the number of an order."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import IN_DOUBT, Page
from agent.dashboard.visit import Role, Visit

SHOWN = 30


def search(visit: Visit) -> Response:
    """What is called so, or begins so, in every flow."""
    text = visit.query.get("key", "").strip()
    found = visit.ask("search", text=text, limit=SHOWN)["records"] if text else []
    return visit.page(
        "search.html",
        status=visit.ask("status"),
        text=text,
        records=found,
        is_full=len(found) == SHOWN,
        in_doubt=IN_DOUBT,
    )


PAGES = (Page("GET", "/search", Role.VIEWER, search),)
