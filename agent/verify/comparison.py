"""Two sides compared: what is missing there, what is too much, what differs.

By digests where the other side keeps them: a few thousand buckets stand for a million records, and
only the buckets that differ are opened. Else by reading records back, a batch at a time; that shows
what is missing or differs, and never what is too much, for nobody names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from agent.buckets import MOST_BUCKETS, bucket_digests, bucket_of
from agent.contract import AnyTarget, can
from agent.errors import Misconfigured, Rejected
from agent.explain import differing_fields
from agent.model import Json, Record
from agent.verify.expected import DOUBTED, Expected

KEYS_A_BUCKET = 256
FEWEST_BUCKETS = 16
BUCKETS_AT_ONCE = 500
"""Buckets that are opened together: what is in them is held in memory."""
MOST_KEPT = 10_000
"""Differences that are named; beyond them they are only counted."""
BATCH = 500

MISSING, EXTRA, DIFFERENT = "missing", "extra", "different"


class Difference(NamedTuple):
    """One record that is not in step. `fields`: name → (ours, theirs), where both are known."""

    kind: str
    key: str
    fields: Mapping[str, tuple[Json, Json]]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"kind": self.kind, "key": self.key, "fields": dict(self.fields)}


class Outcome:
    """What a comparison found so far.

    Counted: records that should be there, in_step, under_way (a message of them is open), missing,
    extra, different, and unchecked: there is nothing to compare them with, or nobody can be asked.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.differences: list[Difference] = []

    def note(self, difference: Difference) -> None:
        """One more that is not in step."""
        self.counts[difference.kind] += 1
        if len(self.differences) < MOST_KEPT:
            self.differences.append(difference)

    @property
    def wrong(self) -> int:
        """How many are not in step."""
        return self.counts[MISSING] + self.counts[EXTRA] + self.counts[DIFFERENT]


OwnedElsewhere = Callable[[Sequence[str]], set[str]]
"""Of these keys those that another flow brings to the same place."""

Note = Callable[[int, int], None]
"""Called with the records compared and the differences found; may raise to end it."""


def compare(
    expected: Expected, target: AnyTarget, entity: str, elsewhere: OwnedElsewhere, note: Note
) -> tuple[str, Outcome]:
    """Compare; how it was done (`digests` or `read_back`), and what it showed.

    Raises `Misconfigured` SA-7401 where the target can be asked in neither way.
    """
    readable = can(target, "read_back")
    if can(target, "bucket_digests") and can(target, "bucket_keys"):
        try:
            return "digests", _Digests(expected, target, entity, elsewhere, note).compare()
        except (Rejected, Misconfigured):
            if not readable:
                raise
    if not readable:
        raise Misconfigured(
            "SA-7401",
            "this target cannot be asked what it holds",
            hint="where its kind has an option `read`, say how a record is read",
        )
    return "read_back", _by_reading(expected, target, entity, note)


