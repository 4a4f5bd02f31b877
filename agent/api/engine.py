"""What the API asks of the engine behind it: the daemon's `Agent` is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from agent.alerts import Alerts
from agent.clock import Clock
from agent.config import Config
from agent.contract import AnyTarget
from agent.delivery import Delivery
from agent.errors import SyncError
from agent.intake import FlowPlan
from agent.jobs import JobQueue
from agent.kpi import Collector
from agent.runs import Runner
from agent.store import Store
from agent.two_way import Pair


class Engine(Protocol):
    """The operations of one agent; see `agent.daemon.Agent` for what each means."""

    store: Store
    clock: Clock
    config: Config
    """The configuration in force."""
    figures: Collector
    """What is counted for KPIs and metrics."""
    reload_problem: SyncError | None
    """Why the file as it is now was refused; the one in force is the last good one."""
    plans: dict[str, FlowPlan]
    """The flows in force, by name."""
    pairs: dict[str, tuple[Pair, int]]
    """Of each flow that is one of a pair: the pair, and the side that it reads."""
    deliveries: dict[str, Delivery]
    """The senders, by name of the target connection."""
    alerts: Alerts
    """What people are told."""
    queue: JobQueue
    """The jobs that wait."""
    runner: Runner
    """The jobs that are being done."""
    running: bool
    """Whether jobs and deliveries go on by themselves, as in a daemon."""

    def request(
        self, flow: str, scope: str, keys: Sequence[str] = (), asked_by: str = "person"
    ) -> int:
        """Ask for a job; its id."""
        ...

    def plan(self, flow: str) -> FlowPlan:
        """An active flow. Raises `Rejected` SA-7104 where there is none of this name."""
        ...

    def target(self, flow: str) -> AnyTarget:
        """A target to ask, with the ids that the other side gave before; to be closed."""
        ...

    def committed(self, target: str = "") -> None:
        """Messages were committed: for this target, or for any where none is named."""
        ...

    def status(self) -> dict[str, Any]:
        """How the agent does."""
        ...
