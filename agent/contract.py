"""All that a connector may know: Options, Batch, Source, Target, Kind.

A connector never retries, remembers, sleeps, logs a secret or knows our database. It raises
`Unavailable` (wait and repeat), `Rejected` (park this one) or `Misconfigured` (a person must act).
A kind is a module `connectors/<name>.py` that ends with one `KIND = Kind(...)`, plus one line in
`connectors.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload

from pydantic import BaseModel, ConfigDict

from agent.model import Message, Receipt, Record
from agent.quantities import Duration, Share, Size


class Options(BaseModel):
    """Options of a connection, a source or a target: frozen, unknown keys forbidden.

    Every field carries a description: validation, reference docs, JSON Schema and the sample
    configuration all come from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


RawT = TypeVar("RawT")


class NoOptions(Options):
    """For a kind that needs none."""


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


class Finding(NamedTuple):
    """One line of `syncagent check`: what was tried, and what it showed.

    A warning is no failure yet: a version of an API that will end, a right that is missing later.
    """

    subject: str
    detail: str
    warning: bool = False
    until: date | None = None
    """The day on which it ends, where it has one: alerts count down to it."""


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


class Closing(Protocol):
    """Something that ends when it is closed."""

    def close(self) -> None:
        """Stop and release everything; never raises."""
        ...


class Command(NamedTuple):
    """What the other side asks of us: it names what is wanted, never an address or a program."""

    id: str
    kind: str
    """Its own word; one that we do not know is answered as unknown."""
    flow: str = ""
    keys: tuple[str, ...] = ()


class Bindings(Protocol):
    """Which ids the other side gave to records, as its receipts told (`Receipt.reference`)."""

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        """Key → the other side's id, for those keys that have one."""
        ...


class Gate(Protocol):
    """The one limiter of a target. The engine passes it once before each `deliver` or `look_up`."""

    def request(self) -> None:
        """Pass before every further request of a delivery; waits, or raises to end it here."""
        ...

    def pause(self, seconds: float) -> None:
        """Nobody shall ask for so long: the other side said that its allowance is used up."""
        ...


class Doubt(StrEnum):
    """What to do with a message that may have been written already, and nobody knows."""

    SEND = "send"
    """The target takes it twice without a second effect: send it again."""
    ASK = "ask"
    """`look_up` tells whether it is there; what it does not answer for is not there."""
    HOLD = "hold"
    """Nobody can be asked: a person decides."""


ConnectionT = TypeVar("ConnectionT", bound=Options)
OptionsT = TypeVar("OptionsT", bound=Options)


class Connector(Generic[ConnectionT, OptionsT]):
    """One open end of a flow. Built per run, used by one thread, closed after it.

    `connection` is what the configuration says under `connections:`, `options` what the flow adds.
    """

    def __init__(self, connection: ConnectionT, options: OptionsT) -> None:
        self.connection = connection
        self.options = options

    def check(self) -> Iterator[Finding]:
        """Reach the other side, read a little, change nothing. Raises the three errors."""
        return iter(())

    def close(self) -> None:
        """Release everything; never raises."""


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


class _NoBindings:
    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        del entity, keys
        return {}


class _OpenGate:
    def request(self) -> None:
        """Nobody counts."""

    def pause(self, seconds: float) -> None:
        """Nobody waits."""


class Target(Connector[ConnectionT, OptionsT]):
    """Delivers messages. Only `deliver` is required. May be called from several threads."""

    batch_size: int = 100
    """How many messages `deliver` takes at most."""
    bindings: Bindings = _NoBindings()
    gate: Gate = _OpenGate()

    @property
    def doubt(self) -> Doubt:
        """What to do with a message that may have been written already."""
        return Doubt.ASK if can(self, "look_up") else Doubt.SEND

    def equip(self, bindings: Bindings, gate: Gate) -> None:
        """Called before the first delivery with what the engine lends."""
        self.bindings, self.gate = bindings, gate

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these once. A message without a receipt is *not known* and will come again.

        All are of one flow, or of flows with equal options. A receipt that `waits` says that the
        message can be taken as soon as something else is there, and does no harm until then.

        Raises `Rejected` when the other side refused the batch as a whole without saying which
        message is at fault: the engine then bisects. Raises `Unavailable` or `Misconfigured` when
        nothing more can be said; receipts yielded before stand.
        """
        raise NotImplementedError

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Was it written? Asked for a `doubtful` message before it is sent again.

        The question is whether *this* was: that the record is there says so for what is created
        and never changed; an update that can be repeated is not answered for. One without a
        receipt is surely not there; one that is refused is parked for a person, with SA-5010 where
        nobody can tell. Raises `Unavailable` where the other side cannot say it now.
        """
        raise NotImplementedError

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the other side holds for these keys; absent ones are simply absent."""
        raise NotImplementedError

    def reads_back(self, entity: str) -> bool:
        """Whether what `read_back` leaves out of this entity is absent there.

        False where it cannot be asked: of that entity nothing is read, or no way is configured.
        """
        del entity
        return can(self, "read_back")

    def bucket_digests(self, entity: str, buckets: int) -> Iterator[BlockDigest]:
        """One digest for each bucket of keys that is not empty; see `agent.buckets`."""
        raise NotImplementedError

    def bucket_keys(self, entity: str, buckets: int, numbers: Sequence[int]) -> Iterator[KeyDigest]:
        """What is in these buckets: each key with the digest of the record that was sent last.

        A digest is `agent.model.content_digest` of the message's body, in hex.
        """
        raise NotImplementedError

    def heartbeat(self, status: dict[str, Any]) -> None:
        """Tell the other side that the agent lives and how it does."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Listening:
    """Where another system calls us, and how much it may ask. Durations in seconds."""

    host: str
    port: int
    path: str
    certificate: Path | None = None
    """PEM file; None: unencrypted, which only this very machine may be."""
    certificate_key: Path | None = None
    content_types: tuple[str, ...] = ("application/json",)
    largest_body: int = 1_000_000
    request_timeout: float = 10.0
    """For a whole request, however slowly it comes in."""
    requests_per_minute: float = 600.0
    """Of one caller."""
    most_waiting: int = 10_000
    """Events that nobody has taken yet, above which no more are accepted."""


