"""What goes into a comparison and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from msgspec import Struct

from agent.model import Change, Objection, Op

GONE = b""
"""The mark of a row that is known but has no record on the other side (filtered or deleted)."""


UNSURE = bytes(16)
"""A mark that equals no record's: what the other side holds is not sure."""


class Known(Protocol):
    """What was last taken over of one key."""

    @property
    def id(self) -> int:
        """Small integer, used to remember what a pass has seen; below zero: not yet stored."""
        ...

    @property
    def key(self) -> str:
        """The record's key."""
        ...

    @property
    def row_digest(self) -> bytes:
        """Digest of the source row."""
        ...

    @property
    def record_digest(self) -> bytes:
        """The record's mark, `GONE` where the other side has none."""
        ...


class Mapped(Protocol):
    """What the mapping makes of a row."""

    @property
    def op(self) -> Op:
        """Upsert, or delete where the row itself says so."""
        ...

    @property
    def body(self) -> bytes:
        """The record's data, frozen."""
        ...

    @property
    def skipped(self) -> bool:
        """Whether the flow's filter leaves the row out."""
        ...

    @property
    def objection(self) -> Objection | None:
        """Why a person has to look at the record before it is sent."""
        ...


class Refusal(NamedTuple):
    """A row that could not become a record, and why. `row` is what it held, as JSON."""

    key: str
    row: bytes
    code: str
    reason: str


class Row(Struct, frozen=True, gc=False):
    """What is to be remembered of one row. `id` below zero: not yet stored."""

    id: int
    key: str
    row_digest: bytes
    record_digest: bytes
    block: int | None


class NewBlock(NamedTuple):
    """A block to be remembered: its digest and its rows' ids; -n stands for the nth new row."""

    digest: bytes
    ids: list[int]


@dataclass(slots=True)
class Found:
    """What was found since the last commit, to be written in one transaction."""

    changes: dict[str, Change] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    healed: set[str] = field(default_factory=set)
    blocks: list[NewBlock] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write at all."""
        return bool(len(self) or self.healed or self.blocks)

    def __len__(self) -> int:
        """How much there is to write, in rows."""
        return max(len(self.changes), len(self.rows), len(self.removed), len(self.refusals))
