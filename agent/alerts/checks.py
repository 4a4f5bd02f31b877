"""Once a day it is asked what will end: certificates, tokens, versions of APIs."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from threading import Event, Thread
from typing import Protocol

from agent.alerts.trouble import EVERYWHERE, Kind, Trouble
from agent.clock import Clock
from agent.config import Config, Flow
from agent.contract import Finding
from agent.delivery import Delivery, DeliveryState
from agent.endings import endings
from agent.errors import SyncError
from agent.intake import FlowPlan
from agent.reaching import connections_of, reach
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
        self.warnings: list[Trouble] = []
        self.unasked: frozenset[str] = frozenset({EVERYWHERE})
        """Systems that the last round did not reach: what they warned of before still holds."""
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
        config = self._site.config
        found = [_trouble(where, finding, today) for where, finding in endings(config, today)]
        asked, left_out, failed = set[str](), set[str](), set[str]()
        for name, plan in self._site.plans.items():
            if self._stopped.is_set():
                return
            flow = config.flows[name]
            if not self._may_be_reached(name, plan):
                left_out |= {connection.name for connection in connections_of(flow)}
                continue
            for where, end, finding in reach(config, self._site.plans, name):
                system = _system(flow, where, end)
                if isinstance(finding, SyncError):
                    failed.add(system)
                else:
                    asked.add(system)
                    found.append(_trouble(system, finding, today))
        self.warnings = [trouble for trouble in found if trouble]
        self.unasked = frozenset(failed | (left_out - asked))

    def _may_be_reached(self, name: str, plan: FlowPlan) -> bool:
        if self._site.store.flows.get(name).halted or plan.quiet_until(self._clock.now_ms()):
            return False
        return self._site.deliveries[plan.target].status().state is not DeliveryState.HALTED


def _system(flow: Flow, where: str, end: str) -> str:
    """The connection: a system is warned of once, however many flows read it."""
    if end == "source":
        return flow.source.connection.name
    if end == "lookup":
        lookup = where.removeprefix(f"{flow.name}.")
        return next(each.end.connection.name for each in flow.lookups if each.name == lookup)
    return where


def _trouble(where: str, finding: Finding, today: date) -> Trouble | None:
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
