"""Reads rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from agent.contract.batch import Batch, BlockDigests
from agent.contract.connector import Closing, Connector
from agent.contract.options import ConnectionT, OptionsT


class Event(NamedTuple):
    """What another system told us by calling us. `number` only grows; `received_at` is unix ms."""

    number: int
    id: str
    body: bytes
    received_at: int


class Inbox(Protocol):
    """The events of one connection, for one reader, kept by the engine until they are taken."""

    def newest(
        self, *, after: int = 0, before: int | None = None, limit: int = 1000
    ) -> Sequence[Event]:
        """Events between these numbers, both excluded, the newest first."""
        ...

    def take(self, number: int) -> None:
        """Everything up to this number is taken over."""
        ...


class Source(Connector[ConnectionT, OptionsT]):
    """Reads rows. Only `read` and `key_columns` are required.

    An optional ability is a method that is overridden: `can(source, "read_keys")` asks.
    """

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns whose text makes the key, in order."""
        raise NotImplementedError

    def read(self, cursor: str) -> Iterator[Batch]:
        """One pass, or several one after the other when several whole tables wait.

        `cursor` is what an earlier batch carried; "" asks for everything. A batch with
        `complete=True` ends a pass in which every existing key was seen; all batches of such a
        pass say `whole=True`.
        """
        raise NotImplementedError

    def settle(self, batch: Batch) -> None:
        """Called after the commit with each batch that moved the cursor, ended a pass or was empty.

        The place to move the file or to tell the shop "taken over". Called again for the same
        content after a crash in between.
        """

    def refuse(self, reason: str) -> None:
        """Called when the pass being read cannot be used at all: quarantine the file."""

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys; one that no longer exists is simply absent."""
        raise NotImplementedError

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment; `cursor` is that of today, which shows its form.

        Raises `Rejected` where the cursor is of a kind that no moment can be told from.
        """
        raise NotImplementedError

    def missed(self, keys: Sequence[str], cursor: str) -> int:
        """How many of these keys, which exist, a read from this cursor would not have shown.

        Asked after a full pass for what it found changed: the proof that the cursor misses nothing.
        """
        raise NotImplementedError

    def digests(self, layout: str) -> BlockDigests | None:
        """Digests of all rows in blocks, computed by the source; None where it cannot.

        `layout` is the layout of the last time ("" at first): keep to it where it still fits.
        The rows that are read next should be of the same moment: what changes in between, and back
        before the next digests, is noticed by nobody.
        """
        raise NotImplementedError

    def read_blocks(self, layout: str, blocks: Sequence[int]) -> Iterator[Batch]:
        """The rows of these blocks, each with its block number in `Batch.blocks`."""
        raise NotImplementedError

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Call `wake` from any thread when something may have changed. A lost event is no harm."""
        raise NotImplementedError

    def attend(self, inbox: Inbox) -> None:
        """Called before anything else: what came in over the connection's receiver lies there."""
        raise NotImplementedError
