"""Alerts: what people have to know, whom it was told, who takes care of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.store.database import Database

_COLUMNS = (
    "number, fingerprint, kind, facts, opened_at, told, told_to, told_step, first_told_at,"
    " last_told_at, escalated, acknowledged_at, acknowledged_by, gone_at, closed_at"
)
MOST_CLOSED = 5000
"""What is over is kept for as long as everything else, and no more than so many."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. Times are unix ms; 0 or None: not yet."""

    number: int
    """0 for one that is not stored yet."""
    fingerprint: str
    kind: str
    facts: Mapping[str, Any]
    opened_at: int
    told: int = 0
    told_to: tuple[str, ...] = ()
    """Names of recipients."""
    told_step: int = 0
    first_told_at: int = 0
    last_told_at: int = 0
    escalated: bool = False
    acknowledged_at: int | None = None
    acknowledged_by: str = ""
    gone_at: int | None = None
    closed_at: int | None = None


class Alerts:
    """A line per alert, and the time of the last digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> list[Alert]:
        """Those that are not over, oldest first."""
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM alert WHERE closed_at IS NULL ORDER BY number"
        )
        return [_alert(line) for line in found]

    def closed(self, after: int, limit: int = 100) -> list[Alert]:
        """Those that were over after a time, the newest end first."""
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM alert WHERE closed_at > ? ORDER BY closed_at DESC LIMIT ?",
            (after, limit),
        )
        return [_alert(line) for line in found]

    def history(self, limit: int, before: int | None = None) -> list[Alert]:
        """What is over, the newest first; `before` is the number of the last one already seen."""
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM alert WHERE closed_at IS NOT NULL AND number < ?"
            " ORDER BY number DESC LIMIT ?",
            (before or sys.maxsize, limit),
        )
        return [_alert(line) for line in found]

    def put(self, alert: Alert) -> int:
        """Keep an alert as it is now; its number."""
        values = (
            alert.number or None,
            alert.fingerprint,
            alert.kind,
            json.dumps(dict(alert.facts)),
            alert.opened_at,
            alert.told,
            json.dumps(alert.told_to),
            alert.told_step,
            alert.first_told_at,
            alert.last_told_at,
            alert.escalated,
            alert.acknowledged_at,
            alert.acknowledged_by or None,
            alert.gone_at,
            alert.closed_at,
        )
        with self._database.transaction():
            ((number,),) = self._database.write(
                f"INSERT OR REPLACE INTO alert ({_COLUMNS})"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
                values,
            )
        return int(number)

    def acknowledge(self, number: int, by: str, now: int) -> bool:
        """Somebody takes care of it. False where no such alert is open."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "UPDATE alert SET acknowledged_at = ?, acknowledged_by = ?"
                    " WHERE number = ? AND closed_at IS NULL RETURNING 1",
                    (now, by, number),
                )
            )

    def last_digest(self) -> int | None:
        """When the last digest was told (unix ms); None before the first."""
        found = self._database.value("SELECT told_at FROM digest")
        return None if found is None else int(found)

    def note_digest(self, now: int) -> None:
        """A digest is on its way; the next one tells what happens from now on."""
        with self._database.transaction():
            self._database.write("DELETE FROM digest")
            self._database.write("INSERT INTO digest VALUES (?)", (now,))

    def forget(self, oldest: int) -> None:
        """Forget those that were over before that time, and what is too many."""
        with self._database.transaction():
            self._database.write("DELETE FROM alert WHERE closed_at < ?", (oldest,))
            self._database.write(
                "DELETE FROM alert WHERE number IN (SELECT number FROM alert"
                " WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT -1 OFFSET ?)",
                (MOST_CLOSED,),
            )


def _alert(line: tuple[Any, ...]) -> Alert:
    number, fingerprint, kind, facts, opened_at, *telling, taken_at, by, gone_at, closed_at = line
    told, told_to, told_step, first_told_at, last_told_at, escalated = telling
    return Alert(
        number,
        fingerprint,
        kind,
        json.loads(facts),
        opened_at,
        told,
        tuple(json.loads(told_to)),
        told_step,
        first_told_at,
        last_told_at,
        bool(escalated),
        taken_at,
        by or "",
        gone_at,
        closed_at,
    )
