"""Messages on their way: appended by intake, sent by delivery.

Three rules hold at every commit. A key's messages are sent in the order of their versions. In a
flow that coalesces, a newer message supersedes the open older ones of its key, except one that is
under a lease. The tally says what the tables hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Unpack

import apsw

from agent.model import Change, Op, Receipt, State
from agent.store.bundle_rows import BundleRows
from agent.store.bundles import Place
from agent.store.claims import REPLACES, Claim, Unknown
from agent.store.known import NOT_KNOWN
from agent.store.message_rows import (
    INSERT,
    Filters,
    MessageRow,
    MessageRows,
    new_versions,
)
from agent.store.names import enter_flow, enter_target, flow_number, target_number
from agent.store.outbox import Outbox
from agent.store.tally import HELD, PARKED, PENDING


class Messages:
    """The outbox and the inbox: one table, one way to treat it."""

    def __init__(self, outbox: Outbox) -> None:
        self._database = outbox.database
        self._names = outbox.names
        self._now = outbox.now
        self._tally = outbox.tally
        self._order = outbox.order
        self._bundles = outbox.bundles
        self._claims = outbox.claims
        self._aside = outbox.aside
        self._rows = MessageRows(outbox.database, outbox.names)
        self._bundle_rows = BundleRows(outbox.database, outbox.names)

    def append(
        self,
        flow: str,
        target: str,
        run: int,
        lane: int,
        changes: Sequence[Change],
        *,
        held: bool,
        coalesce: bool,
    ) -> int:
        """Put changes on their way, in their order; how many.

        `held` keeps them until a person releases or drops their run. `coalesce` lets each
        supersede what is still open of its key; without it a key's messages queue up.
        """
        with self._database.transaction():
            place = Place(
                enter_flow(self._database, flow), enter_target(self._database, target), lane, run
            )
            for part in _without_repetition(changes):
                self._append(place, part, held=held, coalesce=coalesce)
        return len(changes)

    def _append(
        self, place: Place, changes: Sequence[Change], *, held: bool, coalesce: bool
    ) -> None:
        now = self._now()
        self._aside.overtake(place.flow, [change.key for change in changes])
        self._bundles.unpack_keys(place.flow, place.run, changes)
        queued, inherited, replaced = self._make_room(place.flow, changes, now, coalesce=coalesce)
        first = new_versions(self._database, len(changes))
        alone = queued | inherited.keys()
        if not held and len(changes) >= self._bundles.size and _alike(changes) and not alone:
            self._bundles.add(place, changes, first, now, coalesce=coalesce)
            return
        flow, target, lane, run = place
        state = HELD if held else PENDING
        self._database.write_many(
            INSERT,
            (
                (
                    version,
                    flow,
                    target,
                    change.entity,
                    change.key,
                    change.op is Op.DELETE,
                    state,
                    lane,
                    coalesce,
                    run,
                    change.body,
                    inherited.get(change.key, change.previous),
                    change.digest,
                    0,
                    now,
                    None if held or change.key in queued else now,
                    None,
                    REPLACES if change.key in replaced else 0,
                )
                for version, change in enumerate(changes, start=first)
            ),
        )
        size = sum(len(change.body) for change in changes)
        self._tally.add((target, flow, lane, state), len(changes), size)
        self._object(changes, first)

    def _object(self, changes: Sequence[Change], first: int) -> None:
        """Those with an objection are parked at once; held ones when their run is released."""
        found = [
            (*change.objection, version)
            for version, change in enumerate(changes, start=first)
            if change.objection is not None
        ]
        versions = array("q", (version for *_, version in found))
        with self._tally.moving(versions):
            self._database.write_many(
                "UPDATE message SET stage = 'check', code = ?, reason = ?, due_at = NULL,"
                f" state = CASE state WHEN {PENDING} THEN {PARKED} ELSE state END"
                " WHERE version = ?",
                found,
            )

    def _make_room(
        self, flow: int, changes: Sequence[Change], now: int, *, coalesce: bool
    ) -> tuple[set[str], dict[str, bytes | None], set[str]]:
        """Supersede what these changes replace.

        Returns the keys whose older messages go first, and, where something was superseded, what
        the target had before *that*: what never left has not changed it, what may have left makes
        it unsure; and the keys of which something may have left.
        """
        replaced: set[str] = set()
        queued: set[str] = set()
        inherited: dict[str, bytes | None] = {}
        superseded = array("q")
        for line in self._open(flow, [change.key for change in changes], now):
            version, key, attempts, doubtful, previous, taken_over, leased, objected = line
            if leased or not (coalesce or objected):
                queued.add(key)
                continue
            superseded.append(version)
            if attempts or doubtful:
                replaced.add(key)
            if attempts:
                inherited[key] = NOT_KNOWN
            elif taken_over:
                inherited.setdefault(key, previous)
        self._order.supersede(superseded, now)
        return queued, inherited, replaced

    def _open(self, flow: int, keys: list[str], now: int) -> list[tuple[Any, ...]]:
        """The open messages of these keys, oldest first."""
        if not self._tally.open(flow):
            return []
        return self._database.rows(
            "SELECT version, key, attempts, doubtful, previous, digest IS NOT NULL,"
            " lease IS NOT NULL AND due_at > ?, stage IS 'check'"
            " FROM carray(?) AS wanted CROSS JOIN message"
            " ON flow = ? AND key = wanted.value AND done_at IS NULL ORDER BY version",
            (now, apsw.carray(tuple(keys)), flow),
        )

    def claim(
        self,
        target: str,
        limit: int,
        *,
        now: int,
        lease_ms: int,
        exclude_flows: Collection[str] = (),
    ) -> Claim:
        """Take what is due, the first lane first, then what has been due longest.

        Never a message behind an older open one of its key. The claim is on disk before the
        caller sends: `attempts` counts it whatever happens then.
        """
        return self._claims.claim(target, limit, now, lease_ms, exclude_flows)

    def settle(
        self,
        token: int,
        accepted: Sequence[Receipt],
        rejected: Sequence[Receipt],
        unknown: Sequence[Unknown],
        now: int,
    ) -> None:
        """Write down what became of a claim's messages, in one transaction.

        Accepted are delivered, and a reference is kept as a binding; rejected are parked; unknown
        come again at their `due_at`. One that is not named keeps its lease until it runs out.
        """
        self._claims.settle(token, accepted, rejected, unknown, now)

    def clear_leases(self) -> None:
        """At a start: nobody who held a lease lives any more."""
        self._claims.clear_leases(self._now())

    def next_due(self, target: str, exclude_flows: Collection[str] = ()) -> int | None:
        """When the next message can be claimed (unix ms); None when none waits for time to pass."""
        return self._claims.next_due(target, exclude_flows)

    def open_load(self, target: str) -> tuple[int, int]:
        """Messages and bytes pending for the target, without counting."""
        return self._tally.open_load(target_number(self._database, target))

    def counts(self) -> dict[str, dict[State, int]]:
        """Messages per flow and state, without counting; states without messages are absent."""
        return self._tally.by_flow()

    def get(self, message_id: str) -> MessageRow | None:
        """The message of that id; None when there is none (any more)."""
        version = self._names.version(message_id)
        return self._rows.get(version) or self._bundle_rows.get(version)

    def body(self, message_id: str) -> bytes | None:
        """What is or was sent; None when it is not kept any more."""
        version = self._names.version(message_id)
        return self._rows.body(version) or self._bundle_rows.body(version)

    def last_body(self, flow: str, key: str) -> bytes | None:
        """The newest body taken over for the key, as far as kept; None for a deleted one."""
        number = flow_number(self._database, flow)
        found = self._rows.last_body(number, key), self._bundle_rows.last_body(number, key)
        return max(filter(None, found), default=(0, None))[1]

    def open_bodies(self, flow: str) -> dict[str, bytes]:
        """Key → the newest record on its way, of the flow's keys that have one."""
        number = flow_number(self._database, flow)
        return self._bundle_rows.open_bodies(number) | self._rows.open_bodies(number)

    def resolved(self, limit: int = 100) -> Sequence[MessageRow]:
        """What once was refused, or judged by a person, and is over; the newest end first."""
        return self._rows.resolved(limit)

    def list(
        self, limit: int = 100, *, before: int | None = None, **filters: Unpack[Filters]
    ) -> list[MessageRow]:
        """Newest first; `before` is the version of the last one on the page before."""
        rows = self._rows.list(filters, limit, before)
        bundled = self._bundle_rows.newest_first(filters, before)
        newest_first = merge(rows, bundled, key=lambda row: row.version, reverse=True)
        return list(islice(newest_first, limit))


def _without_repetition(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """The changes in parts in which no key comes twice, their order per key kept."""
    part: dict[str, Change] = {}
    for change in changes:
        if change.key in part:
            yield list(part.values())
            part = {}
        part[change.key] = change
    if part:
        yield list(part.values())


def _alike(changes: Sequence[Change]) -> bool:
    """Whether these may travel as one: upserts of one entity, none doubted or objected to."""
    entity, upsert = changes[0].entity, Op.UPSERT
    return all(
        change.op is upsert
        and change.entity == entity
        and change.previous != NOT_KNOWN
        and change.objection is None
        for change in changes
    )
