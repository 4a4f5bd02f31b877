"""A store, a receiver and a delivery between them, for one test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from agent.clock import Clock
from agent.contract import Doubt, NoOptions
from agent.delivery import Delivery, DeliveryEvent, DeliverySettings, EventKind
from agent.kpi import Meter
from agent.model import Change, Message, Op, State
from agent.store import Store
from connectors.memory import RECEIVERS, MemoryTarget, Receiver, TargetOptions

LONG_AGO = 1_700_000_000_000


class ManualClock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now_ms(self) -> int:
        return LONG_AGO + int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class World:
    """One store, and any number of receivers by name, each with a delivery of its own."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.clock = clock
        self.store = Store.open(path / "state.db", clock)
        self.events: list[DeliveryEvent] = []
        self._label = str(path)
        self._number = 0
        self._taken_over: set[tuple[str, str]] = set()

    def address(self, name: str) -> str:
        """What a target's options call a receiver."""
        return f"{self._label}/{name}"

    def receiver(self, name: str = "shop", *, kind: type[Receiver] = Receiver) -> Receiver:
        return RECEIVERS.setdefault(self.address(name), kind())

    def delivery(
        self,
        name: str = "shop",
        *,
        kind: type[MemoryTarget] = MemoryTarget,
        doubt: Doubt = Doubt.SEND,
        seed: int = 1,
        meter: Meter | None = None,
        **settings: float,
    ) -> Delivery:
        self.receiver(name)
        options = TargetOptions(receiver=self.address(name), batch_size=10_000, doubt=doubt)
        return Delivery(
            name=name,
            store=self.store,
            makers={"": lambda: kind(NoOptions(), options)},
            settings=DeliverySettings(**({"senders": 1} | settings)),  # type: ignore[arg-type]
            clock=self.clock,
            random=Random(seed),
            on_event=self.events.append,
            meter=meter,
        )

    def append(
        self,
        keys: Sequence[str],
        *,
        target: str = "shop",
        flow: str = "products",
        lane: int = 1,
        coalesce: bool = True,
    ) -> None:
        """A change per key, each with a body of its own."""
        changes = []
        for key in keys:
            self._number += 1
            body = b'{"number": %d}' % self._number
            previous = bytes(16) if (flow, key) in self._taken_over else None
            self._taken_over.add((flow, key))
            changes.append(Change(Op.UPSERT, "product", key, body, bytes(16), previous))
        self.store.messages.append(flow, target, 1, lane, changes, held=False, coalesce=coalesce)

    def states(self, flow: str = "products") -> dict[State, int]:
        return {
            state: count for state, count in self.store.messages.counts()[flow].items() if count
        }

    def happened(self, kind: EventKind) -> list[DeliveryEvent]:
        return [event for event in self.events if event.kind is kind]

    def close(self) -> None:
        self.store.close()
        for name in [name for name in RECEIVERS if name.startswith(f"{self._label}/")]:
            del RECEIVERS[name]


def ids(messages: Sequence[Message]) -> list[str]:
    return [message.id for message in messages]
