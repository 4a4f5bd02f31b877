"""Messages inside bundles as people look at them: one line each, as if they stood alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apsw

from agent.model import Op, State
from agent.store.bundles import decode_bodies, decode_keys
from agent.store.database import Database
from agent.store.message_rows import Filters, MessageRow, Names, conditions

_STATES = (State.PENDING, State.DELIVERED)
"""The states that a bundle can be in."""

_SELECT = (
    "SELECT bundle.version, flow.name, bundle.target, target.name, entity, lane, run, attempts,"
    " created_at, due_at, lease IS NOT NULL, done_at, keys, bodies FROM bundle"
    " JOIN bundle_content USING (version)"
    " JOIN flow ON flow.id = bundle.flow JOIN target ON target.id = bundle.target"
)


class BundleRows:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def get(self, version: int) -> MessageRow | None:
        """The message of that version, None where it is in no bundle."""
        found = self._around(version)
        return next((row for row in self._rows(found) if row.version == version), None)

    def body(self, version: int) -> bytes | None:
        """What is or was sent; None where the message is in no bundle."""
        for first, *_, bodies in self._around(version):
            body: bytes = decode_bodies(bodies)[version - first]
            return body
        return None

    def last_body(self, flow: int, key: str) -> tuple[int, bytes] | None:
        """Version and body of the newest message of the key, of what is still kept."""
        for first, *_, keys, bodies in self._database.rows(
            f"{_SELECT} WHERE bundle.flow = ? AND instr(keys, ?) ORDER BY version DESC",
            (flow, key.encode()),
        ):
            names = decode_keys(keys)
            if key in names:
                place = names.index(key)
                return first + place, decode_bodies(bodies)[place]
        return None

    def open_bodies(self, flow: int) -> dict[str, bytes]:
        """Key → the record that is not delivered yet."""
        found = self._database.rows(
            "SELECT keys, bodies FROM bundle JOIN bundle_content USING (version)"
            " WHERE flow = ? AND done_at IS NULL",
            (flow,),
        )
        return {
            key: body
            for keys, bodies in found
            for key, body in zip(decode_keys(keys), decode_bodies(bodies), strict=True)
        }

    def newest_first(self, filters: Filters, before: int | None) -> Iterator[MessageRow]:
        """Newest first, read as they are asked for; `before` as in `MessageRows.list`."""
        if not may_be_bundled(filters):
            return
        asked, values = bundle_conditions(self._database, filters)
        key = filters.get("key")
        if key is not None:
            # A quick look at the bytes: what it finds by accident is sorted out below.
            asked.append("instr(keys, ?)")
            values.append(key.encode())
        asked.append("bundle.version < ?")
        while found := self._database.rows(
            f"{_SELECT} WHERE {' AND '.join(asked)} ORDER BY bundle.version DESC LIMIT 10",
            (*values, before if before is not None else 2**62),
        ):
            for row in self._rows(found):
                if (before is None or row.version < before) and key in (None, row.key):
                    yield row
            before = found[-1][0]

    def _around(self, version: int) -> list[tuple[Any, ...]]:
        """The bundle that holds this version, or none."""
        return self._database.rows(
            f"{_SELECT} WHERE bundle.version = (SELECT max(version) FROM bundle"
            " WHERE version <= ?) AND bundle.version + records > ?",
            (version, version),
        )

    def _rows(self, found: list[tuple[Any, ...]]) -> Iterator[MessageRow]:
        for line in found:
            first, flow, number, target, entity, lane, run, attempts = line[:8]
            created_at, due_at, leased, done_at, keys, bodies = line[8:]
            names, contents = decode_keys(keys), decode_bodies(bodies)
            references = {} if done_at is None else self._references(number, entity, names)
            for place in reversed(range(len(names))):
                yield MessageRow(
                    id=f"{self._names.prefix}{first + place}",
                    version=first + place,
                    flow=flow,
                    target=target,
                    entity=entity,
                    key=names[place],
                    op=Op.UPSERT,
                    state=_STATES[done_at is not None],
                    lane=lane,
                    run=run,
                    attempts=attempts,
                    size=len(contents[place]),
                    created_at=created_at,
                    due_at=due_at,
                    leased=bool(leased),
                    done_at=done_at,
                    reference=references.get(names[place], ""),
                    stage="",
                    code="",
                    reason="",
                    decided_by="",
                    edited_from="",
                    aside_until=None,
                )

    def _references(self, target: int, entity: str, keys: list[str]) -> dict[str, str]:
        """The target's own ids, of those records that it told one for."""
        found = self._database.rows(
            "SELECT binding.key, reference FROM carray(?) AS wanted CROSS JOIN binding"
            " ON target = ? AND entity = ? AND binding.key = wanted.value",
            (apsw.carray(tuple(keys)), target, entity),
        )
        return dict(found)


def may_be_bundled(filters: Filters) -> bool:
    """Whether a message in a bundle can fit: nobody has said anything about it yet."""
    return not {"code", "stage"} & filters.keys() and filters.get("state", _STATES[0]) in _STATES


def bundle_conditions(database: Database, filters: Filters) -> tuple[list[str], list[Any]]:
    """Those of the filters that a bundle as a whole can answer, as SQL conditions and values."""
    whole: Filters = {}
    if "flow" in filters:
        whole["flow"] = filters["flow"]
    if "target" in filters:
        whole["target"] = filters["target"]
    if "run" in filters:
        whole["run"] = filters["run"]
    asked, values = conditions(database, "bundle", whole)
    if "state" in filters:
        asked.append(f"done_at IS {'NOT ' * (filters['state'] is State.DELIVERED)}NULL")
    return asked, values
