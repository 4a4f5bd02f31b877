"""Rows that the mapping refused: kept until they map, or are gone. They have nothing to send."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import apsw

from agent.store.message_rows import new_versions
from agent.store.names import enter_flow, enter_target, flow_number
from agent.store.outbox import Outbox
from agent.store.tally import IGNORED, PARKED


class Refusals:
    """A line per key of a flow."""

    def __init__(self, outbox: Outbox) -> None:
        self._database = outbox.database
        self._tally = outbox.tally
        self._order = outbox.order
        self._aside = outbox.aside
        self._now = outbox.now

    def park(
        self,
        flow: str,
        target: str,
        run: int,
        key: str,
        entity: str,
        body: bytes,
        code: str,
        reason: str,
    ) -> bool:
        """Keep a row that mapping refused, one per key; False when it is known already.

        The row a person chose to ignore stays ignored until it changes.
        """
        with self._database.transaction():
            place = enter_flow(self._database, flow), enter_target(self._database, target)
            found = self._database.row(
                "SELECT version, state, body, code FROM message WHERE flow = ? AND key = ?"
                f" AND stage = 'mapping' AND state IN ({PARKED}, {IGNORED})"
                " ORDER BY version DESC LIMIT 1",
                (place[0], key),
            )
            if found and found[2:] == (body, code):
                return False
            self._aside.overtake(place[0], [key])
            if found and found[1] == PARKED:
                with self._tally.moving(array("q", found[:1])):
                    self._database.write(
                        "UPDATE message SET run = ?, body = ?, code = ?, reason = ?"
                        " WHERE version = ?",
                        (run, body, code, reason, found[0]),
                    )
                return True
            self._database.write(
                "INSERT INTO message (version, flow, target, entity, key, op, state, lane,"
                " coalesces, run, body, attempts, created_at, stage, code, reason)"
                f" VALUES (?, ?, ?, ?, ?, 0, {PARKED}, 0, 1, ?, ?, 0, ?, 'mapping', ?, ?)",
                (
                    new_versions(self._database, 1),
                    *place,
                    entity,
                    key,
                    run,
                    body,
                    self._now(),
                    code,
                    reason,
                ),
            )
            self._tally.add((place[1], place[0], 0, PARKED), 1, len(body))
            return True

    def clear(self, flow: str, keys: Sequence[str]) -> None:
        """The rows of these keys map again, or are gone: nothing is refused about them now."""
        with self._database.transaction():
            number = flow_number(self._database, flow)
            self._aside.overtake(number, keys)
            if not keys or not self._tally.parked(number):
                return
            found = self._database.rows(
                "SELECT version FROM carray(?) AS wanted CROSS JOIN message ON flow = ?"
                " AND key = wanted.value AND done_at IS NULL WHERE stage = 'mapping'",
                (apsw.carray(tuple(keys)), number),
            )
            versions = array("q", {version for (version,) in found})
            self._order.supersede(versions, self._now())
            self._order.wake(versions, self._now())

    def of(self, flow: str) -> dict[str, tuple[bytes, str]]:
        """Key → row and code of what mapping refused and is parked, or set aside by a person."""
        found = self._database.rows(
            "SELECT key, body, code FROM message WHERE flow = ? AND stage = 'mapping'"
            f" AND state IN ({PARKED}, {IGNORED}) ORDER BY version",
            (flow_number(self._database, flow),),
        )
        return {key: (body, code) for key, body, code in found}
