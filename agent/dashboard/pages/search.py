"""Find a record by its key: an article, a customer, the number of an order."""

from __future__ import annotations

import json

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 20
"""Messages of each flow."""


def search(visit: Visit) -> Response:
    """What is known of a key in every flow, newest first."""
    key = visit.query.get("key", "").strip()
    status = visit.ask("status")
    found = (
        [
            message
            for flow in status["flows"]
            for message in visit.ask("messages", flow=flow["flow"], key=key, limit=SHOWN)[
                "messages"
            ]
        ]
        if key
        else []
    )
    return visit.page("search.html", status=status, key=key, messages=found)


def message(visit: Visit) -> Response:
    """One message with what is or was sent."""
    found = visit.ask("message", message=visit.parts["message"])
    body = found.pop("body")
    text = "" if body is None else json.dumps(body, ensure_ascii=False, indent=2)
    return visit.page("message.html", status=visit.ask("status"), message=found, body=text)


PAGES = (
    Page("GET", "/search", Role.VIEWER, search),
    Page("GET", "/messages/{message}", Role.VIEWER, message),
)
