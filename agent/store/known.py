"""What was last taken over: digests per flow and key, and blocks of them.

Rows are numbered within their flow from 0, without reuse, so that a pass can mark what it saw in a
bytearray of `Known.span(flow)` bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

import apsw

from agent.model import join_key
from agent.store.database import Database
from agent.store.names import enter_flow, flow_number

NOT_KNOWN = bytes(16)
"""A digest that equals no record's: what the target holds is not sure."""

_NUMBER_BITS = 32
_SLICE = 10_000
_DIGEST = 16
_COLUMNS = f"id & {(1 << _NUMBER_BITS) - 1}, key, row_digest, record_digest"

NewRow: TypeAlias = tuple[str, bytes, bytes, int | None]
"""Key, row digest, record digest, the source's own block or None."""


class KnownRow(NamedTuple):
    """A row as last taken over; `id` counts from 0 within its flow."""

    id: int
    key: str
    row_digest: bytes
    record_digest: bytes


class Known:
    """The rows of all flows, and digests over blocks of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, flow: str) -> int:
        """How many rows are known; kept up to date, not counted."""
        return self._database.value("SELECT known_rows FROM flow WHERE name = ?", (flow,)) or 0

    def span(self, flow: str) -> int:
        """One more than the highest id ever given: the size of a bytearray over all ids."""
        return self._database.value("SELECT known_next FROM flow WHERE name = ?", (flow,)) or 0

    def find(self, flow: str, keys: Sequence[str]) -> dict[str, KnownRow]:
        """The rows of these keys, of those that are known. Sorted keys are found fastest."""
        if not keys:
            return {}
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM carray(?) AS wanted"
            " CROSS JOIN known ON known.flow = ? AND known.key = wanted.value",
            (apsw.carray(tuple(keys)), flow_number(self._database, flow)),
        )
        return {row[1]: KnownRow._make(row) for row in found}

    def keys_under(self, flow: str, beginnings: Sequence[tuple[str, ...]], limit: int) -> list[str]:
        """Known keys of several columns whose first ones are these, at most so many."""
        number = flow_number(self._database, flow)
        found: list[str] = []
        for parts in beginnings:
            start = join_key((*parts, ""))
            found += (
                key
                for (key,) in self._database.rows(
                    "SELECT key FROM known WHERE flow = ? AND key >= ? AND key < ? LIMIT ?",
                    (number, start, start[:-1] + chr(ord("|") + 1), limit - len(found)),
                )
            )
            if len(found) >= limit:
                break
        return found

    def put(self, flow: str, rows: Sequence[NewRow]) -> list[int]:
        """Keep these rows, new or changed; their ids in the order given."""
        if not rows:
            return []
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            first, updates, ids = number << _NUMBER_BITS, [], []
            new: list[NewRow] = []
            ids_of = self._ids_of(number, [row[0] for row in rows])
            fresh = start = self.span(flow)
            for row in rows:
                key, row_digest, record_digest, block = row
                row_id = ids_of.get(key)
                if row_id is None:
                    row_id = ids_of[key] = fresh
                    fresh += 1
                    new.append(row)
                else:
                    updates.append((row_digest, record_digest, block, first + row_id))
                ids.append(row_id)
            self._insert(number, first + start, new)
            self._database.write_many(
                "UPDATE known SET row_digest = ?, record_digest = ?, block = ? WHERE id = ?",
                updates,
            )
            self._database.write(
                "UPDATE flow SET known_rows = known_rows + ?, known_next = ? WHERE id = ?",
                (len(new), fresh, number),
            )
            return ids

    def _insert(self, number: int, first: int, rows: Sequence[NewRow]) -> None:
        """New rows, numbered from `first` on.

        Rows of equal width go in one statement: it takes half the time of one per row, and other
        threads compute meanwhile.
        """
        if not rows:
            return
        keys, row_digests, record_digests, blocks = zip(*rows, strict=True)
        plain = set(map(len, row_digests + record_digests)) == {_DIGEST} and not any(
            block is not None for block in blocks
        )
        if plain:
            self._database.write(
                "INSERT INTO known SELECT ?1 + row.rowid - 1, ?2, row.value,"
                f" substr(?3, {_DIGEST} * (row.rowid - 1) + 1, {_DIGEST}),"
                f" substr(?4, {_DIGEST} * (row.rowid - 1) + 1, {_DIGEST}), NULL"
                " FROM carray(?5) AS row",
                (first, number, b"".join(row_digests), b"".join(record_digests), apsw.carray(keys)),
            )
        else:
            self._database.write_many(
                "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?)",
                ((line, number, *row) for line, row in enumerate(rows, start=first)),
            )

    def _ids_of(self, number: int, keys: list[str]) -> dict[str, int]:
        last = self._database.value("SELECT max(key) FROM known WHERE flow = ?", (number,))
        if last is None or min(keys) > last:  # a first load in key order: nothing to look up
            return {}
        found = self._database.rows(
            f"SELECT key, id & {(1 << _NUMBER_BITS) - 1} FROM carray(?) AS wanted"
            " CROSS JOIN known ON known.flow = ? AND known.key = wanted.value",
            (apsw.carray(tuple(keys)), number),
        )
        return dict(found)

    def remove(self, flow: str, ids: Iterable[int]) -> None:
        """Forget these rows."""
        with self._database.transaction():
            first = flow_number(self._database, flow) << _NUMBER_BITS
            removed = array("q", (first + row_id for row_id in ids))
            if not removed:
                return
            gone = self._database.write(
                "DELETE FROM known WHERE id IN (SELECT value FROM carray(?)) RETURNING 1",
                (apsw.carray(removed),),
            )
            self._database.write(
                "UPDATE flow SET known_rows = known_rows - ? WHERE name = ?", (len(gone), flow)
            )

    def take_back(
        self, flow: str, takeovers: Sequence[tuple[str, bytes | None, bytes | None]]
    ) -> None:
        """Undo takeovers, the newest first: (key, digest taken over, digest before), None: absent.

        One that was taken over anew since then stands. The rows are looked at again in any case.
        """
        with self._database.transaction():
            found = self.find(flow, sorted({key for key, _, _ in takeovers}))
            stand = {key: row.record_digest for key, row in found.items()}
            changed: dict[str, bytes | None] = {}
            for key, taken_over, before in takeovers:
                if changed.get(key, stand.get(key)) == taken_over:
                    changed[key] = before
            self.remove(
                flow,
                [
                    found[key].id
                    for key, digest in changed.items()
                    if digest is None and key in found
                ],
            )
            self.put(
                flow,
                [
                    (key, NOT_KNOWN, digest, None)
                    for key, digest in changed.items()
                    if digest is not None
                ],
            )
            self.invalidate_blocks(flow)

    def doubt_all(self) -> None:
        """After an old backup was restored: the keys are right, what the targets hold is not sure.

        The next full pass of each flow sends every record again, and deletes what has gone.
        """
        with self._database.transaction():
            self._database.write(
                "UPDATE known SET row_digest = zeroblob(16), record_digest = zeroblob(16)"
            )
            self._database.write("DELETE FROM known_block")
            self._database.write("DELETE FROM source_block")
            self._database.write(
                "UPDATE flow SET blocks_valid = 0, layout = '', cursor = '', full_pass_at = 0"
            )

    def doubt(self, flow: str, keys: Sequence[str]) -> int:
        """What the target holds of these keys is not sure; how many of them are known.

        The next look at each of them sends it again, or deletes what has gone.
        """
        with self._database.transaction():
            known = self.find(flow, sorted(set(keys))).values()
            self.put(flow, [(row.key, NOT_KNOWN, NOT_KNOWN, None) for row in known])
            self.invalidate_blocks(flow)
            return len(known)

    def records(self, flow: str) -> Iterator[tuple[str, bytes]]:
        """Key and record digest of every known row that has a record, in the order of their ids."""
        first = flow_number(self._database, flow) << _NUMBER_BITS
        last, end = first - 1, first + self.span(flow)
        while found := self._database.rows(
            "SELECT id, key, record_digest FROM known WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
            (last, end, _SLICE),
        ):
            yield from ((key, digest) for _, key, digest in found if digest)
            last = found[-1][0]

    def unseen(self, flow: str, seen: bytearray) -> Iterator[KnownRow]:
        """Rows whose byte in `seen` is 0, in the order of their ids; beyond its end: not seen."""
        first = flow_number(self._database, flow) << _NUMBER_BITS
        unseen = _unseen(seen, self.span(flow))
        while wanted := array("q", (first + row_id for row_id in islice(unseen, _SLICE))):
            yield from self._of_numbers(wanted)

    def unseen_of_blocks(
        self, flow: str, blocks: Sequence[int], seen: bytearray
    ) -> Iterator[KnownRow]:
        """The rows that were last seen in these blocks of the source and are not seen now."""
        number = flow_number(self._database, flow)
        first = number << _NUMBER_BITS
        for start in range(0, len(blocks), 1000):
            found = self._database.rows(
                "SELECT id FROM carray(?) AS wanted"
                " CROSS JOIN known ON known.flow = ? AND known.block = wanted.value",
                (apsw.carray(array("q", blocks[start : start + 1000])), number),
            )
            wanted = array(
                "q",
                (each for (each,) in found if each - first >= len(seen) or not seen[each - first]),
            )
            if wanted:
                yield from self._of_numbers(wanted)

    def _of_numbers(self, wanted: array[int]) -> Iterator[KnownRow]:
        found = self._database.rows(
            f"SELECT {_COLUMNS} FROM carray(?) AS wanted"
            " CROSS JOIN known ON known.id = wanted.value",
            (apsw.carray(wanted),),
        )
        return map(KnownRow._make, found)

    def forget(self, flow: str) -> None:
        """Know nothing of this flow any more: its next pass is a first load."""
        with self._database.transaction():
            number = flow_number(self._database, flow)
            for table in ("known", "known_block", "source_block"):
                self._database.write(f"DELETE FROM {table} WHERE flow = ?", (number,))
            self._database.write(
                "UPDATE flow SET known_rows = 0, blocks_valid = 0, layout = '', cursor = '',"
                " full_pass_at = 0 WHERE id = ?",
                (number,),
            )

    def blocks(self, flow: str) -> dict[bytes, int]:
        """Content digest of each block → its id; {} unless the blocks describe the rows exactly."""
        return dict(
            self._database.rows(
                "SELECT digest, known_block.id FROM flow"
                " JOIN known_block ON known_block.flow = flow.id"
                " WHERE flow.name = ? AND blocks_valid",
                (flow,),
            )
        )

    def block_ids(self, blocks: Sequence[int]) -> Iterator[array[int]]:
        """The ids of the rows of each block, in the order given."""
        for start in range(0, len(blocks), _SLICE):
            found = self._database.rows(
                "SELECT numbers FROM carray(?) AS wanted"
                " CROSS JOIN known_block ON known_block.id = wanted.value",
                (apsw.carray(array("q", blocks[start : start + _SLICE])),),
            )
            for (numbers,) in found:
                yield array("q", numbers)

    def replace_blocks(
        self, flow: str, keep: Collection[int], add: Iterable[tuple[bytes, array[int]]]
    ) -> None:
        """From now on these blocks describe the flow's rows: some old ones, some new ones."""
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            kept = frozenset(keep)
            stored = self._database.rows("SELECT id FROM known_block WHERE flow = ?", (number,))
            self._database.write_many(
                "DELETE FROM known_block WHERE id = ?",
                (line for line in stored if line[0] not in kept),
            )
            self._database.write_many(
                "INSERT INTO known_block (flow, digest, numbers) VALUES (?, ?, ?)",
                ((number, digest, numbers.tobytes()) for digest, numbers in add),
            )
            self._database.write("UPDATE flow SET blocks_valid = 1 WHERE id = ?", (number,))

    def invalidate_blocks(self, flow: str) -> None:
        """The blocks no longer describe the rows: look at every row again.

        They stay where they are: a pass that is under way may still find its bearings by them, and
        `replace_blocks` keeps those that it met.
        """
        with self._database.transaction():
            self._database.write(
                "UPDATE flow SET blocks_valid = 0, layout = '' WHERE name = ?", (flow,)
            )

    def source_blocks(self, flow: str) -> dict[int, tuple[bytes, int]]:
        """The source's own blocks as last taken over: number → digest, rows."""
        found = self._database.rows(
            "SELECT block, digest, rows FROM source_block WHERE flow = ?",
            (flow_number(self._database, flow),),
        )
        return {block: (digest, rows) for block, digest, rows in found}

    def replace_source_blocks(
        self,
        flow: str,
        layout: str,
        blocks: Iterable[tuple[int, bytes, int]],
        differing: Collection[int] | None = None,
    ) -> None:
        """From now on these are the source's blocks (number, digest, rows), dealt as `layout`.

        Only those in `differing` are other than before; None: any may be.
        """
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            if differing is None:
                self._database.write("DELETE FROM source_block WHERE flow = ?", (number,))
            elif differing:
                self._database.write(
                    "DELETE FROM source_block"
                    " WHERE flow = ? AND block IN (SELECT value FROM carray(?))",
                    (number, apsw.carray(array("q", differing))),
                )
            moved = None if differing is None else frozenset(differing)
            self._database.write_many(
                "INSERT INTO source_block VALUES (?, ?, ?, ?)",
                ((number, *block) for block in blocks if moved is None or block[0] in moved),
            )
            self._database.write("UPDATE flow SET layout = ? WHERE id = ?", (layout, number))


def _unseen(seen: bytearray, span: int) -> Iterator[int]:
    row_id = seen.find(0, 0, span)
    while row_id >= 0:
        yield row_id
        row_id = seen.find(0, row_id + 1, span)
    yield from range(len(seen), span)
