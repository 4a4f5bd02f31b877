"""Messages as people look at them: one line each, filtered, newest first."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from agent.model import Op, State
from agent.store.database import Database
from agent.store.names import flow_number, target_number
from agent.store.tally import STATES

_VERSION = re.compile("[0-9]{1,18}")

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
    """Where it was refused: `mapping`, `check`, `delivery`; `guard` for a dropped run."""
    code: str
    reason: str
    decided_by: str
    edited_from: str
    """The id of the refused message that a person wrote anew as this one; "" for all others."""
    aside_until: int | None
    """When an ignored one is open again; None: never."""


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
        return int(version) if version != message_id and _VERSION.fullmatch(version) else 0

    def versions(self, ids: Sequence[str]) -> array[int]:
        """The versions of these ids, without those of other stores."""
        return array("q", filter(None, map(self.version, ids)))


INSERT = (
    "INSERT INTO message (version, flow, target, entity, key, op, state, lane, coalesces, run,"
    " body, previous, digest, attempts, created_at, due_at, lease, doubtful)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
"""A message as it is before anybody said anything about it."""


def new_versions(database: Database, number: int) -> int:
    """The first of so many new versions; within a transaction."""
    ((end,),) = database.write(
        "UPDATE identity SET next_version = next_version + ? RETURNING next_version", (number,)
    )
    return int(end) - number


_SELECT = (
    "SELECT version, flow.name, target.name, entity, key, op, state, lane, run, attempts,"
    " coalesce(length(body), 0), created_at, due_at, lease IS NOT NULL, done_at, reference, stage,"
    " code, reason, decided_by, edited_from, aside_until FROM message"
    " JOIN flow ON flow.id = message.flow JOIN target ON target.id = message.target"
)


class MessageRows:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def get(self, version: int) -> MessageRow | None:
        """The message of that version, None when there is none (any more)."""
        found = self._database.row(f"{_SELECT} WHERE version = ?", (version,))
        return self._row(found) if found else None

    def body(self, version: int) -> bytes | None:
        """What is or was sent; None when it is not kept any more."""
        body: bytes | None = self._database.value(
            "SELECT body FROM message WHERE version = ?", (version,)
        )
        return body

    def last_body(self, flow: int, key: str) -> tuple[int, bytes | None] | None:
        """Version and body of the newest message of the key, of what is still kept.

        The body is None for a deleted record.
        """
        found = self._database.row(
            "SELECT version, CASE op WHEN 0 THEN body END FROM message WHERE flow = ? AND key = ?"
            " AND body IS NOT NULL AND stage IS NOT 'mapping' ORDER BY version DESC LIMIT 1",
            (flow, key),
        )
        return found and (found[0], found[1])

    def open_bodies(self, flow: int) -> dict[str, bytes]:
        """Key → the newest record that is not delivered yet; refused rows are none."""
        found = self._database.rows(
            "SELECT key, body FROM message WHERE flow = ? AND done_at IS NULL AND op = 0"
            " AND stage IS NOT 'mapping' AND body IS NOT NULL ORDER BY version",
            (flow,),
        )
        return dict(found)

    def _row(self, line: tuple[Any, ...]) -> MessageRow:
        version, flow, target, entity, key, op, state, lane, run, attempts, size = line[:11]
        created_at, due_at, leased, done_at, *texts, aside_until = line[11:]
        reference, stage, code, reason, decided_by, edited_from = (text or "" for text in texts)
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
            reference,
            stage,
            code,
            reason,
            decided_by,
            f"{self._names.prefix}{edited_from}" if edited_from else "",
            aside_until,
        )

    def resolved(self, limit: int) -> Sequence[MessageRow]:
        """What once was refused, or judged by a person, and is over; the newest end first."""
        found = self._database.rows(
            _SELECT.replace("FROM message", "FROM message INDEXED BY message_resolved")
            + " WHERE done_at IS NOT NULL AND stage IS NOT 'guard'"
            " AND (code IS NOT NULL OR decided_by IS NOT NULL) ORDER BY done_at DESC LIMIT ?",
            (limit,),
        )
        return [self._row(line) for line in found]

    def list(self, filters: Filters, limit: int, before: int | None) -> list[MessageRow]:
        """Newest first; `before` is the version of the last one on the page before."""
        asked, values = conditions(self._database, "message", filters)
        if before is not None:
            asked.append("version < ?")
            values.append(before)
        where = f" WHERE {' AND '.join(asked)}" if asked else ""
        found = self._database.rows(
            f"{_SELECT}{where} ORDER BY version DESC LIMIT ?", (*values, limit)
        )
        return [self._row(line) for line in found]


def conditions(database: Database, table: str, filters: Filters) -> tuple[list[str], list[Any]]:
    """The filters as SQL conditions on the columns of a table, and their values."""
    asked: list[str] = []
    values: list[Any] = []
    if "flow" in filters:
        asked.append(f"{table}.flow = ?")
        values.append(flow_number(database, filters["flow"]))
    if "target" in filters:
        asked.append(f"{table}.target = ?")
        values.append(target_number(database, filters["target"]))
    if "state" in filters:
        # Spelt out, so that the small indexes on held and parked messages apply.
        asked.append(f"{table}.state = {STATES.index(filters['state'])}")
    for name in ("key", "run", "code", "stage"):
        if name in filters:
            asked.append(f"{table}.{name} = ?")
            values.append(filters[name])
    return asked, values