class Arrival(NamedTuple):
    """What a request says: the event's id, and the keys it names where it is a mere signal."""

    id: str
    keys: tuple[str, ...] = ()


class Receiver(Generic[ConnectionT]):
    """The part of a connection that other systems call. Used by several threads at once.

    It looks at one request and remembers nothing: the engine listens, keeps and acknowledges.
    """

    wakes: str = ""
    """The flow that a signal wakes; "": events have bodies that flows read."""

    def __init__(self, connection: ConnectionT) -> None:
        self.connection = connection

    @property
    def listening(self) -> Listening:
        """Where, and how much."""
        raise NotImplementedError

    def doubt(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """Why the request cannot be believed to come from whom it should; "" when it can.

        Names of headers are in lower case, `now` is unix time. Told to nobody outside. Raises
        `Misconfigured` where the secret cannot be had.
        """
        raise NotImplementedError

    def arrival(self, headers: Mapping[str, str], body: bytes) -> Arrival:
        """What a believable request says. Raises `Rejected` for what cannot be used."""
        raise NotImplementedError


class Commands(Generic[ConnectionT]):
    """The part of a connection through which the other side asks things of us.

    We fetch and answer; nobody calls us. Used by two threads: one waits, one answers.
    """

    def __init__(self, connection: ConnectionT) -> None:
        self.connection = connection

    @property
    def wanted(self) -> bool:
        """Whether the configuration lets the other side ask."""
        raise NotImplementedError

    def waiting(self, after: str) -> tuple[Sequence[Command], str]:
        """Commands without a result behind a cursor ("": all), and the cursor behind them.

        Waits a while for one where there is none. Raises the three errors.
        """
        raise NotImplementedError

    def report(self, command: str, result: Mapping[str, Any]) -> None:
        """What became of a command. Told again where nobody knows whether it was heard."""
        raise NotImplementedError

    def abort(self) -> None:
        """End what is under way in either thread; never raises."""

    def close(self) -> None:
        """Release everything; never raises."""


AnySource = Source[Any, Any]
AnyTarget = Target[Any, Any]
AnyReceiver = Receiver[Any]
AnyCommands = Commands[Any]


def can(connector: Connector[Any, Any], ability: str) -> bool:
    """Whether a connector overrides an optional method of its contract."""
    base: type = Source if isinstance(connector, Source) else Target
    return getattr(type(connector), ability) is not getattr(base, ability)


@dataclass(frozen=True, slots=True)
class Preset:
    """What a flow over a system need not say: plain data, as a configuration would say it.

    `flow` holds options of the source under `source`, the `entity`, the `mapping`, and whatever
    other key of a flow belongs to them. A flow that says `preset: NAME` is filled up with it;
    what the flow says itself wins.
    """

    summary: str
    flow: Mapping[str, Any]

    @property
    def entity(self) -> str:
        """What its records are."""
        return str(self.flow["entity"])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of system: what stands behind `kind:` in the configuration."""

    name: str
    summary: str
    connection: type[Options]
    source: type[AnySource] | None = None
    source_options: type[Options] = NoOptions
    target: type[AnyTarget] | None = None
    target_options: type[Options] = NoOptions
    receiver: type[AnyReceiver] | None = None
    commands: type[AnyCommands] | None = None
    presets: Mapping[str, Preset] = field(default_factory=dict)
    """Ready flows over the source, by name."""


__all__ = [
    "AnyCommands",
    "AnyReceiver",
    "AnySource",
    "AnyTarget",
    "Arrival",
    "Batch",
    "Bindings",
    "BlockDigest",
    "BlockDigests",
    "Closing",
    "Command",
    "Commands",
    "Connector",
    "Doubt",
    "Duration",
    "Event",
    "Finding",
    "Gate",
    "Inbox",
    "KeyDigest",
    "Kind",
    "LazyRows",
    "Listening",
    "NoOptions",
    "Options",
    "Preset",
    "Receiver",
    "Share",
    "Size",
    "Source",
    "Target",
    "can",
]
