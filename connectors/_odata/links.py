"""Delta links: how a service is asked what changed since it was asked last."""

from __future__ import annotations

import json

from agent.errors import Misconfigured, Unavailable
from connectors._rest.paging import Page

EXPIRED = 410


class LinkExpired(Unavailable):
    """The service no longer knows a link that it gave: what it led to must be read anew."""


class DeltaLink:
    """The delta link that the last page of a walk carries."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._link = ""

    def note(self, page: Page) -> None:
        """Take a page in."""
        self._link = page.value.get("delta", "") if isinstance(page.value, dict) else ""

    def cursor(self) -> str:
        """The cursor that leads on from there."""
        if not self._link:
            raise Misconfigured(
                "SA-2424",
                f"{self._server} gave no delta link",
                hint="the service does not track changes of this set: say changes, or neither",
            )
        return json.dumps({"delta": self._link})


def link_in(cursor: str) -> str:
    """The delta link of a cursor; "" where it holds none: everything is read."""
    try:
        return str(json.loads(cursor)["delta"])
    except (ValueError, KeyError, TypeError):
        return ""
