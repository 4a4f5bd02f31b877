"""What a source reads: rows, and what is to be known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, overload

RawT = TypeVar("RawT")


class LazyRows(Sequence[tuple[Any, ...]], Generic[RawT]):
    """Rows for `Batch.rows`, each read from its raw form when it is asked for.

    `read` raises `Rejected` for one that cannot be read; iteration may go on behind it.
    """

    def __init__(self, raw: Sequence[RawT], read: Callable[[RawT], tuple[Any, ...]]) -> None:
        self._raw, self._read = raw, read

    def __len__(self) -> int:
        return len(self._raw)

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[Any, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        if isinstance(index, slice):
            return list(map(self._read, self._raw[index]))
        return self._read(self._raw[index])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return map(self._read, self._raw)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a pass.

    `rows` may be lazy: an element is parsed when it is asked for, and asking raises `Rejected`
    for a row that cannot be read. `digests`, when given, holds one 16-byte digest a row of the
    row's raw form, so that the engine need not touch rows it knows. `blocks`, when given, names
    the source's own block of each row (see `BlockDigest`).
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    cursor: str = ""
    """Hand back to `read()` to go on; "" means: start over."""
    whole: bool = False
    """Part of a pass over everything there is (each key once), not of a list of changes."""
    complete: bool = False
    """Every key that exists has now been seen, in this batch and those before it in this pass."""
    digests: Sequence[bytes] = ()
    blocks: Sequence[int] = ()
    gone: Sequence[str] = ()
    """Keys that no longer exist, where a list of changes names them; none that `rows` holds."""
    reread: Sequence[int] = ()
    """Blocks of which `rows` holds everything: a known row of theirs that is not there is gone."""
    note: str = ""
    """What a person should know of this pass, in one line: why it reads everything, for example."""
    types: Sequence[str] = ()
    """The source's own word for the type of each column, "" where it has none; () for no words."""
    where: Callable[[int], str] | None = None
    """Where row i stands, for a person: `listino.csv line 17`."""
    fill: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None = None
    """Fills in the cells that are dear (the hash of a file), or raises `Rejected`.

    Asked for rows that are about to be mapped, and not for those whose digest is known: `digests`
    must be given, and must differ whenever a dear cell would. Never for a cell of the key."""


class BlockDigest(NamedTuple):
    """One block of rows as the source digests it: its number, its digest, how many rows it has."""

    block: int
    digest: bytes
    rows: int


class KeyDigest(NamedTuple):
    """A key that the other side holds, and the digest that it was last sent with; "" for none."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class BlockDigests:
    """All blocks of a source at one moment.

    `layout` names how rows are dealt into blocks and digested (algorithm, number of blocks,
    columns, server version). Digests of different layouts cannot be compared.
    """

    layout: str
    blocks: Iterable[BlockDigest]
