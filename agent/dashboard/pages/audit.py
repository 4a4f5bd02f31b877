"""What people did, for admins."""

from __future__ import annotations

from starlette.responses import Response

from agent.api.operation import COMMAND_LINE
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 100


def audit(visit: Visit) -> Response:
    """Deeds, newest first; of one person or of all."""
    person = visit.query.get("person", "").strip()
    found = visit.ask("audit", limit=SHOWN, before=visit.number("before"), person=person)
    deeds = found["deeds"]
    return visit.page(
        "audit.html",
        status=visit.ask("status"),
        deeds=deeds,
        person=person,
        names=_names(visit, person),
        older=deeds[-1]["number"] if len(deeds) == SHOWN else None,
    )


def _names(visit: Visit, chosen: str) -> list[str]:
    """Who may be chosen: everybody who may log in, the command line, and who is chosen already."""
    users = {each["name"] for each in visit.ask("users")["users"]}
    return sorted({*users, COMMAND_LINE, *([chosen] if chosen else [])})


PAGES = (Page("GET", "/audit", Role.ADMIN, audit),)
