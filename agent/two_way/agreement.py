"""One record that lives on both sides: what it should be, and what each side has.

Pure: `take` is told what one side has now and says what follows. Three things are known of a
record: what both sides should have (`wanted`), and what each one had when it was last looked at.
What a side changed is what differs from that last look, without what we wrote there ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from agent.model import Json

Data: TypeAlias = dict[str, Json]

ACTIVE = "active"
"""The field that is switched off where a delete is not passed on as one."""


MOST_SENT = 10
"""So many writes without an answer are remembered."""

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


class Deletes(StrEnum):
    """What becomes of a record on one side when it vanishes on the other."""

    PROPAGATE = "propagate"
    """It is deleted there too."""
    DEACTIVATE = "deactivate"
    """It is switched off there."""
    IGNORE = "ignore"
    """It stays; its next change there brings it back here."""


class Policy(Struct, frozen=True):
    """Who wins. Sides are 0 and 1."""

    winner: int | None = None
    """The side that wins a conflict; None: the newer change."""
    hold: bool = False
    """A conflict waits for a person, whatever `winner` says."""
    owners: Mapping[str, int] = field(default_factory=dict)
    """Fields that only one side may change: what the other one changes is written back."""
    deletes: Deletes = Deletes.IGNORE
    skew_ms: int = 60_000
    """Moments that are no further apart say nothing about which came first: side 0 wins."""


class Edit(Struct, frozen=True, array_like=True):
    """Who changed a field last, and when (unix ms)."""

    side: int
    at: int


class View(Struct, frozen=True, omit_defaults=True):
    """What we know of one side."""

    has: Data | None = None
    """As last read, or as accepted there; None: it has no such record."""
    due: list[Data | None] = field(default_factory=list)
    """What the message says that waits for this side, where one does; None: a delete."""
    sent: list[Data | None] = field(default_factory=list)
    """Tried there without an answer, the newest last: perhaps it arrived."""
    told: Data | None = None
    """What it took over last: for fields that it cuts, rounds or does not show."""
    left: bool = False
    """It was deleted there, and is not to come back until the other side changes it."""

    def holds(self, name: str, value: Json) -> bool:
        """Whether the field has this value there.

        What was written there counts, whatever the side made of it (cut, rounded). A field that it
        neither shows nor was told is empty.
        """
        known = [each[name] for each in (self.told, self.has) if each and name in each]
        return any(same(each, value) for each in known or [None])


class Agreement(Struct, frozen=True, omit_defaults=True):
    """Everything about one record. `conflicts`: field → the values of sides 0 and 1."""

    wanted: Data | None = None
    sides: tuple[View, View] = (View(), View())
    edits: dict[str, Edit] = field(default_factory=dict)
    conflicts: dict[str, tuple[Json, Json]] = field(default_factory=dict)

    def lacking(self) -> list[int]:
        """The sides to which something is to be written."""
        return [side for side in (0, 1) if self.lacks(side)]

    def lacks(self, side: int) -> bool:
        """Whether something is to be written to this side."""
        view = self.sides[side]
        if self.conflicts or view.left:
            return False
        if view.due:
            return view.due[0] != self.wanted
        if self.wanted is None or view.has is None:
            return (self.wanted is None) is not (view.has is None)
        return not all(view.holds(name, value) for name, value in self.wanted.items())

    def queued(self, side: int) -> Agreement:
        """A message with what is wanted waits for this side."""
        return self.with_side(side, replace(self.sides[side], due=[self.wanted]))

    def tried(self, side: int, data: Data | None) -> Agreement:
        """It is about to be written there."""
        view = self.sides[side]
        return self.with_side(side, replace(view, sent=[*view.sent, data][-MOST_SENT:]))

    def arrived(self, side: int, data: Data | None) -> Agreement:
        """This side took over what was written; None: it deleted the record."""
        view = self.sides[side]
        due = [each for each in view.due if each != data]
        if data is None:
            return self.with_side(side, replace(view, has=None, told=None, due=due, sent=[]))
        # A field that was never read there is not read back either.
        shown = data if view.has is None else {n: v for n, v in data.items() if n in view.has}
        has = {**(view.has or {}), **shown}
        return self.with_side(side, replace(view, has=has, told=data, due=due, sent=[]))

    def looked_at(self, side: int, data: Data) -> Agreement:
        """What this side made of what it just took over: values that could come of that.

        Any other value was entered there in between, and is for `take` to find.
        """
        view = self.sides[side]
        told, has = view.told or {}, view.has or {}
        made = {name: value for name, value in data.items() if could_become(told.get(name), value)}
        return self.with_side(side, replace(view, has={**has, **made}))

    def with_side(self, side: int, view: View) -> Agreement:
        """The same with another view of one side."""
        sides = (view, self.sides[1]) if side == 0 else (self.sides[0], view)
        return replace(self, sides=sides)


def same(one: Json, other: Json) -> bool:
    """Whether two values mean the same: 1.50 is 1.5, nothing is an empty text."""
    if one == other or (one in (None, "") and other in (None, "")):
        return True
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip() or _same_number(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(name), other.get(name)) for name in one.keys() | other.keys())
    return False


def could_become(told: Json, shown: Json) -> bool:
    """Whether a system that was told one value may show the other: filled in, cut, rounded."""
    if told is None or same(told, shown):
        return True
    if not (isinstance(told, str) and isinstance(shown, str) and shown):
        return False
    if _NUMBER.fullmatch(told) and _NUMBER.fullmatch(shown):
        places = Decimal(1).scaleb(-len(shown.partition(".")[2]))
        return abs(Decimal(told) - Decimal(shown)) < places
    return " ".join(told.split()).casefold().startswith(" ".join(shown.split()).casefold())


def _same_number(one: str, other: str) -> bool:
    """Only where one of them has decimals: 00123 is a code and not 123."""
    return (
        "." in one + other
        and bool(_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other))
        and Decimal(one) == Decimal(other)
    )


def take(known: Agreement, side: int, data: Data | None, at: int, policy: Policy) -> Agreement:
    """What follows when `side` has `data` now, changed at `at`; None: it has no such record."""
    if data is None:
        return _take_absence(known, side, policy)
    known = _without_arrivals(known, side, data)
    view = known.sides[side]
    edits = {name: value for name, value in data.items() if _edited(known, view, name, value)}
    told = {n: value for n, value in (view.told or {}).items() if n not in edits}
    known = known.with_side(side, replace(view, has=data, told=told, left=False))
    if known.wanted is None:
        return _come_to_life(known, side, data, at) if edits or view.has is None else known
    for name, value in edits.items():
        known = _take_edit(known, side, name, value, (view.has or {}).get(name), at, policy)
    return known


def _without_arrivals(known: Agreement, side: int, data: Data) -> Agreement:
    """What we wrote ourselves and shows there now counts as had by this side.

    Of several writes without an answer that one arrived last which explains most of what is there.
    """
    view = known.sides[side]
    before = view.has or {}
    best, most = -1, 0
    for place, written in enumerate(view.sent):
        shown = {name: value for name, value in (written or {}).items() if name in data}
        explained = sum(same(data[name], value) for name, value in shown.items())
        news = any(
            same(data[name], value) and not same(value, before.get(name))
            for name, value in shown.items()
        )
        if news and explained >= most:
            best, most = place, explained
    if best < 0:
        return known
    arrived = known.arrived(side, view.sent[best])
    shown = {n: v for n, v in (arrived.sides[side].has or {}).items() if n in data}
    rest = view.sent[best + 1 :]
    return arrived.with_side(side, replace(arrived.sides[side], has=shown, sent=rest))


def _edited(known: Agreement, view: View, name: str, value: Json) -> bool:
    if view.has is not None and name in view.has:
        return not same(value, view.has[name])
    # Never seen there: no news where it is what it should be.
    return known.wanted is None or name not in known.wanted or not same(value, known.wanted[name])


def _come_to_life(known: Agreement, side: int, data: Data, at: int) -> Agreement:
    """A new record, or one that was deleted and is there again or was changed meanwhile."""
    edits = dict.fromkeys(data, Edit(side, at))
    view = replace(known.sides[1 - side], left=False)
    return replace(known.with_side(1 - side, view), wanted=data, edits=edits, conflicts={})


def _take_edit(
    known: Agreement, side: int, name: str, value: Json, before: Json, at: int, policy: Policy
) -> Agreement:
    wanted = known.wanted or {}
    owner = policy.owners.get(name)
    if name in known.conflicts:
        return _take_in_conflict(known, side, name, value, at)
    if name in wanted and same(wanted[name], value):
        return known
    if owner is not None:
        # What is not there yet may come from anybody.
        return (
            _accept(known, side, name, value, at) if owner == side or name not in wanted else known
        )
    last = known.edits.get(name)
    unseen = name in wanted and not same(wanted[name], before)
    if last is None or last.side == side or not unseen:
        return _accept(known, side, name, value, at)
    if policy.hold:
        values = (value, wanted[name]) if side == 0 else (wanted[name], value)
        return _in_conflict(known, name, values)
    if _wins(side, at, last, policy):
        return _accept(known, side, name, value, at)
    return known


def _in_conflict(known: Agreement, name: str, values: tuple[Json, Json]) -> Agreement:
    """Nothing that waits is sent as it is: what is decided will have messages of its own."""
    for side in (0, 1):
        known = known.with_side(side, replace(known.sides[side], due=[]))
    return replace(known, conflicts={**known.conflicts, name: values})


def _wins(side: int, at: int, last: Edit, policy: Policy) -> bool:
    if policy.winner is not None:
        return side == policy.winner
    if abs(at - last.at) <= policy.skew_ms:
        return side == 0
    return at > last.at


def _accept(known: Agreement, side: int, name: str, value: Json, at: int) -> Agreement:
    wanted = {**(known.wanted or {}), name: value}
    known = replace(known, wanted=wanted, edits={**known.edits, name: Edit(side, at)})
    other = known.sides[1 - side]
    if other.left and wanted.get(ACTIVE) is not False:
        known = known.with_side(1 - side, replace(other, left=False))
    return known


def _take_in_conflict(known: Agreement, side: int, name: str, value: Json, at: int) -> Agreement:
    """One side changed it once more; where both now say the same, nobody need decide."""
    ours, theirs = known.conflicts[name]
    values = (value, theirs) if side == 0 else (ours, value)
    if same(*values):
        rest = {n: each for n, each in known.conflicts.items() if n != name}
        return _accept(replace(known, conflicts=rest), side, name, value, at)
    return replace(known, conflicts={**known.conflicts, name: values})


def settle_conflicts(known: Agreement, side: int, at: int) -> Agreement:
    """A person decides: the values of this side count."""
    decided = replace(known, conflicts={})
    for name, values in known.conflicts.items():
        decided = _accept(decided, side, name, values[side], at)
    return decided


def _take_absence(known: Agreement, side: int, policy: Policy) -> Agreement:
    """The record is not there, or not any more."""
    view = known.sides[side]
    if view.has is None:
        return known
    gone = known.with_side(side, View())
    if known.wanted is None or _changed_by_the_other(known, side):
        return (
            gone  # our own delete; or a change that weighs more than a delete, and brings it back
        )
    if policy.deletes is Deletes.PROPAGATE:
        return replace(gone, wanted=None, conflicts={}, edits={})
    left = gone.with_side(side, replace(gone.sides[side], left=True))
    if policy.deletes is Deletes.DEACTIVATE:
        return replace(left, wanted={**known.wanted, ACTIVE: False}, conflicts={})
    return left


def _changed_by_the_other(known: Agreement, side: int) -> bool:
    """Whether the other side changed something that this one had not seen when it deleted."""
    had = known.sides[side].has or {}
    return bool(known.conflicts) or any(
        edit.side != side and name in had and not same((known.wanted or {}).get(name), had[name])
        for name, edit in known.edits.items()
    )
