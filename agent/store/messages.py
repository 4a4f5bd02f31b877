"""Messages on their way: appended by intake, sent by delivery, judged by people.

Three rules hold at every commit. A key's messages are sent in the order of their versions. In a
flow that coalesces, a newer message supersedes the open older ones of its key, except one that is
under a lease. The tally says what the tables hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Unpack

import apsw

from agent.model import Change, Op, Receipt, State
from agent.store.aside import Aside, Returned
from agent.store.bundle_rows import BundleRows, bundle_conditions, may_be_bundled
from agent.store.bundles import Bundles, Place
from agent.store.claims import REPLACES, UNDOUBTED, Claim, Claims, Unknown
from agent.store.database import Database
from agent.store.key_order import OLDEST_OPEN, KeyOrder
from agent.store.known import NOT_KNOWN, Known
from agent.store.message_rows import (
    INSERT,
    Filters,
    MessageRow,
    MessageRows,
    Names,
    conditions,
    new_versions,
)
from agent.store.names import enter_flow, enter_target, flow_number, target_number
from agent.store.reservations import Reservations
from agent.store.tally import HELD, IGNORED, PARKED, PENDING, Tally


class Messages:
    """The outbox and the inbox: one table, one way to treat it."""

    def __init__(
        self,
        database: Database,
        known: Known,
        reservations: Reservations,
        store_id: str,
        now: Callable[[], int],
        bundle_size: int,
    ) -> None:
        names = Names(store_id)
        self._database = database
        self._known = known
        self._names = names
        self._now = now
        self._tally = Tally(database)
        self._order = KeyOrder(database, self._tally)
        self._bundles = Bundles(database, self._tally, bundle_size)
        self._claims = Claims(database, names, self._tally, self._order, self._bundles)
        self._rows = MessageRows(database, names)
        self._bundle_rows = BundleRows(database, names)
        self._reservations = reservations
        self._aside = Aside(database, self._tally, reservations)

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

        `held` keeps them until `release` or `drop`. `coalesce` lets each supersede what is still
        open of its key; without it a key's messages queue up.
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

    def park_row(
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

    def clear_refusals(self, flow: str, keys: Sequence[str]) -> None:
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

    def refused_rows(self, flow: str) -> dict[str, tuple[bytes, str]]:
        """Key → row and code of what mapping refused and is parked, or set aside by a person."""
        found = self._database.rows(
            "SELECT key, body, code FROM message WHERE flow = ? AND stage = 'mapping'"
            f" AND state IN ({PARKED}, {IGNORED}) ORDER BY version",
            (flow_number(self._database, flow),),
        )
        return {key: (body, code) for key, body, code in found}

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

    def confirm(self, message_id: str, reference: str, by: str) -> bool:
        """A person saw that what was parked in delivery is at the target after all, as `reference`.

        False where the message is not parked there (any more).
        """
        version = self._names.version(message_id)
        return self._claims.confirm(version, reference, by, self._now())

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

    def reference(self, target: str, entity: str, key: str) -> str:
        """The target's own id of the record; "" when it never told one."""
        return self.references(target, entity, [key]).get(key, "")

    def bind(
        self,
        target: str,
        entity: str,
        bindings: Sequence[tuple[str, str]],
        *,
        unless_told: bool = False,
    ) -> None:
        """The target has the records of these keys under these ids of its own, (key, id).

        `unless_told`: an id that it told before stands.
        """
        otherwise = "IGNORE" if unless_told else "REPLACE"
        with self._database.transaction():
            number = enter_target(self._database, target)
            self._database.write_many(
                f"INSERT OR {otherwise} INTO binding VALUES (?, ?, ?, ?)",
                ((number, entity, key, reference) for key, reference in bindings),
            )

    def references(self, target: str, entity: str, keys: Sequence[str]) -> dict[str, str]:
        """Key → the target's own id, for those records that it told one of."""
        return self._rows.references(target, entity, keys)

    def resolved(self, limit: int = 100) -> Sequence[MessageRow]:
        """What once was refused, or judged by a person, and is over; the newest end first."""
        return self._rows.resolved(limit)

    def unbind(self, target: str, entity: str, keys: Sequence[str]) -> None:
        """Forget the target's own ids of these records: it was set back to before it gave them."""
        if keys:
            with self._database.transaction():
                self._database.write(
                    "DELETE FROM binding WHERE target = ? AND entity = ?"
                    " AND key IN (SELECT value FROM carray(?))",
                    (target_number(self._database, target), entity, apsw.carray(tuple(keys))),
                )

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
