"""What people decide about messages: send them, again or as they are, or do not."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Unpack

import apsw

from agent.store.aside import Returned
from agent.store.bundle_rows import BundleRows, bundle_conditions, may_be_bundled
from agent.store.claims import UNDOUBTED
from agent.store.key_order import OLDEST_OPEN
from agent.store.known import Known
from agent.store.message_rows import Filters, conditions
from agent.store.outbox import Outbox
from agent.store.tally import HELD, IGNORED, PARKED, PENDING


class Decisions:
    """Each in one transaction; what is in flight is left alone."""

    def __init__(self, outbox: Outbox, known: Known) -> None:
        self._database = outbox.database
        self._names = outbox.names
        self._tally = outbox.tally
        self._order = outbox.order
        self._bundles = outbox.bundles
        self._claims = outbox.claims
        self._aside = outbox.aside
        self._reservations = outbox.reservations
        self._now = outbox.now
        self._known = known
        self._bundle_rows = BundleRows(outbox.database, outbox.names)

    def release(self, run: int) -> int:
        """A person approves: the run's held messages go on their way; how many."""
        with self._database.transaction():
            versions = self._held(run)
            self._make_pending(versions)
            return len(versions)

    def drop(self, run: int, by: str = "") -> int:
        """A person refuses: the run's held messages are over; how many.

        What was known before them is known again, so that the next pass sees the difference anew.
        """
        with self._database.transaction():
            versions = self._held(run)
            if not versions:
                return 0
            self._restore_known(run)
            with self._tally.moving(versions):
                self._database.write(
                    "UPDATE message SET state = ?, done_at = ?, body = NULL, stage = 'guard',"
                    " reason = 'the run was dropped', decided_by = ?"
                    " WHERE version IN (SELECT value FROM carray(?))",
                    (IGNORED, self._now(), by, apsw.carray(versions)),
                )
            self._order.wake(versions, self._now())
            self._reservations.give_up(versions)
            return len(versions)

    def _held(self, run: int) -> array[int]:
        found = self._database.rows(
            f"SELECT version FROM message WHERE run = ? AND state = {HELD}", (run,)
        )
        return array("q", (version for (version,) in found))

    def _restore_known(self, run: int) -> None:
        found = self._database.rows(
            "SELECT flow.name, key, CASE op WHEN 0 THEN digest END, previous FROM message"
            f" JOIN flow ON flow.id = flow WHERE run = ? AND state = {HELD} ORDER BY version DESC",
            (run,),
        )
        for flow in {line[0] for line in found}:
            self._known.take_back(flow, [line[1:] for line in found if line[0] == flow])

    def retry(self, ids: Sequence[str] | None = None, **filters: Unpack[Filters]) -> int:
        """Send refused or waiting messages now; how many.

        Not refused *rows*: they have no record to send and need a new look at the source. Nor what
        an objection keeps back: see `accept`.
        """
        asked, values = conditions(self._database, "message", filters)
        named = array("q") if ids is None else self._names.versions(ids)
        if named:
            asked.append("version IN (SELECT value FROM carray(?))")
            values.append(apsw.carray(named))
        elif ids is not None:
            return 0
        with self._database.transaction():
            bundled = self._retry_bundles(named, filters)
            found = self._database.rows(
                " AND ".join(
                    [
                        "SELECT version FROM message WHERE done_at IS NULL",
                        f"state IN ({PENDING}, {PARKED})",
                        "coalesce(stage, '') NOT IN ('mapping', 'check')",
                        "(lease IS NULL OR due_at <= ?)",
                        *asked,
                    ]
                ),
                (self._now(), *values),
            )
            versions = array("q", (version for (version,) in found))
            self._make_pending(versions)
            return bundled + len(versions)

    def _retry_bundles(self, named: Sequence[int], filters: Filters) -> int:
        """Send whole bundles now; how many messages. Of what is meant singly, make messages."""
        if named or "key" in filters:
            singly = named or [row.version for row in self._bundle_rows.newest_first(filters, None)]
            self._bundles.unpack_versions(singly)
            return 0
        if not may_be_bundled(filters):
            return 0
        return self._bundles.hurry(*bundle_conditions(self._database, filters), self._now())

    def _make_pending(self, versions: array[int]) -> None:
        now = self._now()
        if versions:
            with self._tally.moving(versions):
                self._database.write(
                    # Who sends what is parked again knows that it is not there.
                    "UPDATE message SET lease = NULL,"
                    f" state = CASE WHEN stage IS 'check' THEN {PARKED} ELSE {PENDING} END,"
                    f" doubtful = CASE state WHEN {PARKED} THEN {UNDOUBTED} ELSE doubtful END,"
                    " due_at = CASE WHEN stage IS 'check' THEN NULL"
                    f" WHEN version = {OLDEST_OPEN} THEN ? END"
                    " WHERE version IN (SELECT value FROM carray(?))",
                    (now, apsw.carray(versions)),
                )
            self._order.give_way(versions, now)
            self._order.wake(versions, now)

    def accept(self, message_id: str, by: str) -> bool:
        """A person overrules the objection to a record: it is sent as it is.

        False where no objection keeps it back (any more).
        """
        version = self._names.version(message_id)
        with self._database.transaction():
            objected = self._database.value(
                f"SELECT 1 FROM message WHERE version = ? AND state = {PARKED} AND stage = 'check'",
                (version,),
            )
            if not objected:
                return False
            self._database.write(
                "UPDATE message SET stage = NULL, code = NULL, reason = NULL, decided_by = ?"
                " WHERE version = ?",
                (by, version),
            )
            self._make_pending(array("q", [version]))
            return True

    def ignore(self, ids: Sequence[str], reason: str, by: str, until: int | None = None) -> int:
        """A person decides that these are not delivered; how many. One in flight is left alone.

        `until`: when they are open again (unix ms); None: never.
        """
        named = self._names.versions(ids)
        if not named:
            return 0
        with self._database.transaction():
            self._bundles.unpack_versions(named)
            return self._aside.put(named, reason, by, self._now(), until)

    def take_back(self, now: int) -> Returned:
        """Open again what people set aside until now."""
        return self._aside.take_back(now)

    def confirm(self, message_id: str, reference: str, by: str) -> bool:
        """A person saw that what was parked in delivery is at the target after all, as `reference`.

        False where the message is not parked there (any more).
        """
        version = self._names.version(message_id)
        return self._claims.confirm(version, reference, by, self._now())
