"""A refused message that a person wrote anew: the new one is sent, the old one is kept beside it.

What is known of the source's record stays as it is: its next change goes out and stands for the
edited one, like any newer message.
"""

from __future__ import annotations

from array import array

from agent.store.claims import UNDOUBTED
from agent.store.message_rows import new_versions
from agent.store.outbox import Outbox
from agent.store.tally import PARKED, PENDING, SUPERSEDED


class Edits:
    """The messages that people edited."""

    def __init__(self, outbox: Outbox) -> None:
        self._database = outbox.database
        self._names = outbox.names
        self._tally = outbox.tally
        self._order = outbox.order
        self._now = outbox.now

    def replace(self, message_id: str, body: bytes, reason: str, by: str) -> str | None:
        """Send this body in the place of a parked record; the id of the new message.

        None where the message is not parked (any more), is a row and no record, or where a newer
        state of its key waits behind it.
        """
        version, now = self._names.version(message_id), self._now()
        with self._database.transaction():
            if not self._can_be_edited(version):
                return None
            new = new_versions(self._database, 1)
            with self._tally.moving(array("q", [version, new])):
                self._database.write(
                    # Who writes it anew knows that it is not there, like one who sends it again.
                    "INSERT INTO message (version, flow, target, entity, key, op, state, lane,"
                    " coalesces, run, body, previous, digest, attempts, doubtful, created_at,"
                    " decided_by, edited_from)"
                    f" SELECT ?1, flow, target, entity, key, op, {PENDING}, lane, coalesces, run,"
                    f" ?2, previous, digest, 0, {UNDOUBTED}, ?3, ?4, version"
                    " FROM message WHERE version = ?5",
                    (new, body, now, f"{by}: {reason}", version),
                )
                self._database.write(
                    "UPDATE message SET state = ?, done_at = ?, decided_by = ? WHERE version = ?",
                    (SUPERSEDED, now, by, version),
                )
            self._order.wake(array("q", [new]), now)
        return f"{self._names.prefix}{new}"

    def _can_be_edited(self, version: int) -> bool:
        return bool(
            self._database.value(
                f"SELECT 1 FROM message WHERE version = ?1 AND state = {PARKED} AND op = 0"
                " AND stage IS NOT 'mapping' AND NOT EXISTS (SELECT 1 FROM message AS newer"
                " WHERE newer.flow = message.flow AND newer.key = message.key"
                " AND newer.done_at IS NULL AND newer.version > ?1)",
                (version,),
            )
        )

    def edit_of(self, message_id: str) -> str:
        """The message that a person wrote in the place of this one; "" where nobody did."""
        found = self._database.value(
            "SELECT max(version) FROM message WHERE edited_from = ?",
            (self._names.version(message_id),),
        )
        return f"{self._names.prefix}{found}" if found else ""
