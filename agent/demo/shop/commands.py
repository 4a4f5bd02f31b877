"""What the shop asks of the agent, and what became of it. A command is kept with its result."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import apsw
import msgspec

from agent.demo.shop.problem import Problem
from agent.demo.shop.protocol import CommandItem, CommandsWaiting

SCHEMA = """
CREATE TABLE IF NOT EXISTS commands (  -- what the agent is asked for
    place  INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,           -- unix milliseconds
    kind   TEXT NOT NULL,
    flow   TEXT NOT NULL,
    keys   TEXT NOT NULL,              -- JSON list
    result TEXT                        -- JSON; NULL while the agent has said nothing
) STRICT;
"""
MOST_COMMANDS = 100


class Commands:
    """All commands, old ones included."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def ask(self, kind: str, flow: str, keys: Sequence[str]) -> str:
        """Ask the agent for something; the command's id."""
        ((place,),) = self._connection.execute(
            "INSERT INTO commands (at, kind, flow, keys) VALUES (?, ?, ?, ?) RETURNING place",
            (time.time_ns() // 1_000_000, kind, flow, msgspec.json.encode(keys).decode()),
        )
        return f"c{place}"

    def waiting(self, after: str) -> CommandsWaiting:
        """The commands behind a cursor that have no result yet, and the cursor behind them."""
        rows: list[Any] = self._connection.execute(
            "SELECT place, kind, flow, keys FROM commands WHERE place > ? AND result IS NULL"
            " ORDER BY place LIMIT ?",
            (self.place(after), MOST_COMMANDS),
        ).fetchall()
        items = [
            CommandItem(f"c{place}", kind, flow, msgspec.json.decode(keys))
            for place, kind, flow, keys in rows
        ]
        return CommandsWaiting(items, str(rows[-1][0]) if rows else after or "0")

    def place(self, cursor: str) -> int:
        """What a cursor stands for. Raises 410 for one that this file never gave out."""
        ((last,),) = self._connection.execute("SELECT coalesce(max(place), 0) FROM commands")
        if not ((cursor.isascii() and cursor.isdigit()) or not cursor) or int(cursor or 0) > last:
            raise Problem(410, "cursor_gone", "this shop does not know the cursor: start over")
        return int(cursor or 0)

    def conclude(self, command: str, result: dict[str, Any]) -> None:
        """Keep what became of a command; the first word counts. Raises 404 for an unknown one."""
        known = self._connection.execute(
            "UPDATE commands SET result = coalesce(result, ?) WHERE 'c' || place = ? RETURNING 1",
            (msgspec.json.encode(result).decode(), command),
        ).fetchall()
        if not known:
            raise Problem(404, "unknown_command", f"this shop never asked for {command}")

    def unhear(self, command: str) -> None:
        """For tests: forget a result, as a shop does whose backup was put back."""
        self._connection.execute(
            "UPDATE commands SET result = NULL WHERE 'c' || place = ?", (command,)
        )

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """The last commands with their results, newest first."""
        rows = self._connection.execute(
            "SELECT 'c' || place, at, kind, flow, keys, result FROM commands"
            " ORDER BY place DESC LIMIT ?",
            (limit,),
        )
        return [
            {
                "id": command,
                "at": at,
                "kind": kind,
                "flow": flow,
                "keys": msgspec.json.decode(keys),
                "result": msgspec.json.decode(result) if result else None,
            }
            for command, at, kind, flow, keys, result in rows
        ]
