"""What happened, newest first: runs, configurations, alerts, and what people did.

That they logged in is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from agent.store.database import Database

BEYOND = 2**62
"""A moment after all others."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, at a time (unix ms)."""

    at: int
    kind: str
    """run, configuration, opened and closed (of alerts), or deed."""
    number: int
    """In the table of its kind."""
    flow: str
    """"" where it is about none, or about several."""
    what: str
    """The outcome of a run, the kind of an alert, the operation of a deed."""
    by: str
    """Who asked for the run, or did it."""
    code: str
    reason: str
    facts: Mapping[str, Any]
    """The counts of a run, what changed in a configuration, the arguments of a deed."""


class _Part(NamedTuple):
    """One table: when it happened there, what is told of it, and which lines are of a flow."""

    table: str
    at: str
    columns: str
    """kind, number, flow, what, by, code, reason, facts."""
    of_flow: str
    but: str = ""
    """Lines that are left out."""


LOG_IN = "admit"
_ABOUT_ALERT = "number, facts ->> '$.where', kind, '', facts ->> '$.code', facts ->> '$.reason'"
_PARTS = (
    _Part(
        "run",
        "started_at",
        "'run', id, flow, outcome, asked_by, code, reason,"
        " json_object('scope', scope, 'counts', json(counts))",
        "flow = ?3",
    ),
    _Part(
        "configuration",
        "at",
        "'configuration', number, '', '', '', '', '', changes",
        "EXISTS (SELECT 1 FROM json_each(changes) WHERE key = 'flows.' || ?3)",
    ),
    _Part("alert", "opened_at", f"'opened', {_ABOUT_ALERT}, facts", "facts ->> '$.where' = ?3"),
    _Part("alert", "closed_at", f"'closed', {_ABOUT_ALERT}, facts", "facts ->> '$.where' = ?3"),
    _Part(
        "deed",
        "at",
        "'deed', number, coalesce(about ->> '$.flow', ''), did, by, '', '', about",
        "about ->> '$.flow' = ?3",
        but=f"did = '{LOG_IN}'",
    ),
)


def statement(*, of_flow: bool) -> str:
    """The query over all tables: of each as many as are asked for, for they may all be the newest.

    ?1 from, ?2 before, ?3 flow, ?4 how many of each.
    """
    parts = [
        f"SELECT * FROM (SELECT {part.at}, {part.columns} FROM {part.table}"
        f" WHERE {part.at} >= ?1 AND {part.at} < ?2"
        f"{f' AND {part.of_flow}' if of_flow else ''}"
        f"{f' AND NOT {part.but}' if part.but else ''} ORDER BY {part.at} DESC LIMIT ?4)"
        for part in _PARTS
    ]
    return f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC, 2, 3 DESC"


class Timeline:
    """Reads what others wrote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(
        self, first: int = 0, before: int = BEYOND, flow: str = "", limit: int = 100
    ) -> list[Happening]:
        """What happened from a moment up to before another, newest first.

        At most so many, and those of the very same moment as the last one: what follows is asked
        for with `before` that moment.
        """
        found = self._database.rows(statement(of_flow=bool(flow)), (first, before, flow, limit + 1))
        happened = [_happening(line) for line in found]
        last = happened[limit - 1].at if len(happened) > limit else 0
        return [each for each in happened if each.at >= last]


def _happening(line: tuple[Any, ...]) -> Happening:
    *rest, facts = line
    at, kind, number, flow, what, by, code, reason = rest
    return Happening(at, kind, number, flow, what, by, code, reason, json.loads(facts))
