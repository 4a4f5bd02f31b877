"""Delivery's side of the messages: claim what is due, settle what became of it."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import NamedTuple

import apsw

from agent.model import Message, Receipt
from agent.store.bundles import Bundles
from agent.store.database import Database
from agent.store.key_order import KeyOrder
from agent.store.message_rows import OPS, Names
from agent.store.names import flow_number, target_number
from agent.store.tally import DELIVERED, PARKED, Tally


@dataclass(frozen=True, slots=True)
class Claim:
    """Messages that one sender holds until they are settled or the lease runs out."""

    token: int
    messages: list[Message]


class Unknown(NamedTuple):
    """A message whose outcome is not known: when to try again (unix ms), and what happened.

    `untouched`: it surely had no effect this time.
    """

    message_id: str
    due_at: int
    code: str
    reason: str
    untouched: bool = False


REPLACES = 2
"""The value of `doubtful` where an older message may have been written."""

UNDOUBTED = f"CASE doubtful WHEN {REPLACES} THEN {REPLACES} ELSE 0 END"
"""The message's own sends are clear now; those of the one it replaces never will be."""

_DOUBTFUL = "(doubtful > 0 OR lease IS NOT NULL OR previous IS zeroblob(16))"
"""Nobody knows what the target has: an answer was lost, a lease ran out with its holder, or the
message stands for an older one of which either is true (`known.NOT_KNOWN`)."""


class _Due(NamedTuple):
    """A message that can be sent, or a bundle of them; sorted, what has been due longest leads."""

    due_at: int
    version: int
    messages: int
    bundled: bool