class _Digests:
    """Buckets first, then the keys of those that differ, then the fields of the keys."""

    def __init__(
        self,
        expected: Expected,
        target: AnyTarget,
        entity: str,
        elsewhere: OwnedElsewhere,
        note: Note,
    ) -> None:
        self._expected = expected
        self._target = target
        self._entity = entity
        self._elsewhere = elsewhere
        self._note = note
        self._outcome = Outcome()
        records = sum(1 for _ in expected.records())
        self._outcome.counts["records"] = records
        self._buckets = number_of_buckets(records)

    def compare(self) -> Outcome:
        """All buckets."""
        self._target.gate.request()
        theirs = {b.block: b for b in self._target.bucket_digests(self._entity, self._buckets)}
        ours = bucket_digests(self._expected.records(), self._buckets)
        differing = sorted(
            number
            for number in ours.keys() | theirs.keys()
            if ours.get(number) != theirs.get(number)
        )
        counts = self._outcome.counts
        differing_records = sum(ours[number].rows for number in differing if number in ours)
        counts["in_step"] = counts["records"] - differing_records
        self._note(counts["in_step"], 0)
        for start in range(0, len(differing), BUCKETS_AT_ONCE):
            self._open(differing[start : start + BUCKETS_AT_ONCE])
        return self._outcome

    def _open(self, numbers: Sequence[int]) -> None:
        """Some buckets that differ, key by key."""
        wanted, counts = set(numbers), self._outcome.counts
        ours = {
            key: digest
            for key, digest in self._expected.records()
            if bucket_of(key, self._buckets) in wanted
        }
        self._target.gate.request()
        held = self._target.bucket_keys(self._entity, self._buckets, numbers)
        theirs = {each.key: each.digest for each in held}
        odd = [
            key for key in sorted(ours.keys() | theirs.keys()) if ours.get(key) != theirs.get(key)
        ]
        counts["in_step"] += len(ours) - sum(key in ours for key in odd)
        for batch in _batches(odd, BATCH):
            self._judge(batch, ours, theirs)
            self._note(sum(counts[n] for n in ("in_step", "under_way")), self._outcome.wrong)

    def _judge(
        self, keys: Sequence[str], ours: Mapping[str, str], theirs: Mapping[str, str]
    ) -> None:
        moving = self._expected.moving(keys)
        extra = [key for key in keys if key not in ours and key not in moving]
        owned = self._elsewhere(extra) if extra else set()
        both = [key for key in keys if key in ours and key in theirs and key not in moving]
        told = _fields(self._expected, self._target, self._entity, both)
        for key in keys:
            if key in moving:
                self._outcome.counts["under_way"] += key in ours
            elif key not in theirs:
                self._outcome.note(Difference(MISSING, key, {}))
            elif key in ours:
                self._differing(key, told.get(key))
            elif key not in owned:
                self._outcome.note(Difference(EXTRA, key, {}))

    def _differing(self, key: str, told: _Told | None) -> None:
        if told is not None and told.ours == told.theirs:
            self._outcome.counts["in_step"] += 1  # another digest of the very same record
        else:
            fields = _all_fields(told) if told else {}
            self._outcome.note(Difference(DIFFERENT, key, fields))


class _Told(NamedTuple):
    ours: Mapping[str, Json]
    theirs: Mapping[str, Json]


def _fields(
    expected: Expected, target: AnyTarget, entity: str, keys: Sequence[str]
) -> dict[str, _Told]:
    """What both sides say of these, where both can be had."""
    if not keys or not can(target, "read_back"):
        return {}
    ours = expected.data(keys)
    return {
        each.key: _Told(ours[each.key], each.data)
        for each in _read_back(target, entity, keys)
        if each.key in ours
    }


def _read_back(target: AnyTarget, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """What is there, asked for within the limits of the target."""
    if keys:
        target.gate.request()
        yield from target.read_back(entity, keys)


def _all_fields(told: _Told) -> dict[str, tuple[Json, Json]]:
    """Every field that is not the same; a field that one lacks is null there."""
    names = [*told.ours, *(name for name in told.theirs if name not in told.ours)]
    pairs = {name: (told.ours.get(name), told.theirs.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _by_reading(expected: Expected, target: AnyTarget, entity: str, note: Note) -> Outcome:
    outcome, absent_is_missing = Outcome(), target.reads_back(entity)
    counts = outcome.counts
    for batch in _batches(expected.records(), min(BATCH, target.batch_size)):
        records = dict(batch)
        counts["records"] += len(records)
        moving = expected.moving(list(records))
        counts["under_way"] += len(moving)
        asked = [key for key in records if key not in moving]
        held = {each.key: each.data for each in _read_back(target, entity, asked)}
        ours = expected.data([key for key in asked if records[key] != DOUBTED])
        for key in asked:
            if key not in held:
                if absent_is_missing:
                    outcome.note(Difference(MISSING, key, {}))
                else:
                    counts["unchecked"] += 1
            elif key not in ours:
                counts["unchecked"] += 1
            elif fields := differing_fields(ours[key], held[key]):
                outcome.note(Difference(DIFFERENT, key, fields))
            else:
                counts["in_step"] += 1
        note(counts["records"], outcome.wrong)
    return outcome


def number_of_buckets(records: int) -> int:
    """A power of two, so that a bucket holds some hundreds of keys; 4,096 for a million."""
    buckets = FEWEST_BUCKETS
    while buckets * KEYS_A_BUCKET < records and buckets < MOST_BUCKETS:
        buckets *= 2
    return buckets


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
