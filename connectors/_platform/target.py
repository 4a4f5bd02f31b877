"""The way of a delivery: what others need comes first, each kind of record to a room of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import ClassVar, Generic, Protocol, TypeAlias, TypeVar

from agent.contract import Options, Target
from agent.errors import Rejected
from agent.model import Message, Receipt, Record
from connectors._verdicts import refused

ORDER = ("category", "product", "price", "stock", "customer", "order", "order_status")
"""Categories before their products, products before their prices, customers before their orders."""


class Closable(Protocol):
    """Whatever holds connections."""

    def close(self) -> None:
        """Close every connection."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Options)
OptionsT = TypeVar("OptionsT", bound=Options)
ServerT = TypeVar("ServerT", bound=Closable)
WorkT = TypeVar("WorkT")
Room: TypeAlias = Callable[[WorkT, Sequence[Message]], Iterator[Receipt]]
"""Delivers the records of one entity; the work is what one delivery asks the other side through."""


class PlatformTarget(Target[ConnectionT, OptionsT], Generic[ConnectionT, OptionsT, ServerT, WorkT]):
    """A target of several entities behind one server, which is reached when it is first needed."""

    platform: ClassVar[str]
    """What people call it."""
    told_whole: ClassVar[frozenset[str]]
    """Entities of which a record is not there that `read_back` leaves out."""

    @abstractmethod
    def _reach(self) -> ServerT:
        """The server, ready to be asked."""

    @abstractmethod
    def work(self) -> WorkT:
        """What one delivery, or one question, works with."""

    @abstractmethod
    def _rooms(self) -> Mapping[str, Room[WorkT]]:
        """Entity → who delivers it."""

    @abstractmethod
    def _read_back(self, work: WorkT, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What is held for these keys; there is at least one."""

    @cached_property
    def server(self) -> ServerT:
        """The other side: importing what speaks to it takes 100 ms, for those who send."""
        return self._reach()

    def close(self) -> None:
        """Close every connection; never raises."""
        if "server" in self.__dict__:
            self.server.close()
            del self.__dict__["server"]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send these, in as few calls as the platform allows."""
        work, rooms = self.work(), self._rooms()
        for entity, some in by_entity(messages):
            if entity in rooms:
                yield from rooms[entity](work, some)
            else:
                why = Rejected("SA-5409", f"{self.platform} has no place for the entity {entity}")
                yield from (refused(message, why) for message in some)

    def reads_back(self, entity: str) -> bool:
        """What is left out is not there; prices of lists are not read."""
        return entity in self.told_whole

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the platform holds for these keys."""
        if keys:
            yield from self._read_back(self.work(), entity, keys)


def by_entity(messages: Sequence[Message]) -> Iterator[tuple[str, list[Message]]]:
    """Messages by entity, in the order in which one needs the other."""

    def place(message: Message) -> tuple[int, str]:
        known = message.entity in ORDER
        return (ORDER.index(message.entity) if known else len(ORDER), message.entity)

    for entity, some in groupby(sorted(messages, key=place), key=lambda each: each.entity):
        yield entity, list(some)
