"""How many messages stand where, kept in the transaction that moves them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from agent.model import State
from agent.store.database import Database

STATES: tuple[State, ...] = tuple(State)
"""The place of a state in this tuple is its number in the tables."""

HELD, PENDING, PARKED, DELIVERED, SUPERSEDED, IGNORED = range(len(STATES))


class Tally:
    """Counts and bytes per target, flow, lane and state, so that nobody counts a backlog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def moving(self, versions: array[int]) -> Iterator[None]:
        """Whatever happens to these messages inside, the tally is right afterwards."""
        self._enter(versions, -1)
        yield
        self._enter(versions, 1)

    def _enter(self, versions: array[int], sign: int) -> None:
        if versions:
            self._database.write(
                "INSERT INTO tally SELECT target, flow, lane, state, ?2 * count(*),"
                " ?2 * coalesce(sum(length(body)), 0)"
                " FROM carray(?1) AS moved CROSS JOIN message ON version = moved.value"
                " WHERE true GROUP BY target, flow, lane, state ON CONFLICT DO UPDATE"
                " SET messages = messages + excluded.messages, bytes = bytes + excluded.bytes",
                (apsw.carray(versions), sign),
            )

    def remove(self, versions: array[int]) -> None:
        """Delete these messages for good."""
        if versions:
            with self.moving(versions):
                self._database.write(
                    "DELETE FROM message WHERE version IN (SELECT value FROM carray(?))",
                    (apsw.carray(versions),),
                )

    def add(self, place: tuple[int, int, int, int], messages: int, size: int) -> None:
        """Count new messages at (target, flow, lane, state)."""
        self._database.write(
            "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET messages = messages + excluded.messages, bytes = bytes + excluded.bytes",
            (*place, messages, size),
        )

    def pending_places(self, target: int) -> list[tuple[int, int]]:
        """(lane, flow) wherever something is pending for the target, the first lane first."""
        return self._database.rows(
            "SELECT lane, flow FROM tally WHERE target = ? AND state = ? AND messages > 0"
            " ORDER BY lane, flow",
            (target, PENDING),
        )

    def open_load(self, target: int) -> tuple[int, int]:
        """Messages and bytes on their way to the target. Held ones are not: they wait for people.

        Were they counted, a held run larger than the high-water mark could never be read to its
        end and judged.
        """
        found = self._database.row(
            "SELECT coalesce(sum(messages), 0), coalesce(sum(bytes), 0) FROM tally"
            " WHERE target = ? AND state = ?",
            (target, PENDING),
        )
        return found or (0, 0)

    def open(self, flow: int) -> int:
        """How many messages of the flow are held, pending or parked."""
        return (
            self._database.value(
                "SELECT sum(messages) FROM tally WHERE flow = ? AND state <= ?", (flow, PARKED)
            )
            or 0
        )

    def parked(self, flow: int) -> int:
        """How many messages of the flow are parked."""
        return (
            self._database.value(
                "SELECT sum(messages) FROM tally WHERE flow = ? AND state = ?",
                (flow, PARKED),
            )
            or 0
        )

    def finished(self) -> int:
        """How many messages are kept only for history."""
        return (
            self._database.value("SELECT sum(messages) FROM tally WHERE state >= ?", (DELIVERED,))
            or 0
        )

    def by_flow(self) -> dict[str, dict[State, int]]:
        """Messages per flow and state; states without messages are absent."""
        counts: dict[str, dict[State, int]] = {}
        for flow, state, messages in self._database.rows(
            "SELECT name, state, sum(messages) FROM tally JOIN flow ON flow.id = tally.flow"
            " GROUP BY name, state HAVING sum(messages) > 0 ORDER BY name, state"
        ):
            counts.setdefault(flow, {})[STATES[state]] = messages
        return counts
