"""Delivers messages, and what the engine lends for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from agent.contract.batch import BlockDigest, KeyDigest
from agent.contract.connector import Connector
from agent.contract.options import ConnectionT, OptionsT
from agent.model import Message, Receipt, Record


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
        return Doubt.SEND if type(self).look_up is Target.look_up else Doubt.ASK

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
        return type(self).read_back is not Target.read_back

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
