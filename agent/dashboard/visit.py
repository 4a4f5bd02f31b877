"""One request of one person: what was asked, in whose name, in which language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from agent.api.engine import Engine
from agent.api.operations import OPERATIONS
from agent.dashboard.attempts import Attempts
from agent.dashboard.places import NUMBER
from agent.dashboard.rendering import Rendering
from agent.errors import Rejected
from agent.language import Language


class Role(IntEnum):
    """What somebody may do; the higher may all that the lower may."""

    NOBODY = 0
    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in; with an empty name nobody is."""

    name: str = ""
    role: Role = Role.NOBODY


@dataclass(frozen=True, slots=True)
class Visit:
    """A request, and the way to the agent and to its pages."""

    engine: Engine
    rendering: Rendering
    person: Person
    language: Language
    token: str
    """Against forged forms; every form of the answer carries it."""
    address: str
    """Where the request comes from."""
    attempts: Attempts
    """To guess a password."""
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """What stands in the path at the places that the page names."""

    @property
    def in_a_month(self) -> str:
        """The day until which something is set aside unless a person says another one."""
        now = datetime.fromtimestamp(self.engine.clock.now_ms() / 1000, UTC)
        return (now + timedelta(days=30)).date().isoformat()

    def ask(self, question: str, /, **arguments: object) -> dict[str, Any]:
        """The answer of the agent to a question."""
        return OPERATIONS[question].call(self.engine, arguments)

    def tell(self, command: str, /, **arguments: object) -> dict[str, Any]:
        """Have something done in the name of this person; what it came to."""
        operation = OPERATIONS[command]
        if "by" in operation.arguments.model_fields:
            arguments["by"] = self.person.name
        return operation.call(self.engine, arguments, by=self.person.name)

    def number(self, name: str) -> int | None:
        """A number of the query; None where there is none, or what no record can have."""
        text = self.query.get(name, "")
        return int(text) if re.fullmatch(NUMBER, text) else None

    def given(self, name: str) -> str:
        """A field of the form. Raises `Rejected` SA-7003 where it is empty."""
        values = self.form.get(name, ())
        if not values or not values[0].strip():
            raise Rejected("SA-7003", f"{name} is empty", hint="fill in the field and try again")
        return values[0].strip()

    def is_below(self, *places: str) -> bool:
        """Whether one of these is the page that is looked at, or stands above it."""
        return any(
            self.path == place or (place != "/" and self.path.startswith(f"{place}/"))
            for place in places
        )

    def page(self, template: str, *, http_status: int = 200, **values: Any) -> Response:
        """A page; templates know the visit as `visit`."""
        text = self.rendering.render(template, self.language, visit=self, **values)
        return HTMLResponse(text, http_status)

    def back_to(self, path: str, **query: object) -> Response:
        """After something was done: on to a page, which a reload does not do again."""
        asked = urlencode({name: value for name, value in query.items() if value != ""})
        return RedirectResponse(path + (f"?{asked}" if asked else ""), 303)
