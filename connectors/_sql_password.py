"""Until when the database lets our user log in with its password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from agent.contract import Finding
from agent.errors import SyncError


def password_findings(
    question: str, ask: Callable[[str], tuple[Any, ...] | None]
) -> Iterator[Finding]:
    """Nothing where the dialect has no question, nobody may ask it, or the password never ends.

    `question` answers one ISO day or NULL.
    """
    ends = None
    with suppress(SyncError, ValueError):
        row = ask(question) if question else None
        ends = date.fromisoformat(str(row[0]).strip()) if row and row[0] else None
    if ends is not None:
        days = (ends - datetime.now(UTC).date()).days
        yield Finding("password", f"valid until {ends}, {days} days", until=ends)
