"""One open end of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol

from agent.contract.finding import Finding
from agent.contract.options import ConnectionT, OptionsT


class Closing(Protocol):
    """Something that ends when it is closed."""

    def close(self) -> None:
        """Stop and release everything; never raises."""
        ...


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
