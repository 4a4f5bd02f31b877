"""Two flows that carry the same records both ways, over the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

import msgspec

from agent.detect import record_mark
from agent.model import Change, Op
from agent.store import AgreementRow, Store
from agent.two_way.agreement import Agreement, Data, Policy, settle_conflicts, take

CONFLICT = "SA-4502"
"""The code of what waits for a person because both sides changed it."""

_decode = msgspec.msgpack.Decoder(Agreement).decode
_encode = msgspec.msgpack.Encoder().encode
_from_json = msgspec.json.Decoder(Data).decode
_to_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class PairPlan:
    """Two flows over the same records. Flow `i` reads side `i` and writes to the other one."""

    name: str
    flows: tuple[str, str]
    targets: tuple[str, str]
    """Where each flow delivers: `targets[0]` is the connection of side 1."""
    entity: str
    policy: Policy
    changed_at: str = ""
    """Field that says when a record was changed, of which no side is told by the other."""
    apart: tuple[str, ...] = ()
    """Fields that each side has for itself."""
    common: frozenset[str] = frozenset()
    """Fields that both sides show."""
    match: tuple[str, ...] = ()
    """Fields, the surest first, by any of which a record of one side is known on the other."""

    def writing_to(self, side: int) -> int:
        """The flow that writes to this side."""
        return 1 - side


class Standing(Enum):
    """What became of a message while it waited."""

    WANTED = "wanted"
    OUTDATED = "outdated"
    """Something newer follows."""
    DONE = "done"
    """The side has what it should have."""
    CONFLICT = "conflict"


class Outgoing(NamedTuple):
    """A change for one side: which of the two flows carries it, and the change."""

    flow: int
    change: Change


class Conflict(NamedTuple):
    """A record that waits for a person: field → the values of sides 0 and 1."""

    key: str
    fields: Mapping[str, tuple[object, object]]


@dataclass(slots=True)
class Pair:
    """What both flows of a pair share. Every method is one transaction, or part of the caller's."""

    plan: PairPlan
    store: Store
    now_ms: Callable[[], int]
    arriving: list[frozenset[str]] = field(default_factory=lambda: [frozenset(), frozenset()])
    """For each side the keys just written there: what is read next is what it made of them."""

    def take(self, side: int, changes: Sequence[Change], *, anew: bool = False) -> list[Outgoing]:
        """What one side has now, by its own keys; what is to be written, and where.

        `anew`: to the other side also what it should have already.
        """
        read = {change.key: self._reading(change) for change in changes}
        with self.store.transaction():
            names = self._names(side, read)
            known = self._known(list(names.values()))
            out: list[Outgoing] = []
            for own_key, (data, at) in read.items():
                key = names[own_key]
                before = known.get(key, Agreement())
                after = self._after(before, side, key, data, at)
                lacking = after.lacking()
                if anew and 1 - side not in lacking and not after.conflicts:
                    lacking.append(1 - side)
                out += self._outgoing(key, after, lacking)
                known[key] = _noted(after, lacking)
                if before.conflicts and not after.conflicts:
                    self._free(key)
            self._expect(1 - side, {key: known[key] for key in names.values()})
            self._keep({key: known[key] for key in names.values()})
        return out

    def decide(self, key: str, side: int) -> list[Outgoing]:
        """A person says whose values count; [] where nothing waits for one."""
        with self.store.transaction():
            known = self._known([key]).get(key, Agreement())
            if not known.conflicts:
                return []
            decided = settle_conflicts(known, side, self.now_ms())
            lacking = decided.lacking()
            out = self._outgoing(key, decided, lacking)
            self._keep({key: _noted(decided, lacking)})
            self._free(key)
        return out

    def conflicts(self, limit: int = 1000) -> list[Conflict]:
        """What waits for a person."""
        rows = self.store.agreements.conflicts(self.plan.name, limit)
        return [Conflict(row.key, _decode(row.state).conflicts) for row in rows]

    def agreement(self, key: str) -> Agreement | None:
        """What is known of a record; None where nothing is."""
        return self._known([key]).get(key)

    def expected(self) -> Iterator[tuple[str, bytes | None, bool]]:
        """Key, what both sides should have (None: no such record), whether that is settled."""
        for row in self.store.agreements.all(self.plan.name):
            known = _decode(row.state)
            moving = bool(known.conflicts) or any(view.due or view.left for view in known.sides)
            yield row.key, None if known.wanted is None else _to_json(known.wanted), not moving

    def record_key(self, side: int, own_key: str) -> str:
        """The key of the record that a side has under a key of its own."""
        return self.store.agreements.keys_of(self.plan.name, side, [own_key]).get(own_key, own_key)

    def own_keys(self, side: int, keys: Sequence[str]) -> dict[str, str]:
        """Key → the key under which a side has the record, where it has it."""
        return self.store.agreements.own_keys(self.plan.name, side, keys)

    def standing(self, side: int, key: str, body: bytes) -> Standing:
        """Whether this is still to be written to a side."""
        known = self._known([key]).get(key, Agreement())
        if known.conflicts:
            return Standing.CONFLICT
        wanted = _to_json(known.wanted) if known.wanted is not None else b""
        if wanted == body:
            return Standing.WANTED
        due = known.sides[side].due
        return Standing.OUTDATED if due or known.lacks(side) else Standing.DONE

    def tried(self, side: int, messages: Sequence[tuple[str, bytes]]) -> None:
        """These, (key, body), are about to be written to a side."""
        with self.store.transaction():
            known = self._known([key for key, _ in messages])
            self._keep(
                {
                    key: known.get(key, Agreement()).tried(side, _from_json(body) if body else None)
                    for key, body in messages
                }
            )

    def found(self, side: int, key: str, own_key: str) -> None:
        """A side has this record, under a key of its own."""
        self.store.agreements.match(self.plan.name, side, [(key, own_key)])

    def arrived(self, side: int, key: str, body: bytes, reference: str) -> None:
        """A side took over what was written there, under an id of its own where it told one."""
        with self.store.transaction():
            known = self._known([key]).get(key, Agreement())
            self._keep({key: known.arrived(side, _from_json(body) if body else None)})
            if reference:
                self.found(side, key, reference)

    def _reading(self, change: Change) -> tuple[Data | None, int]:
        """What the sides have in common, and when it was changed."""
        if change.op is Op.DELETE:
            return None, self.now_ms()
        data = _from_json(change.body)
        at = self._moment(data)
        for name in (self.plan.changed_at, *self.plan.apart):
            data.pop(name, None)
        return data, at

    def _after(
        self, before: Agreement, side: int, key: str, data: Data | None, at: int
    ) -> Agreement:
        if key in self.arriving[side] and data is not None:
            # What a side makes of what was written there (cut, rounded) is no change of its own.
            before = before.looked_at(side, data)
        return take(before, side, data, at, self.plan.policy)

    def _moment(self, data: Data) -> int:
        """When the record was changed, in unix ms; a clock that is ahead does not win by it."""
        now = self.now_ms()
        told = data.get(self.plan.changed_at)
        if not isinstance(told, str):
            return now
        try:
            moment = datetime.fromisoformat(told)
        except ValueError:
            return now
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(int(moment.timestamp() * 1000), now)

    def _free(self, key: str) -> None:
        """What was parked for the conflict goes its way: sent, or found to be done."""
        for flow in self.plan.flows:
            self.store.decisions.retry(flow=flow, key=key, code=CONFLICT)

    def _outgoing(self, key: str, known: Agreement, sides: Sequence[int]) -> list[Outgoing]:
        plan = self.plan
        body = b"" if known.wanted is None else _to_json(known.wanted)
        op = Op.DELETE if known.wanted is None else Op.UPSERT
        digest = record_mark(body) if body else b""
        found = []
        for side in sides:
            told = known.sides[side].told
            previous = None if told is None else record_mark(_to_json(told))
            change = Change(op, plan.entity, key, body, digest, previous)
            found.append(Outgoing(plan.writing_to(side), change))
        return found

    def _names(self, side: int, read: Mapping[str, tuple[Data | None, int]]) -> dict[str, str]:
        """A side's own key → the record's key.

        One that is new here may be known from the other side: by a field that both have, or
        because it is what was just written here and the answer got lost. Else it keeps its own
        key for good.
        """
        plan, agreements = self.plan, self.store.agreements
        names = agreements.keys_of(plan.name, side, list(read))
        new = {key: data for key, (data, _) in read.items() if key not in names}
        signs = {key: self._signs(data) for key, data in new.items() if data is not None}
        awaited = agreements.awaited(plan.name, side, [s for each in signs.values() for s in each])
        matched: dict[str, str] = {}
        for own_key in new:
            known = (awaited.get(sign) for sign in signs.get(own_key, ()))
            key = next((key for key in known if key and key not in matched), own_key)
            matched[key] = own_key
        if matched:
            pairs = list(matched.items())
            agreements.match(plan.name, side, pairs)
            target = plan.targets[plan.writing_to(side)]
            self.store.bindings.bind(target, plan.entity, pairs, unless_told=True)
        return names | {own_key: key for key, own_key in matched.items()}

    def _expect(self, side: int, known: Mapping[str, Agreement]) -> None:
        """Note by what these will be known on a side that does not have them."""
        missing = [key for key, each in known.items() if each.wanted and not each.sides[side].has]
        if missing:
            there = self.own_keys(side, missing)
            signs = [
                (sign, key)
                for key in missing
                if key not in there
                for sign in self._signs(known[key].wanted or {})
            ]
            self.store.agreements.expect(self.plan.name, side, signs)

    def _signs(self, data: Data) -> list[str]:
        """By what a record may be known again, the surest first."""
        found = [f"{name}={_plain(data[name])}" for name in self.plan.match if data.get(name)]
        common = sorted(self.plan.common & data.keys())
        if common:
            whole = _to_json([[name, _plain(data[name])] for name in common])
            found.append(record_mark(whole).hex())
        return found

    def _known(self, keys: Sequence[str]) -> dict[str, Agreement]:
        found = self.store.agreements.find(self.plan.name, keys)
        return {key: _decode(state) for key, state in found.items()}

    def _keep(self, known: Mapping[str, Agreement]) -> None:
        self.store.agreements.put(
            self.plan.name,
            [AgreementRow(key, _encode(each), bool(each.conflicts)) for key, each in known.items()],
        )


def _plain(value: object) -> object:
    """A value without what differs between systems: case, blanks, empty or nothing."""
    if isinstance(value, str):
        return "".join(value.split()).casefold() or None
    return value


def _noted(known: Agreement, sides: Sequence[int]) -> Agreement:
    for side in sides:
        known = known.queued(side)
    return known
