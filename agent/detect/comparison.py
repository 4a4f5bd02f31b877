"""One pass of rows against what is known: the three sieves, and what they leave."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from agent.contract import Batch
from agent.detect.blocks import Block, cut
from agent.detect.digest import age_text, guarded_value, is_older, record_mark, row_digests
from agent.detect.findings import GONE, UNSURE, Found, Known, Mapped, NewBlock, Refusal, Row
from agent.detect.guard import GuardLimits, Tally
from agent.errors import Misconfigured, Rejected
from agent.model import Change, Op

REFUSALS_BEARABLE = 1000
REFUSED_SHARE_BEARABLE = 0.5

_UPSERT, _DELETE = Op.UPSERT, Op.DELETE
"""Looked up once: it is done for every row."""

_row_json = msgspec.json.Encoder(enc_hook=str).encode


class Comparison:
    """Compares batches; `found` collects what has to be written.

    `find` looks keys up among what is known; `blocks` and `block_ids` give the known blocks (asked
    for once, by a pass over everything) and the ids of their rows. With `trust_rows` off (the
    mapping changed) every row is mapped again; with `force` even an equal record is sent again.
    With `dealt_anew` the source may have dealt its rows into other blocks: where it tells each
    row's block, that is remembered though the row is equal. `refused` holds the rows whose refusal
    stands: key → row and code. `newer_by` names the field by which an older state of a record, one
    that came late over another way, is known and passed over.
    """

    def __init__(
        self,
        *,
        entity: str,
        key: Callable[[tuple[Any, ...]], str],
        mapped: Callable[[tuple[Any, ...]], Mapped],
        find: Callable[[Sequence[str]], Mapping[str, Known]],
        blocks: Callable[[], dict[bytes, int]],
        block_ids: Callable[[Sequence[int]], Iterable[array[int]]],
        tally: Tally,
        refused: dict[str, tuple[bytes, str]],
        trust_rows: bool = True,
        force: bool = False,
        dealt_anew: bool = False,
        guard: GuardLimits | None = None,
        newer_by: str = "",
    ) -> None:
        self.entity = entity
        self.found = Found()
        self.tally = tally
        self.rows_read = 0
        self.refusals = 0
        self.repeated = 0
        self.outdated = 0
        self.keyless = 0
        self.last_refusal = ""
        self.matched_blocks: set[int] = set()
        self.seen = bytearray()
        self._key = key
        self._mapped = mapped
        self._find = find
        self._read_blocks = blocks
        self._block_ids = block_ids
        self._refused = refused
        self._trust_rows = trust_rows
        self.forced = force
        self._dealt_anew = dealt_anew
        self._guard_field = guard.jump_field if guard else ""
        self._guard_factor = guard.jump_factor if guard else Decimal(0)
        self._newer_by = newer_by

    def rebind(
        self, key: Callable[[tuple[Any, ...]], str], mapped: Callable[[tuple[Any, ...]], Mapped]
    ) -> None:
        """The next batches have other columns."""
        self._key, self._mapped = key, mapped

    def compare(self, batch: Batch) -> None:
        """Take one batch in."""
        digests = batch.digests or row_digests(batch.rows)
        self.rows_read += len(digests)
        if batch.whole and not batch.blocks:
            blocks = list(cut(digests))
            unknown = self._unmatched(blocks)
        else:
            unknown = [Block(0, len(digests), b"")] if digests else []
        # Adjoining blocks are parsed in one go, and all keys of the batch looked up in one.
        runs = [(run, *self._read(batch, run)) for run in _adjoining(unknown)]
        fresh = self.found.rows
        known = self._find([key for _, _, keys in runs for key in keys if key and key not in fresh])
        for run, rows, keys in runs:
            self._compare_rows(batch, digests, run, rows, keys, known)
        self._mind_refusals()

    @property
    def unmatched_blocks(self) -> int:
        """How many known blocks were not met so far."""
        return len(self._blocks)

    def stored(self, ids: Sequence[int]) -> None:
        """The rows of `found` now have these ids: mark them as seen and start a new collection."""
        self._reach(max(ids, default=-1) + 1)
        for known_id in ids:
            self.seen[known_id] = 1
        self.found = Found()

    def vanish(self, known: Known) -> None:
        """This known row was not met where it should have been: its record is to be deleted."""
        self.found.removed.append(known.id)
        if known.record_digest != GONE:
            self.tally.deletes += 1
            self.found.changes[known.key] = self._delete(known.key, known.record_digest)

    def forget_refusals(self) -> None:
        """Everything was met: rows that stood refused and are not refused now are gone."""
        self.found.healed |= self._refused.keys()

    def met(self, known: Known) -> bool:
        """Whether this known row was seen in this pass."""
        return known.id < len(self.seen) and self.seen[known.id] == 1

    def met_all(self, known: int) -> bool:
        """Whether every row was met, of so many that are known by now, this pass's own included."""
        return self.seen.count(1) == known

    # Blocks

    @cached_property
    def _blocks(self) -> dict[bytes, int]:
        return self._read_blocks()

    def _unmatched(self, blocks: list[Block]) -> list[Block]:
        """The blocks that are not known; the rows of the others are marked as seen."""
        if not blocks or not self._trust_rows or self.forced or not self._blocks:
            return blocks
        candidates = [(block, self._blocks.pop(block.digest, None)) for block in blocks]
        known = [block_id for _, block_id in candidates if block_id is not None]
        ids = iter(self._block_ids(known))
        unmatched = []
        for block, block_id in candidates:
            if block_id is not None and self._see_all(next(ids)):
                self.matched_blocks.add(block_id)
            else:
                unmatched.append(block)
        return unmatched

    def _see_all(self, ids: array[int]) -> bool:
        """Mark the rows of a block as seen; False where one was met before in this pass."""
        first, last = min(ids), max(ids) + 1
        self._reach(last)
        if last - first == len(ids):
            if self.seen.find(1, first, last) >= 0:
                return False
            self.seen[first:last] = b"\x01" * len(ids)
            return True
        if any(self.seen[known_id] for known_id in ids):
            return False
        for known_id in ids:
            self.seen[known_id] = 1
        return True

    def _see(self, known_id: int) -> None:
        self._reach(known_id + 1)
        self.seen[known_id] = 1

    def _reach(self, size: int) -> None:
        if size > len(self.seen):
            self.seen.extend(bytes(max(size - len(self.seen), len(self.seen), 4096)))

    # Rows

    def _read(
        self, batch: Batch, run: list[Block]
    ) -> tuple[Sequence[tuple[Any, ...] | None], list[str | None]]:
        """The rows of adjoining blocks and their keys; None for what is refused."""
        start = run[0].start
        rows = self._readable(batch, start, run[-1].end)
        return rows, [self._key_of(batch, start + i, row) for i, row in enumerate(rows)]

    def _compare_rows(
        self,
        batch: Batch,
        digests: Sequence[bytes],
        run: list[Block],
        rows: Sequence[tuple[Any, ...] | None],
        keys: list[str | None],
        known: Mapping[str, Known],
    ) -> None:
        start, fresh = run[0].start, self.found.rows
        slots: list[int | None] = [None] * len(rows)
        for i, (row, key) in enumerate(zip(rows, keys, strict=True)):
            if key is not None and row is not None:
                before = fresh.get(key) or known.get(key)
                slots[i] = self._compare_row(batch, start + i, row, digests[start + i], key, before)
        for block in run:
            ids = slots[block.start - start : block.end - start]
            if block.digest and None not in ids:
                self.found.blocks.append(NewBlock(block.digest, [i for i in ids if i is not None]))

    def _readable(self, batch: Batch, start: int, end: int) -> Sequence[tuple[Any, ...] | None]:
        """The rows, None for one that cannot even be read (and is refused)."""
        try:
            return batch.rows[start:end]
        except Rejected:
            return [self._read_one(batch, i) for i in range(start, end)]

    def _read_one(self, batch: Batch, i: int) -> tuple[Any, ...] | None:
        try:
            return batch.rows[i]
        except Rejected as error:
            self._refuse_keyless(batch, i, None, error)
            return None

    def _key_of(self, batch: Batch, i: int, row: tuple[Any, ...] | None) -> str | None:
        if row is None:
            return None
        try:
            return self._key(row)
        except Rejected as error:
            self._refuse_keyless(batch, i, row, error)
            return None

    def _compare_row(
        self,
        batch: Batch,
        i: int,
        row: tuple[Any, ...],
        digest: bytes,
        key: str,
        before: Known | None,
    ) -> int | None:
        """The row's id when it is now known as it stands; None when it was refused."""
        if before is not None:
            equal = before.row_digest == digest
            if batch.whole and self._seen_before(before):
                self._repeat(batch, i, row, key, equal=equal)
                return None
            if equal and self._trust_rows and not self.forced:
                if before.id >= 0:
                    self._see(before.id)
                self._heal(key)
                if self._dealt_anew and batch.blocks:
                    place = batch.blocks[i]
                    self.found.rows[key] = Row(before.id, key, digest, before.record_digest, place)
                return before.id
            if before.id >= 0:
                self._see(before.id)
        try:
            mapped = self._mapped(batch.fill(row) if batch.fill else row)
            mark = self._mark(mapped)
        except Rejected as error:
            self._refuse(Refusal(key, _as_json(batch, row), error.code, _at(batch, i, error)))
            return None
        self._heal(key)
        if self._newer_by and before is not None and is_older(mark, before.record_digest):
            self.outdated += 1
            return before.id
        self._note(key, mapped, mark, before, whole=batch.whole)
        known_id = before.id if before is not None else -(len(self.found.rows) + 1)
        block = batch.blocks[i] if batch.blocks else None
        self.found.rows[key] = Row(known_id, key, digest, mark, block)
        return known_id

    def _mark(self, mapped: Mapped) -> bytes:
        if mapped.skipped or mapped.op is _DELETE:
            return GONE
        field = self._newer_by or self._guard_field
        if not field:
            return record_mark(mapped.body)
        value = msgspec.json.decode(mapped.body).get(field)
        if self._newer_by:
            return record_mark(mapped.body, age_text(value))
        return record_mark(mapped.body, "" if value is None else str(value))

    def _note(
        self, key: str, mapped: Mapped, mark: bytes, before: Known | None, *, whole: bool
    ) -> None:
        """Turn the difference between mark and what was known into a change, or none."""
        earlier = self.found.changes.pop(key, None)
        # Of two states of a key in one transaction only the later one travels.
        if earlier is not None:
            previous = earlier.previous
        else:
            previous = before.record_digest if before is not None else None
        if mark == GONE:
            # In a list of changes a delete of a key never seen is passed on: the other side may
            # know it from an earlier life of this store.
            if previous or (previous is None and not whole and mapped.op is _DELETE):
                self.tally.deletes += 1
                self.found.changes[key] = self._delete(key, previous)
            return
        if previous == mark and not self.forced:
            return
        if previous and previous != UNSURE:
            self.tally.updates += 1
            if self._guard_field:
                self.tally.note_jump(
                    key, guarded_value(previous), guarded_value(mark), self._guard_factor
                )
        else:
            self.tally.inserts += 1
        objection = mapped.objection
        if objection is not None:
            self.refusals += 1
            self.last_refusal = objection.reason
        self.found.changes[key] = Change(
            _UPSERT, self.entity, key, mapped.body, mark, previous, objection
        )

    def _delete(self, key: str, previous: bytes | None) -> Change:
        return Change(_DELETE, self.entity, key, b"", GONE, previous)

    def _seen_before(self, before: Known) -> bool:
        return before.id < 0 or self.met(before)

    # Refusals

    def _repeat(self, batch: Batch, i: int, row: tuple[Any, ...], key: str, *, equal: bool) -> None:
        """The same key again in one pass: the first row stands, a different second is refused."""
        self.repeated += 1
        if equal:
            return
        error = Rejected(
            "SA-4004",
            f'the key "{key}" stands more than once in the source; the first row counts',
        )
        self._refuse(Refusal(key, _as_json(batch, row), error.code, _at(batch, i, error)))

    def _refuse_keyless(
        self, batch: Batch, i: int, row: tuple[Any, ...] | None, error: Rejected
    ) -> None:
        """A row whose key is unknown may be any key: the pass can no longer tell what vanished."""
        self.keyless += 1
        label = batch.where(i) if batch.where else f"row {self.rows_read - len(batch.rows) + i + 1}"
        self._refuse(Refusal(f"({label})", _as_json(batch, row), error.code, _at(batch, i, error)))

    def _refuse(self, refusal: Refusal) -> None:
        self.refusals += 1
        self.found.healed.discard(refusal.key)
        standing = self._refused.pop(refusal.key, None)
        if standing != (refusal.row, refusal.code):
            self.found.refusals.append(refusal)
        self.last_refusal = refusal.reason

    def _heal(self, key: str) -> None:
        if key in self._refused:
            self.found.healed.add(key)

    def _mind_refusals(self) -> None:
        """Rows refused by the thousand are no poison records: the mapping does not fit."""
        bearable = max(REFUSALS_BEARABLE, REFUSED_SHARE_BEARABLE * self.rows_read)
        if self.refusals > bearable:
            raise Misconfigured(
                "SA-4005",
                f"{self.refusals} of {self.rows_read} rows are refused, for example: "
                + self.last_refusal,
                hint="the mapping or the source's encoding, delimiter or formats do not fit",
            )


def _adjoining(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks that follow each other, together: their rows are read in one go."""
    run: list[Block] = []
    for block in blocks:
        if run and run[-1].end != block.start:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _as_json(batch: Batch, row: tuple[Any, ...] | None) -> bytes:
    if row is None:
        return b"{}"
    named = dict(zip(batch.columns, row, strict=False))
    try:
        return _row_json(named)
    except UnicodeEncodeError:  # half a surrogate pair, of a driver that cut a text
        return _row_json({name: ascii(value) for name, value in named.items()})


def _at(batch: Batch, i: int, error: Rejected) -> str:
    return f"{error.reason} ({batch.where(i)})" if batch.where else error.reason
