"""Why records are not on the other side, counted by cause."""

from __future__ import annotations

from dataclasses import dataclass

from agent.store.database import Database
from agent.store.names import flow_number
from agent.store.tally import PARKED, PENDING

EXAMPLES = 3
"""Keys that are named of each cause."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Parked messages of one flow with one code. `reason` is that of the newest."""

    flow: str
    code: str
    count: int
    keys: tuple[str, ...]
    """Some of them, the newest first."""
    reason: str


class Causes:
    """Looks, and changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def parked(self) -> list[Cause]:
        """What was refused, by flow and code; from an index, however many there are."""
        found = self._database.rows(
            "SELECT flow, code, name, count(*) FROM message INDEXED BY message_parked"
            f" JOIN flow ON flow.id = message.flow WHERE state = {PARKED}"
            " GROUP BY flow, code ORDER BY name, code"
        )
        return [
            Cause(name, code or "", count, *self._examples(flow, code))
            for flow, code, name, count in found
        ]

    def _examples(self, flow: int, code: str | None) -> tuple[tuple[str, ...], str]:
        found = self._database.rows(
            "SELECT key, reason FROM message INDEXED BY message_parked"
            f" WHERE state = {PARKED} AND flow = ? AND code IS ? ORDER BY version DESC LIMIT ?",
            (flow, code, EXAMPLES),
        )
        return tuple(key for key, _ in found), (found[0][1] or "") if found else ""

    def waiting_since(self, flow: str) -> int | None:
        """When the oldest message was made that is still to be sent (unix ms); None for none.

        Looks at every message of the flow: to be asked where something seems late.
        """
        number = flow_number(self._database, flow)
        found = self._database.value(
            "SELECT min(created_at) FROM ("
            f"SELECT created_at FROM message WHERE flow = ?1 AND state = {PENDING}"
            " UNION ALL SELECT created_at FROM bundle WHERE flow = ?1 AND done_at IS NULL)",
            (number,),
        )
        return None if found is None else int(found)
