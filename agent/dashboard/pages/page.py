"""What a page is: where it stands, who may open it, what answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from starlette.responses import Response

from agent.dashboard.visit import Role, Visit

IN_DOUBT = "SA-5010"
"""Why a record waits of which nobody knows whether it is there; never sent again in a crowd."""


class Page(NamedTuple):
    """One address. A page that is asked for with POST does something, and leads to another."""

    method: Literal["GET", "POST"]
    path: str
    role: Role
    answer: Callable[[Visit], Response]
