"""All doors: one listener for each host and port, opened, replaced and closed together."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.clock import Clock
from agent.contract import Listening
from agent.errors import Misconfigured, SyncError
from agent.receiving.reception import Entrance, Queue, Reception
from agent.store import Store, StoreFailed

if TYPE_CHECKING:
    from agent.receiving.listener import Listener

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    port: int
    certificate: Path | None
    certificate_key: Path | None

    @classmethod
    def of(cls, listening: Listening) -> _Address:
        return cls(listening.host, listening.port, listening.certificate, listening.certificate_key)


class Doors:
    """Opens what the configuration asks for. A door that cannot be opened is tried again."""

    def __init__(
        self, store: Store, clock: Clock, queue: Queue, failed: Callable[[StoreFailed], None]
    ) -> None:
        """`failed` is called when the store failed under an event."""
        self._store = store
        self._clock = clock
        self._queue = queue
        self._failed = failed
        self._lock = threading.RLock()
        self._wanted: dict[_Address, dict[str, Reception]] = {}
        self._open: dict[_Address, Listener] = {}
        self._closed: dict[_Address, SyncError] = {}

    def set(self, entrances: Sequence[Entrance], disk_low: int) -> None:
        """Have just these entrances; a listener whose address stays never stops listening."""
        self._store.events.set_readers(
            {reader: each.connection for each in entrances for reader in each.readers}
        )
        wanted: dict[_Address, dict[str, Reception]] = defaultdict(dict)
        for entrance in entrances:
            reception = Reception(
                entrance, self._store, self._clock, self._queue, self._failed, disk_low
            )
            listening = reception.listening
            wanted[_Address.of(listening)][listening.path] = reception
        with self._lock:
            self._wanted = dict(wanted)
            self._closed.clear()
            for address in self._open.keys() - self._wanted.keys():
                self._open.pop(address).close()
            for address, listener in self._open.items():
                listener.replace(self._wanted[address])
            self.open()

    def open(self) -> None:
        """Open the doors that are not open yet."""
        with self._lock:
            for address, receptions in self._wanted.items():
                if address not in self._open:
                    self._try(address, receptions)

    def closed(self) -> list[SyncError]:
        """Why doors that should be open are not."""
        with self._lock:
            return list(self._closed.values())

    def close(self) -> None:
        """Close all doors."""
        with self._lock:
            self._wanted = {}
            while self._open:
                self._open.popitem()[1].close()

    def _try(self, address: _Address, receptions: dict[str, Reception]) -> None:
        from agent.receiving.listener import Listener  # noqa: PLC0415 - 150 ms for who is called

        try:
            listener = Listener(next(iter(receptions.values())).listening, receptions)
        except SyncError as error:
            if address not in self._closed:
                log.error("a door stays closed", extra={"error": str(error), "hint": error.hint})
            self._closed[address] = error
            return
        self._closed.pop(address, None)
        listener.start()
        self._open[address] = listener
        log.info("a door is open", extra={"host": address.host, "port": listener.port})


def check_entrances(entrances: Sequence[Entrance]) -> None:
    """Raise `Misconfigured` where two connections stand in each other's way."""
    addresses: dict[tuple[str, int], tuple[_Address, str]] = {}
    paths: dict[tuple[str, int, str], str] = {}
    for entrance in entrances:
        listening, name = entrance.receiver.listening, entrance.connection
        place = (listening.host, listening.port)
        address, other = addresses.setdefault(place, (_Address.of(listening), name))
        if address != _Address.of(listening):
            raise Misconfigured(
                "SA-2609",
                f'"{other}" and "{name}" listen at one port with different certificates',
                hint="give both the same certificate and key, or another port",
            )
        if paths.setdefault((*place, listening.path), name) != name:
            raise Misconfigured(
                "SA-2609",
                f'"{paths[*place, listening.path]}" and "{name}" listen at the same path',
                hint="give each connection a path of its own",
            )
