"""How the hours went: a small line per hour for the agent, each flow and each target."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from agent.store.database import Database
from agent.store.tally import DELIVERED

HOUR_MS = 3_600_000
_SLICE = 2_000


class Subject(NamedTuple):
    """Of whom a line tells: kind 0 the agent (without a name), 1 a flow, 2 a target."""

    kind: int
    name: str


class HourRow(NamedTuple):
    """One line. `figures`: name → number; `times`: class of duration → how many took so long."""

    hour: int
    subject: Subject
    figures: dict[str, int]
    times: dict[int, int]


class Accepted(NamedTuple):
    """So many messages of a flow were delivered in an hour, each about as long after its making."""

    hour: int
    flow: str
    duration_class: int
    messages: int


_FIGURES = msgspec.json.Decoder(dict[str, int])
_TIMES = msgspec.json.Decoder(dict[int, int])
_SELECT = "SELECT hour, kind, name, figures, times FROM kpi_hour"


class Kpis:
    """What is kept about hours. Merging is the caller's, inside one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> tuple[int, int]:
        """(deliveries are counted until then, the daemon was seen at work until then)."""
        found = self._database.row("SELECT delivered_until, seen_until FROM kpi_mark")
        return found or (0, 0)

    def set_mark(self, delivered_until: int, seen_until: int) -> None:
        """The figures have come so far; written in the transaction that keeps them."""
        self._database.write(
            "UPDATE kpi_mark SET delivered_until = ?, seen_until = ?", (delivered_until, seen_until)
        )

    def delivered(self, since: int, until: int, growth: float) -> list[Accepted]:
        """What was delivered from a moment up to before another, by hour, flow and duration.

        The class of a duration is the logarithm of its milliseconds to a base whose own natural
        logarithm is `growth`, rounded down.
        """
        found = self._database.rows(
            "SELECT hour, flow.name, class, sum(messages) FROM ("
            "SELECT done_at / ?4 AS hour, flow,"
            " CAST(ln(max(done_at - created_at, 1)) / ?3 AS INTEGER) AS class, 1 AS messages"
            f" FROM message WHERE done_at >= ?1 AND done_at < ?2 AND state = {DELIVERED}"
            " UNION ALL SELECT done_at / ?4, flow,"
            " CAST(ln(max(done_at - created_at, 1)) / ?3 AS INTEGER), records"
            " FROM bundle WHERE done_at >= ?1 AND done_at < ?2)"
            " JOIN flow ON flow.id = flow GROUP BY hour, flow.name, class",
            (since, until, growth, HOUR_MS),
        )
        return [Accepted(*line) for line in found]

    def at(self, hour: int, subject: Subject) -> HourRow | None:
        """The line of an hour; None where nothing is known."""
        found = self._database.row(
            f"{_SELECT} WHERE hour = ? AND kind = ? AND name = ?", (hour, *subject)
        )
        return _row(*found) if found else None

    def between(self, first: int, last: int) -> list[HourRow]:
        """All lines from one hour up to and including another, the oldest first."""
        found = self._database.rows(
            f"{_SELECT} WHERE hour BETWEEN ? AND ? ORDER BY hour, kind, name", (first, last)
        )
        return [_row(*line) for line in found]

    def put(self, rows: Iterable[HourRow]) -> None:
        """Write lines, in the place of what stood there."""
        self._database.write_many(
            "INSERT OR REPLACE INTO kpi_hour VALUES (?, ?, ?, ?, ?)",
            (
                (hour, *subject, json.dumps(figures), json.dumps(times))
                for hour, subject, figures, times in rows
            ),
        )

    def forget(self, oldest: int) -> bool:
        """Forget a slice of the hours before this one. True: there may be more."""
        if self._database.row("SELECT 1 FROM kpi_hour WHERE hour < ? LIMIT 1", (oldest,)) is None:
            return False
        with self._database.transaction():
            gone = self._database.write(
                "DELETE FROM kpi_hour WHERE (hour, kind, name) IN (SELECT hour, kind, name"
                " FROM kpi_hour WHERE hour < ? LIMIT ?) RETURNING hour",
                (oldest, _SLICE),
            )
        return len(gone) == _SLICE


def _row(hour: int, kind: int, name: str, figures: str, times: str) -> HourRow:
    return HourRow(hour, Subject(kind, name), _FIGURES.decode(figures), _TIMES.decode(times))
