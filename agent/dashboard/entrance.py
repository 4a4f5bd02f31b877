"""The way in: the form, the log-in, and who a session belongs to."""

from __future__ import annotations

import math
from typing import Any

from starlette.responses import RedirectResponse, Response

from agent.api.engine import Engine
from agent.api.operations import OPERATIONS
from agent.dashboard.sessions import Session
from agent.dashboard.visit import Person, Role, Visit
from agent.errors import Rejected

CHANGED = "own_password"
"""What the log-in is told of somebody who is here because of a new password."""


def person(engine: Engine, session: Session) -> Person:
    """Who is logged in. Nobody, where the user is gone or got another password since.

    No moments are compared: a clock that was set back must shut nobody out, and let nobody stay.
    """
    found = OPERATIONS["user"].call(engine, {"name": session.name})["user"]
    if found is None or found["changed_at"] != session.changed_at:
        return Person()
    return Person(session.name, Role[found["role"].upper()])


def form(visit: Visit, token: str, *, refused: str = "", status: int = 200) -> Response:
    """Name and password; before the log-in the form has a token of its own."""
    users = visit.ask("users")["users"]
    return visit.page(
        "log_in.html",
        http_status=status,
        token=token,
        refused=refused,
        nobody=not users,
        changed=visit.query.get("done") == CHANGED,
    )


def log_in(visit: Visit) -> tuple[Response, dict[str, Any] | None]:
    """The answer, and the user who is logged in now; None where the attempt failed."""
    name = visit.form.get("name", [""])[0].strip()
    password = visit.form.get("password", [""])[0]
    wait = visit.attempts.begin(name, visit.address)
    if wait:
        answer = form(visit, visit.token, refused="SA-7513", status=429)
        answer.headers["retry-after"] = str(math.ceil(wait))
        return answer, None
    try:
        given = {"name": name, "password": password}
        user = OPERATIONS["admit"].call(visit.engine, given, by=name)
    except Rejected as error:
        return form(visit, visit.token, refused=error.code, status=401), None
    visit.attempts.succeeded(name, visit.address)
    return RedirectResponse("/", 303), user
