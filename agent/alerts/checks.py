"""Once a day every system is reached, to hear of what will end: certificates, versions of APIs."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from threading import Event, Thread
from typing import Protocol

from agent.alerts.trouble import Kind, Trouble
from agent.clock import Clock
from agent.config import Config
from agent.contract import Finding
from agent.delivery import Delivery, DeliveryState
from agent.errors import SyncError
from agent.intake import FlowPlan
from agent.reaching import reach
from agent.store import Store

log = logging.getLogger(__name__)

FIRST, EVERY = 600.0, 86_400.0
"""Seconds until the first round after a start, and between two."""

AHEAD = (30, 14, 7, 0)
"""Days before an end at which it is told; 0: it is over."""


class Checked(Protocol):
    """What is checked: the daemon's `Agent` is one."""

    config: Config
    store: Store
    plans: dict[str, FlowPlan]
    deliveries: dict[str, Delivery]


class Checks:
    """What the last round warned of. Failures are no matter of its: runs and deliveries tell them.

    What is halted is left alone: there a wrong password may be why, and one more log-in with it may
    lock the user out. So is what is in its quiet hours.
    """

    def __init__(self, site: Checked, clock: Clock) -> None:
        self._site = site
        self._clock = clock
        self.warnings: list[Trouble] | None = None
        """None before the first round."""
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """From now on, until `close`."""
        self._thread = Thread(target=self._run, name="checks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No more rounds; one under way is not waited for."""
        self._stopped.set()

    def _run(self) -> None:
        wait = FIRST
        while not self._stopped.wait(wait):
            wait = EVERY
            try:
                self.look()
            except Exception:  # a connector's bug is not to end the warnings for good
                log.exception("checking failed")

    def look(self) -> None:
        """One round."""
        today = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()
        found = []
        for name, plan in self._site.plans.items():
            if self._stopped.is_set():
                return
            if self._may_be_reached(name, plan):
                for where, end, finding in reach(self._site.config, self._site.plans, name):
                    trouble = _trouble(self._connection(where, end), finding, today)
                    found += [trouble] if trouble else []
        self.warnings = found

    def _may_be_reached(self, name: str, plan: FlowPlan) -> bool:
        if self._site.store.flows.get(name).halted or plan.quiet_until(self._clock.now_ms()):
            return False
        return self._site.deliveries[plan.target].status().state is not DeliveryState.HALTED

    def _connection(self, where: str, end: str) -> str:
        """A system is warned of once, however many flows read it."""
        if end == "source":
            return self._site.config.flows[where].source.connection.name
        return where


def _trouble(where: str, finding: Finding | SyncError, today: date) -> Trouble | None:
    if isinstance(finding, SyncError):
        return None
    told = f"{finding.subject}: {finding.detail}"
    if finding.until is not None:
        days = (finding.until - today).days
        step = sum(days <= ahead for ahead in AHEAD)
        if step:
            return Trouble(Kind.ENDING, where, "SA-7461", told, step=step, apart=finding.subject)
        return None
    if finding.warning:
        return Trouble(Kind.WARNING, where, "SA-7462", told, apart=finding.subject)
    return None
