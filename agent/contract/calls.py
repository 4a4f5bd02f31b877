"""What comes in from outside: systems that call us, and what a shop asks of the agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple

from agent.contract.options import ConnectionT


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


class Command(NamedTuple):
    """What the other side asks of us: it names what is wanted, never an address or a program."""

    id: str
    kind: str
    """Its own word; one that we do not know is answered as unknown."""
    flow: str = ""
    keys: tuple[str, ...] = ()


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
