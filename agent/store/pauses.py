"""Pauses: flows that are not read for a while because somebody said so."""

from __future__ import annotations

from dataclasses import dataclass

from agent.store.database import Database

_SELECT = "SELECT flow, since, until, asked_by, by, reason FROM pause"


@dataclass(frozen=True, slots=True)
class FlowPause:
    """A flow rests. Times are unix ms."""

    flow: str
    since: int
    until: int | None
    """When it ends by itself; None: when somebody resumes the flow."""
    asked_by: str
    """person or shop."""
    by: str
    """Whose wish it is: a person, or the connection of the shop."""
    reason: str


class Pauses:
    """A line per flow that was paused. One whose end has come counts for nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, pause: FlowPause) -> None:
        """In place of the one before."""
        with self._database.transaction():
            self._database.write(
                "INSERT OR REPLACE INTO pause VALUES (?, ?, ?, ?, ?, ?)",
                (
                    pause.flow,
                    pause.since,
                    pause.until,
                    pause.asked_by,
                    pause.by,
                    pause.reason,
                ),
            )

    def get(self, flow: str, now: int) -> FlowPause | None:
        """The pause that a flow is in; None where there is none or its end has come."""
        found = self._database.row(
            f"{_SELECT} WHERE flow = ? AND (until IS NULL OR until > ?)", (flow, now)
        )
        return FlowPause(*found) if found else None

    def in_force(self, now: int) -> dict[str, FlowPause]:
        """Flow → the pause that it is in."""
        found = self._database.rows(f"{_SELECT} WHERE until IS NULL OR until > ?", (now,))
        return {line[0]: FlowPause(*line) for line in found}

    def lift(self, flow: str) -> bool:
        """The flow goes on; False where nothing was kept of it."""
        with self._database.transaction():
            return bool(
                self._database.write("DELETE FROM pause WHERE flow = ? RETURNING 1", (flow,))
            )
