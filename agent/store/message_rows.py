"""Messages as people look at them: one line each, filtered, newest first."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from agent.model import Op, State
from agent.store.database import Database
from agent.store.names import flow_number, target_number
from agent.store.tally import STATES

OPS: tuple[Op, ...] = (Op.UPSERT, Op.DELETE)
"""The place of an operation in this tuple is its number in the tables."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message with all that is known of its way. Times are unix ms."""

    id: str
    version: int
    flow: str
    target: str
    entity: str
    key: str
    op: Op
    state: State
    lane: int
    run: int
    attempts: int
    size: int
    """Bytes of the body; 0 when there is none (a delete) or none any more."""
    created_at: int
    due_at: int | None
    """When it is sent next; None: not now, or it waits behind an older message of its key."""
    leased: bool
    """Whether somebody claimed it; in force until `due_at`."""
    done_at: int | None
    reference: str
    stage: str
    """Where it was refused: `mapping`, `delivery`; `guard` for a dropped run."""
    code: str
    reason: str
    decided_by: str


class Filters(TypedDict, total=False):
    """Which messages are meant; what is not named is not asked."""

    flow: str
    target: str
    state: State
    key: str
    run: int
    code: str
    stage: str


class Names:
    """Messages' ids: the store's own, and the version."""

    def __init__(self, store_id: str) -> None:
        self.prefix = f"{store_id}-"

    def version(self, message_id: str) -> int:
        """The version in an id of this store, else 0, which no message has."""
        version = message_id.removeprefix(self.prefix)
        return int(version) if version != message_id and version.isdecimal() else 0

    def versions(self, ids: Sequence[str]) -> array[int]:
        """The versions of these ids, without those of other stores."""
        return array("q", filter(None, map(self.version, ids)))


_SELECT = (
    "SELECT version, flow.name, target.name, entity, key, op, state, lane, run, attempts,"
    " coalesce(length(body), 0), created_at, due_at, lease IS NOT NULL, done_at, reference, stage,"
    " code, reason, decided_by FROM message"
    " JOIN flow ON flow.id = message.flow JOIN target ON target.id = message.target"
)


class MessageRows:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def get(self, message_id: str) -> MessageRow | None:
        """The message of that id, None when there is none (any more)."""
        found = self._database.row(
            f"{_SELECT} WHERE version = ?", (self._names.version(message_id),)
        )
        return self._row(found) if found else None

    def body(self, message_id: str) -> bytes | None:
        """What is or was sent; None when it is not kept any more."""
        body: bytes | None = self._database.value(
            "SELECT body FROM message WHERE version = ?", (self._names.version(message_id),)
        )
        return body

    def conditions(self, filters: Filters) -> tuple[list[str], list[Any]]:
        """The filters as SQL conditions and their values."""
        conditions: list[str] = []
        values: list[Any] = []
        if "flow" in filters:
            conditions.append("message.flow = ?")
            values.append(flow_number(self._database, filters["flow"]))
        if "target" in filters:
            conditions.append("message.target = ?")
            values.append(target_number(self._database, filters["target"]))
        if "state" in filters:
            # Spelt out, so that the small indexes on held and parked messages apply.
            conditions.append(f"message.state = {STATES.index(filters['state'])}")
        for name in ("key", "run", "code", "stage"):
            if name in filters:
                conditions.append(f"message.{name} = ?")
                values.append(filters[name])
        return conditions, values

    def last_body(self, flow: str, key: str) -> bytes | None:
        """The newest body taken over for the key, of what is still kept; None for a deleted one."""
        found = self._database.row(
            "SELECT op, body FROM message WHERE flow = ? AND key = ? AND body IS NOT NULL"
            " AND stage IS NOT 'mapping' ORDER BY version DESC LIMIT 1",
            (flow_number(self._database, flow), key),
        )
        if found is None or OPS[found[0]] is Op.DELETE:
            return None
        body: bytes = found[1]
        return body

    def reference(self, target: str, entity: str, key: str) -> str:
        """The target's own id of the record, "" when it never told one."""
        return (
            self._database.value(
                "SELECT reference FROM binding WHERE target = ? AND entity = ? AND key = ?",
                (target_number(self._database, target), entity, key),
            )
            or ""
        )

    def _row(self, line: tuple[Any, ...]) -> MessageRow:
        version, flow, target, entity, key, op, state, lane, run, attempts, size = line[:11]
        created_at, due_at, leased, done_at, *texts = line[11:]
        return MessageRow(
            f"{self._names.prefix}{version}",
            version,
            flow,
            target,
            entity,
            key,
            OPS[op],
            STATES[state],
            lane,
            run,
            attempts,
            size,
            created_at,
            due_at,
            bool(leased),
            done_at,
            *(text or "" for text in texts),
        )

    def list(self, filters: Filters, limit: int, before: int | None) -> list[MessageRow]:
        """Newest first; `before` is the version of the last one on the page before."""
        conditions, values = self.conditions(filters)
        if before is not None:
            conditions.append("version < ?")
            values.append(before)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        found = self._database.rows(
            f"{_SELECT}{where} ORDER BY version DESC LIMIT ?", (*values, limit)
        )
        return [self._row(line) for line in found]
