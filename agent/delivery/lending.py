"""What the engine lends to a target: the ids it gave before, and the one limiter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import local

from agent.delivery.door import Door, Pass
from agent.store import Store


class StoredBindings:
    """The ids that a target connection gave to records, as its receipts told."""

    def __init__(self, store: Store, target: str) -> None:
        self._store = store
        self._target = target

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        """Key → the target's own id, for those keys that have one."""
        return self._store.bindings.references(self._target, entity, keys)


class SenderGate:
    """The door as a connector sees it, which knows nothing of the sender's pass."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._thread = local()

    @contextmanager
    def held_by(self, holder: Pass) -> Iterator[None]:
        """Requests of this thread count for this pass."""
        self._thread.holder = holder
        try:
            yield
        finally:
            del self._thread.holder

    def request(self) -> None:
        """Pass before a further request: waits for a token, or raises `DoorClosed`."""
        self._door.request(self._thread.holder)

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long."""
        self._door.pause_for(seconds)


class QuestionGate:
    """The same door for whoever asks the target a lot and delivers nothing: a comparison."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def request(self) -> None:
        """Pass before a request: waits for a token; raises `Unavailable`, `Rejected` SA-5005."""
        self._door.ask()

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long."""
        self._door.pause_for(seconds)
