"""Orders on their way into the ERP, and those of which nobody knows whether it has them."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import IN_DOUBT, Page
from agent.dashboard.visit import Role, Visit

SHOWN = 100


def orders(visit: Visit) -> Response:
    """Those that are not in the ERP yet, or all, or those of one number."""
    number = visit.query.get("number", "").strip()
    everything = visit.query.get("show") == "all"
    found = visit.ask("orders", open_only=not (everything or number), number=number, limit=SHOWN)
    return visit.page(
        "orders.html",
        status=visit.ask("status"),
        orders=found["orders"],
        number=number,
        everything=everything,
        in_doubt=IN_DOUBT,
        is_full=found["more"],
        kept_back=any(
            each["stage"] == "check" and each["state"] == "parked" for each in found["orders"]
        ),
    )


PAGES = (Page("GET", "/orders", Role.VIEWER, orders),)
