"""What the API asks of the engine behind it: the daemon's `Agent` is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from agent.alerts import Alerts
from agent.clock import Clock
from agent.config import Config
from agent.contract import Finding
from agent.delivery import Delivery
from agent.errors import SyncError
from agent.intake import FlowPlan
from agent.kpi import Collector
from agent.language import Language
from agent.store import Store
from agent.two_way import Pair
from agent.verify import Repair, Replayed


class Engine(Protocol):
    """The operations of one agent; see `agent.daemon.Agent` for what each means."""

    store: Store
    clock: Clock
    config: Config
    """The configuration in force."""
    figures: Collector
    """What is counted for KPIs and metrics."""
    plans: dict[str, FlowPlan]
    """The flows in force, by name."""
    pairs: dict[str, tuple[Pair, int]]
    """Of each flow that is one of a pair: the pair, and the side that it reads."""
    deliveries: dict[str, Delivery]
    """The senders, by name of the target connection."""
    alerts: Alerts
    """What people are told."""

    def request(
        self, flow: str, scope: str, keys: Sequence[str] = (), asked_by: str = "person"
    ) -> int:
        """Ask for a job; its id."""
        ...

    def progress(self, job_id: int) -> dict[str, Any]:
        """How far a job got."""
        ...

    def preview(self, flow: str, *, keys: Sequence[str] = (), limit: int = 20) -> dict[str, Any]:
        """What a run would send, without sending it."""
        ...

    def jobs(self) -> dict[str, Any]:
        """What is being done, what waits, and what runs by itself next."""
        ...

    def cancel(self, job_id: int, flow: str, by: str) -> bool:
        """Take back a job that waits, or end the one that is being done."""
        ...

    def repair(self, flow: str, *, delete_extra: bool) -> Repair:
        """Put right what the last comparison of a flow found."""
        ...

    def replay(self, flow: str, since: int) -> Replayed:
        """Send again what was delivered since a moment (unix ms)."""
        ...

    def explain(self, flow: str, key: str, language: Language | None = None) -> dict[str, Any]:
        """Why a key is, or is not, on the other side."""
        ...

    def approve(self, run_id: int, by: str) -> int:
        """Send what a held run found; how many messages."""
        ...

    def decide(self, pair: Pair, key: str, side: int, by: str) -> int:
        """The values of one side count where both had changed a record; how many messages."""
        ...

    def drop(self, run_id: int, by: str) -> int:
        """Forget what a held run found; how many messages."""
        ...

    def resume(self, flow: str | None, target: str | None) -> None:
        """Lift a halt after a person mended its cause."""
        ...

    def check(self, only: str = "") -> Iterator[tuple[str, str, Finding | SyncError]]:
        """Reach every system that the configuration names."""
        ...

    def status(self) -> dict[str, Any]:
        """How the agent does."""
        ...