class Claims:
    """A lease is a `due_at` in the future and a token; nothing else marks "in flight"."""

    def __init__(
        self, database: Database, names: Names, tally: Tally, order: KeyOrder, bundles: Bundles
    ) -> None:
        self._database = database
        self._names = names
        self._tally = tally
        self._order = order
        self._bundles = bundles
        self._tokens = count(1)  # leases do not outlive the process that gave them

    def claim(
        self, target: str, limit: int, now: int, lease_ms: int, exclude_flows: Collection[str]
    ) -> Claim:
        """What is due, the first lane first, then what has been due longest."""
        with self._database.transaction():
            number = target_number(self._database, target)
            chosen = self._due(number, limit, now, exclude_flows)
            while chosen and chosen[0].messages > limit:
                self._bundles.unpack_versions([chosen[0].version])
                chosen = self._due(number, limit, now, exclude_flows)
            if not chosen:
                return Claim(0, [])
            token, until = next(self._tokens), now + lease_ms
            alone = array("q", (due.version for due in chosen if not due.bundled))
            bundled = array("q", (due.version for due in chosen if due.bundled))
            given = self._lend(alone, token, until)
            given |= self._bundles.claim(bundled, self._names, token, until)
        return Claim(token, [message for due in chosen for message in given[due.version]])

    def _lend(self, versions: array[int], token: int, until: int) -> dict[int, list[Message]]:
        """Give messages that stand alone to a sender."""
        if not versions:
            return {}
        found = self._database.rows(
            "SELECT version, flow.name, entity, key, op, body, attempts,"
            f" {_DOUBTFUL}, doubtful = {REPLACES}"
            " FROM carray(?) AS chosen CROSS JOIN message ON version = chosen.value"
            " CROSS JOIN flow ON flow.id = flow",
            (apsw.carray(versions),),
        )
        self._database.write(
            f"UPDATE message SET doubtful = max(doubtful, {_DOUBTFUL}), due_at = ?, lease = ?,"
            " attempts = attempts + 1"
            " WHERE version IN (SELECT value FROM carray(?))",
            (until, token, apsw.carray(versions)),
        )
        prefix = self._names.prefix
        return {
            version: [
                Message(
                    f"{prefix}{version}",
                    version,
                    flow,
                    entity,
                    key,
                    OPS[op],
                    body,
                    attempts,
                    doubtful=bool(doubtful),
                    replaces=bool(replaces),
                )
            ]
            for version, flow, entity, key, op, body, attempts, doubtful, replaces in found
        }

    def _due(self, target: int, limit: int, now: int, exclude_flows: Collection[str]) -> list[_Due]:
        """What to claim, in the order of sending: about `limit` messages, never more.

        Only a bundle that stands first may be larger than that; it is then alone.
        """
        excluded = {flow_number(self._database, flow) for flow in exclude_flows}
        chosen: list[_Due] = []
        room = limit
        for lane, places in groupby(self._tally.pending_places(target), key=itemgetter(0)):
            due: list[_Due] = []
            for _, flow in places:
                if flow not in excluded:
                    due += self._due_at(target, lane, flow, now, room)
            for next_one in sorted(due):
                if chosen and next_one.messages > room:
                    return chosen
                chosen.append(next_one)
                room -= next_one.messages
                if room <= 0:
                    return chosen
        return chosen

    def _due_at(self, target: int, lane: int, flow: int, now: int, limit: int) -> list[_Due]:
        alone = self._database.rows(
            "SELECT due_at, version FROM message WHERE target = ? AND lane = ?"
            " AND flow = ? AND due_at <= ? ORDER BY due_at, version LIMIT ?",
            (target, lane, flow, now, limit),
        )
        bundles = self._bundles.due(target, lane, flow, now, limit)
        return [
            *(_Due(due_at, version, 1, bundled=False) for due_at, version in alone),
            *(_Due(due_at, version, size, bundled=True) for due_at, version, size in bundles),
        ]

    def next_due(self, target: str, exclude_flows: Collection[str]) -> int | None:
        """When the next message can be claimed; None when none waits for time to pass."""
        number = target_number(self._database, target)
        excluded = {flow_number(self._database, flow) for flow in exclude_flows}
        moments = (
            self._database.value(
                "SELECT min(due_at) FROM (SELECT min(due_at) AS due_at FROM message"
                " WHERE target = ?1 AND lane = ?2 AND flow = ?3 AND due_at IS NOT NULL"
                " UNION ALL SELECT min(due_at) FROM bundle"
                " WHERE target = ?1 AND lane = ?2 AND flow = ?3 AND due_at IS NOT NULL)",
                (number, lane, flow),
            )
            for lane, flow in self._tally.pending_places(number)
            if flow not in excluded
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def settle(
        self,
        token: int,
        accepted: Sequence[Receipt],
        rejected: Sequence[Receipt],
        unknown: Sequence[Unknown],
        now: int,
    ) -> None:
        """Write down what became of claimed messages, in one transaction."""
        version = self._names.version
        delivered = {version(receipt.message_id): receipt for receipt in accepted}
        failed = array(
            "q",
            {version(receipt.message_id) for receipt in rejected}
            | {version(line[0]) for line in unknown},
        )
        with self._database.transaction():
            self._bundles.settle(delivered, failed, now)
            touched = array("q", delivered.keys() | set(failed))
            with self._tally.moving(touched):
                self._deliver(delivered, now)
                self._database.write_many(
                    f"UPDATE message SET state = {PARKED}, due_at = NULL, lease = NULL,"
                    f" doubtful = {UNDOUBTED}, stage = 'delivery', code = ?, reason = ?"
                    " WHERE version = ? AND lease = ? AND done_at IS NULL",
                    (
                        (receipt.code, receipt.reason, version(receipt.message_id), token)
                        for receipt in rejected
                    ),
                )
                self._database.write_many(
                    "UPDATE message SET due_at = ?, lease = NULL, code = ?, reason = ?,"
                    " doubtful = max(doubtful, NOT ?)"
                    " WHERE version = ? AND lease = ? AND done_at IS NULL",
                    (
                        (due_at, code, reason, untouched, version(message_id), token)
                        for message_id, due_at, code, reason, untouched in unknown
                    ),
                )
            self._order.give_way(failed, now)
            self._order.wake(touched, now)

    def confirm(self, version: int, reference: str, by: str, now: int) -> bool:
        """A person saw that a parked message is there, under this id; False: it is not parked."""
        with self._database.transaction():
            parked = self._database.value(
                f"SELECT 1 FROM message WHERE version = ? AND state = {PARKED}"
                " AND stage = 'delivery'",
                (version,),
            )
            if not parked:
                return False
            named = array("q", [version])
            with self._tally.moving(named):
                self._deliver({version: Receipt("", accepted=True, reference=reference)}, now, by)
            self._order.wake(named, now)
            return True

    def _deliver(self, delivered: dict[int, Receipt], now: int, by: str | None = None) -> None:
        """An acceptance holds even when the lease ran out meanwhile: the target has it."""
        if not delivered:
            return
        versions = apsw.carray(array("q", sorted(delivered)))
        self._database.write(
            f"UPDATE message SET state = {DELIVERED}, done_at = ?, due_at = NULL, lease = NULL,"
            " stage = NULL, code = NULL, reason = NULL, decided_by = coalesce(?, decided_by)"
            " WHERE version IN (SELECT value FROM carray(?)) AND attempts > 0 AND done_at IS NULL",
            (now, by, versions),
        )
        told = [
            (receipt.reference, version)
            for version, receipt in delivered.items()
            if receipt.reference
        ]
        if told:
            self._database.write_many(
                f"UPDATE message SET reference = ? WHERE version = ? AND state = {DELIVERED}", told
            )
            self._database.write(
                "INSERT OR REPLACE INTO binding SELECT target, entity, key, reference"
                " FROM carray(?) AS told CROSS JOIN message ON version = told.value"
                " WHERE op = 0 AND reference IS NOT NULL",
                (versions,),
            )
        self._database.write(
            "DELETE FROM binding WHERE (target, entity, key) IN (SELECT target, entity, key"
            " FROM carray(?) AS told CROSS JOIN message ON version = told.value WHERE op = 1)",
            (versions,),
        )

    def clear_leases(self, now: int) -> None:
        """What was claimed is due again, unless a newer one of its key waits behind it."""
        with self._database.transaction():
            found = self._database.write(
                "UPDATE message SET due_at = ?, lease = NULL, doubtful = max(doubtful, 1)"
                " WHERE due_at IS NOT NULL AND lease IS NOT NULL RETURNING version",
                (now,),
            )
            versions = array("q", (version for (version,) in found))
            self._order.give_way(versions, now)
            self._order.wake(versions, now)
            self._bundles.clear_leases(now)
