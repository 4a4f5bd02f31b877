"""From the bytes of a file to its logical lines, as fast as Python goes.

A line whose bytes are known is never parsed, so lines stay bytes here. They are split at line
ends wholesale; only where quotes do not pair up within a line is it looked at closely, because a
quoted cell may hold line breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from connectors._drop.text import blocks_of_lines, endless

HINT = "where quotes have no meaning in this file, set quote: none"


class Lines(NamedTuple):
    """Logical lines of one stretch of a file without their ends, and where each one begins."""

    raw: list[bytes]
    numbers: Sequence[int]

    def pieces(self, size: int) -> Iterator[Lines]:
        """The same lines, at most `size` at a time."""
        for start in range(0, len(self.raw), size):
            yield Lines(self.raw[start : start + size], self.numbers[start : start + size])

    def where(self, keep: Sequence[bool]) -> Lines:
        """Only the lines marked in `keep`."""
        return Lines(
            [line for line, kept in zip(self.raw, keep, strict=True) if kept],
            [number for number, kept in zip(self.numbers, keep, strict=True) if kept],
        )


def split(
    pieces: Iterable[bytes],
    *,
    delimiter: bytes,
    quote: bytes,
    skip: int,
    comment: bytes,
    limit: int,
) -> Iterator[Lines]:
    """Logical lines; empty ones, comments and the first `skip` ones are left out.

    Raises `Rejected` for a line, or an open quote, that goes on for more than `limit` bytes.
    """
    records = _Records(delimiter, quote, limit)
    first = 1
    for block in blocks_of_lines(pieces, limit):
        # One-byte needles only: searching for two bytes costs as much as the digests.
        physical = block.split(b"\n")
        physical.pop()  # the block ends with a line end
        past, first = first, first + len(physical)
        if past <= skip:
            physical = physical[skip - past + 1 :]
        lines = Lines(physical, range(first - len(physical), first))
        if quote and (records.is_open or (quote in block and _odd_quotes(block, quote))):
            lines = records.feed(lines)
        if b"\r" in block:
            lines = lines._replace(raw=[line.removesuffix(b"\r") for line in lines.raw])
        yield _without_fillers(lines, comment)
    if records.is_open:
        yield records.rest()


def without_last(parts: Iterable[Lines], count: int) -> Iterator[Lines]:
    """All lines but the last `count`: totals at the end of a file are no rows."""
    held = Lines([], [])
    for part in parts:
        lines = Lines([*held.raw, *part.raw], [*held.numbers, *part.numbers])
        end = max(len(lines.raw) - count, 0)
        held = Lines(lines.raw[end:], lines.numbers[end:])
        yield Lines(lines.raw[:end], lines.numbers[:end])


def _odd_quotes(block: bytes, quote: bytes) -> bool:
    """Whether any line holds an odd number of quotes, found without a loop over the lines."""
    others = bytes(set(range(256)) - set(b"\n" + quote))
    return quote in block.translate(None, others).replace(quote * 2, b"")


def _without_fillers(lines: Lines, comment: bytes) -> Lines:
    if comment:
        lines = lines.where([not line.startswith(comment) for line in lines.raw])
    if b"" in lines.raw:
        lines = lines.where([line != b"" for line in lines.raw])
    return lines


class _Records:
    """Joins physical lines while a quoted cell is open.

    An odd number of quotes is only a suspicion: in `hose 1/2";12.50` the quote is a letter like
    any other. Where the suspicion is wrong the line stands alone.
    """

    def __init__(self, delimiter: bytes, quote: bytes, limit: int) -> None:
        self._delimiter, self._quote, self._limit = delimiter, quote, limit
        self._open: list[bytes] = []
        self._open_at = self._size = 0

    @property
    def is_open(self) -> bool:
        """Whether a record waits for its closing quote."""
        return bool(self._open)

    def feed(self, lines: Lines) -> Lines:
        """The records that end within these lines."""
        raw: list[bytes] = []
        numbers: list[int] = []
        for line, number in zip(lines.raw, lines.numbers, strict=True):
            suspicious = line.count(self._quote) & 1
            if self._open:
                self._append(line)
                if suspicious and not self._ends_open(record := b"\n".join(self._open)):
                    raw.append(record)
                    numbers.append(self._open_at)
                    self._open = []
            elif suspicious and self._ends_open(line):
                self._open_at, self._size = number, 0
                self._append(line)
            else:
                raw.append(line)
                numbers.append(number)
        return Lines(raw, numbers)

    def rest(self) -> Lines:
        """The record that the file's end cut off."""
        return Lines([b"\n".join(self._open)], [self._open_at])

    def _append(self, line: bytes) -> None:
        self._open.append(line)
        self._size += len(line) + 1
        if self._size > self._limit:
            raise endless(f"the quote opened in line {self._open_at}", self._limit, HINT)

    def _ends_open(self, record: bytes) -> bool:
        """Whether the last cell is quoted and lacks its closing quote."""
        quote, delimiter, place = self._quote, self._delimiter, 0
        while True:
            if record.startswith(quote, place):
                place = record.find(quote, place + len(quote))
                while place >= 0 and record.startswith(quote, place + len(quote)):
                    place = record.find(quote, place + 2 * len(quote))
                if place < 0:
                    return True
            place = record.find(delimiter, place) + len(delimiter)
            if place < len(delimiter):
                return False
