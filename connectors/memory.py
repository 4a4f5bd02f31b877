"""The published fake: a source and a target that live in this process.

Tests use it instead of mocks. A test puts a `Table` into `TABLES` and a `Receiver` into
`RECEIVERS` under a name of its own; a flow with `kind: memory` names them. What goes wrong is
scripted: a row that cannot be read is a `Rejected` in place of a tuple, a read that breaks off is
`Table.breaks`, and `Receiver.script` holds one behaviour for each of the next calls.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from pydantic import Field

from agent.contract import Batch, Doubt, Finding, Kind, LazyRows, NoOptions, Options, Source, Target
from agent.errors import Misconfigured, Rejected, SyncError
from agent.model import Json, Message, Op, Receipt, Record, join_key

Row: TypeAlias = tuple[Any, ...]


@dataclass
class Table:
    """Rows behind a name. Change `rows` freely between passes.

    `breaks` is raised once, after `breaks_after` rows of the next pass. With a cursor column, rows
    that cannot be read are left out: they have no place in its order.
    """

    columns: tuple[str, ...]
    rows: list[Row | Rejected] = field(default_factory=list)
    breaks: SyncError | None = None
    breaks_after: int = 0
    settled: list[Batch] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    wakes: list[Callable[[], None]] = field(default_factory=list)

    def wake(self) -> None:
        """Tell everyone who watches that something may have changed."""
        for wake in tuple(self.wakes):
            wake()


TABLES: dict[str, Table] = {}
"""The tables that flows can read, by name."""


class SourceOptions(Options):
    """Options of a flow that reads from memory."""

    table: str = Field(description="Name of the table in `connectors.memory.TABLES`.")
    key: tuple[str, ...] = Field(min_length=1, description="Columns that make the key, in order.")
    cursor: str = Field("", description="Column that only grows; empty: every pass is whole.")
    batch_size: int = Field(1000, ge=1, description="Rows a batch.")


def _readable(row: Row | Rejected) -> Row:
    if isinstance(row, Rejected):
        raise row
    return row


class _Watch:
    """Ends the watching of a table."""

    def __init__(self, table: Table, wake: Callable[[], None]) -> None:
        self._table, self._wake = table, wake
        table.wakes.append(wake)

    def close(self) -> None:
        """Wake no more; closing twice is harmless."""
        if self._wake in self._table.wakes:
            self._table.wakes.remove(self._wake)


class MemorySource(Source[NoOptions, SourceOptions]):
    """Reads a `Table`: whole passes, or from a cursor column on."""

    @property
    def key_columns(self) -> tuple[str, ...]:
        """As configured."""
        return self.options.key

    def check(self) -> Iterator[Finding]:
        """The table is there, with its key columns."""
        table = self._table()
        yield Finding(self.options.table, f"{len(table.rows)} rows")

    def read(self, cursor: str) -> Iterator[Batch]:
        """All rows, or those whose cursor column is not below the mark."""
        table = self._table()
        rows, mark = self._rows_from(table, cursor)
        breaks, table.breaks = table.breaks, None
        size = self.options.batch_size
        whole = not (cursor and self.options.cursor)
        for start in range(0, len(rows) or 1, size):
            piece = rows[start : start + size]
            if breaks and start + size >= table.breaks_after:
                read = LazyRows(piece[: table.breaks_after - start], _readable)
                yield Batch(table.columns, read, cursor, whole=whole)
                raise breaks
            last = start + size >= len(rows)
            yield Batch(
                table.columns,
                LazyRows(piece, _readable),
                cursor=mark if last else cursor,
                whole=whole,
                complete=last and whole,
                where=partial(self._where, start),
            )
        if breaks:
            raise breaks

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """The rows of these keys."""
        table, wanted = self._table(), set(keys)
        found = [
            row
            for row in table.rows
            if not isinstance(row, Rejected) and self._key(table, row) in wanted
        ]
        yield Batch(table.columns, found)

    def settle(self, batch: Batch) -> None:
        """Remember what was committed, for the test to see."""
        self._table().settled.append(batch)

    def refuse(self, reason: str) -> None:
        """Remember the refusal, for the test to see."""
        self._table().refused.append(reason)

    def watch(self, wake: Callable[[], None]) -> _Watch:
        """Woken by `Table.wake`."""
        return _Watch(self._table(), wake)

    def _rows_from(self, table: Table, cursor: str) -> tuple[list[Row | Rejected], str]:
        """The rows of a pass, and the mark that stands after them."""
        if not self.options.cursor:
            return list(table.rows), cursor
        place = table.columns.index(self.options.cursor)
        rows = [row for row in table.rows if not isinstance(row, Rejected)]
        rows.sort(key=itemgetter(place))
        mark = json.dumps(rows[-1][place]) if rows else cursor
        return [row for row in rows if not cursor or row[place] >= json.loads(cursor)], mark

    def _where(self, start: int, index: int) -> str:
        return f"{self.options.table} row {start + index + 1}"

    def _table(self) -> Table:
        try:
            table = TABLES[self.options.table]
        except KeyError:
            raise Misconfigured(
                "SA-2091",
                f"there is no table {self.options.table!r} in memory",
                hint="put a Table into connectors.memory.TABLES first",
            ) from None
        missing = [name for name in self.options.key if name not in table.columns]
        if missing:
            raise Misconfigured(
                "SA-2092",
                f"table {self.options.table!r} has no column {missing[0]!r}",
                hint=f"its columns are {', '.join(table.columns)}",
            )
        return table

    def _key(self, table: Table, row: Row) -> str:
        return join_key(tuple(_text(row[table.columns.index(name)]) for name in self.options.key))


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value).rstrip()


class Effect(NamedTuple):
    """One thing that really happened on the other side."""

    op: Op
    entity: str
    key: str
    version: int
    message_id: str


Behaviour: TypeAlias = Callable[["Receiver", Sequence[Message]], Iterable[Receipt]]
"""How a receiver behaves in one call: `honest`, `silent`, `fails(error)` and so on."""


@dataclass
class Receiver:
    """The other side: what it holds, what happened to it, and how it will behave next.

    A message takes effect once: one whose version is not above that of its key is acknowledged
    and changes nothing. Each `deliver` takes one behaviour off `script`; without one it is honest.
    Keys in `refuses` are rejected one by one with the reason given there; a batch that holds a key
    of `poison` is rejected as a whole.
    """

    holds: dict[tuple[str, str], bytes] = field(default_factory=dict)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    requests: list[tuple[Message, ...]] = field(default_factory=list)
    script: deque[Behaviour] = field(default_factory=deque)
    refuses: dict[str, str] = field(default_factory=dict)
    poison: set[str] = field(default_factory=set)
    heartbeats: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, message: Message) -> Receipt:
        """Apply one message and say so."""
        if message.key in self.refuses:
            reason = self.refuses[message.key]
            return Receipt(message.id, accepted=False, code="refused", reason=reason)
        place = (message.entity, message.key)
        if message.version > self.versions.get(place, 0):
            self.versions[place] = message.version
            if message.op is Op.DELETE:
                self.holds.pop(place, None)
            else:
                self.holds[place] = message.body
            self.effects.append(
                Effect(message.op, message.entity, message.key, message.version, message.id)
            )
        return Receipt(message.id, accepted=True, reference=f"{message.entity}/{message.key}")

    def record(self, entity: str, key: str) -> Json:
        """What it holds for a key as JSON value, None where it holds nothing."""
        body = self.holds.get((entity, key))
        return None if body is None else json.loads(body)


RECEIVERS: dict[str, Receiver] = {}
"""The receivers that flows can deliver to, by name."""


def honest(receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
    """Everything taken, one receipt each, in order."""
    return [receiver.take(message) for message in messages]


def fails(error: SyncError) -> Behaviour:
    """Nothing taken; `error` raised."""
    return breaks_after(0, error)


def breaks_after(count: int, error: SyncError) -> Behaviour:
    """The first `count` taken and receipted, then `error`."""

    def behaviour(receiver: Receiver, messages: Sequence[Message]) -> Iterator[Receipt]:
        yield from honest(receiver, messages[:count])
        raise error

    return behaviour


def loses_answer(error: SyncError) -> Behaviour:
    """Everything taken, then `error` in place of the answer."""

    def behaviour(receiver: Receiver, messages: Sequence[Message]) -> Iterator[Receipt]:
        honest(receiver, messages)
        raise error

    return behaviour


def silent(receiver: Receiver, messages: Sequence[Message]) -> tuple[()]:
    """Everything taken, no receipt at all, no error."""
    honest(receiver, messages)
    return ()


def reordered(receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
    """Everything taken, receipts in reverse order."""
    return honest(receiver, messages)[::-1]


def doubled(receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
    """Everything taken, every receipt twice, and one for a message never sent."""
    receipts = honest(receiver, messages)
    return [*receipts, *receipts, Receipt("a message never sent", accepted=True)]


class TargetOptions(Options):
    """Options of a target in memory."""

    receiver: str = Field(description="Name of the receiver in `connectors.memory.RECEIVERS`.")
    batch_size: int = Field(100, ge=1, description="Messages a call at most.")
    doubt: Doubt = Field(
        Doubt.ASK, description="What becomes of a message that may have been written already."
    )


class MemoryTarget(Target[NoOptions, TargetOptions]):
    """Delivers to a `Receiver`."""

    def __init__(self, connection: NoOptions, options: TargetOptions) -> None:
        super().__init__(connection, options)
        self.batch_size = options.batch_size

    @property
    def doubt(self) -> Doubt:
        """As the options say."""
        return self.options.doubt

    def check(self) -> Iterator[Finding]:
        """The receiver is there."""
        yield Finding(self.options.receiver, f"{len(self._receiver().holds)} records")

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """As the script says; honest when it says nothing."""
        receiver = self._receiver()
        with receiver.lock:
            receiver.requests.append(tuple(messages))
            behaviour = receiver.script.popleft() if receiver.script else honest
            if receiver.poison.intersection(message.key for message in messages):
                raise Rejected("SA-2093", "the batch was refused as a whole")
            yield from behaviour(receiver, messages)

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """A receipt for each message that took effect."""
        receiver = self._receiver()
        with receiver.lock:
            written = {effect.message_id for effect in receiver.effects}
        for message in messages:
            if message.id in written:
                reference = f"{message.entity}/{message.key}"
                yield Receipt(message.id, accepted=True, reference=reference)

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the receiver holds."""
        receiver = self._receiver()
        for key in keys:
            data = receiver.record(entity, key)
            if data is not None:
                yield Record(entity, key, data)

    def heartbeat(self, status: dict[str, Any]) -> None:
        """Kept, for the test to see."""
        self._receiver().heartbeats.append(status)

    def _receiver(self) -> Receiver:
        try:
            return RECEIVERS[self.options.receiver]
        except KeyError:
            raise Misconfigured(
                "SA-2091",
                f"there is no receiver {self.options.receiver!r} in memory",
                hint="put a Receiver into connectors.memory.RECEIVERS first",
            ) from None


KIND = Kind(
    name="memory",
    summary="Tables and receivers inside this process, for tests and trials",
    connection=NoOptions,
    source=MemorySource,
    source_options=SourceOptions,
    target=MemoryTarget,
    target_options=TargetOptions,
)
