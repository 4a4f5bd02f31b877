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
    found = visit.ask("orders", open_only=not (everything or number), key=number, limit=SHOWN)
    return visit.page(
        "orders.html",
        status=visit.ask("status"),
        orders=found["orders"],
        number=number,
        everything=everything,
        in_doubt=IN_DOUBT,
        is_full=len(found["orders"]) >= SHOWN,
    )


def confirm(visit: Visit) -> Response:
    """Somebody saw that the ERP has the order, under this number."""
    visit.tell("confirm", message=visit.parts["message"], reference=visit.given("reference"))
    return visit.back_to("/orders", done="order_confirmed")


def retry(visit: Visit) -> Response:
    """Somebody saw that the ERP does not have the order: it is written again."""
    visit.tell("retry", messages=[visit.parts["message"]])
    return visit.back_to("/orders", done="order_retried")


def accept(visit: Visit) -> Response:
    """An order to which a check objected is written as it is; why is kept with it."""
    visit.tell("accept", message=visit.parts["message"], reason=visit.given("reason"))
    return visit.back_to("/orders", done="order_accepted")


PAGES = (
    Page("GET", "/orders", Role.VIEWER, orders),
    Page("POST", "/orders/{message}/confirm", Role.OPERATOR, confirm),
    Page("POST", "/orders/{message}/retry", Role.OPERATOR, retry),
    Page("POST", "/orders/{message}/accept", Role.OPERATOR, accept),
)
