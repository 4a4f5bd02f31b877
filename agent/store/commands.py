"""What the other side of a connection asked of us: done once, answered until it is heard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agent.store.database import Database

_SLICE = 2_000


class Commands:
    """A line per command. Commands are taken one by one, by one thread a connection."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_known(self, connection: str, command: str) -> bool:
        """Whether it was taken before. Its result is told again: whoever asks has not heard it."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "UPDATE command SET reported = 0 WHERE connection = ? AND id = ? RETURNING 1",
                    (connection, command),
                )
            )

    def take(
        self,
        connection: str,
        command: str,
        now: int,
        *,
        job: int | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a command with the job that it became, or with its result."""
        with self._database.transaction():
            self._database.write(
                "INSERT INTO command (connection, id, job, result, taken_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (connection, command, job, _text(result), now),
            )

    def at_work(self, connection: str) -> list[tuple[str, int]]:
        """The commands whose job is not known to be over: id and job."""
        return [
            (command, int(job))
            for command, job in self._database.rows(
                "SELECT id, job FROM command WHERE connection = ? AND result IS NULL",
                (connection,),
            )
        ]

    def conclude(self, connection: str, command: str, result: Mapping[str, Any]) -> None:
        """Its job is over."""
        with self._database.transaction():
            self._database.write(
                "UPDATE command SET result = ? WHERE connection = ? AND id = ?",
                (_text(result), connection, command),
            )

    def unreported(self, connection: str) -> list[tuple[str, dict[str, Any]]]:
        """The commands whose result the other side has not heard: id and result, oldest first."""
        found = self._database.rows(
            "SELECT id, result FROM command WHERE connection = ? AND NOT reported"
            " AND result IS NOT NULL ORDER BY taken_at",
            (connection,),
        )
        return [(command, json.loads(result)) for command, result in found]

    def reported(self, connection: str, command: str) -> None:
        """The other side has heard the result."""
        with self._database.transaction():
            self._database.write(
                "UPDATE command SET reported = 1 WHERE connection = ? AND id = ?",
                (connection, command),
            )

    def forget(self, oldest: int) -> bool:
        """Forget a slice of those answered that came before that time. True: there may be more."""
        with self._database.transaction():
            gone = self._database.write(
                "DELETE FROM command WHERE (connection, id) IN (SELECT connection, id FROM command"
                " WHERE reported AND taken_at < ? LIMIT ?) RETURNING 1",
                (oldest, _SLICE),
            )
        return len(gone) == _SLICE


def _text(result: Mapping[str, Any] | None) -> str | None:
    return None if result is None else json.dumps(dict(result))
