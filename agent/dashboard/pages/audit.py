"""What people did, for admins."""

from __future__ import annotations

import json

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 100


def audit(visit: Visit) -> Response:
    """Deeds, newest first, and who may log in."""
    before = visit.query.get("before", "")
    deeds = visit.ask("audit", limit=SHOWN, before=int(before) if before.isdigit() else None)
    told = [
        {**deed, "about": json.dumps(deed["about"], ensure_ascii=False) if deed["about"] else ""}
        for deed in deeds["deeds"]
    ]
    return visit.page(
        "audit.html",
        status=visit.ask("status"),
        deeds=told,
        users=visit.ask("users")["users"],
        older=told[-1]["number"] if len(told) == SHOWN else None,
    )


PAGES = (Page("GET", "/audit", Role.ADMIN, audit),)
