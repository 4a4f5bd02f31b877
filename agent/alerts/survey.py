"""One look at everything that may be amiss. It asks the store and the engine, nobody outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from agent.alerts import links
from agent.alerts.checks import Checks
from agent.alerts.trouble import Kind, Sight, Trouble
from agent.config import Config, Flow
from agent.delivery import Delivery, DeliveryState
from agent.delivery.sending import IN_DOUBT
from agent.errors import SyncError
from agent.intake import FlowPlan
from agent.jobs import COMPARES
from agent.model import State
from agent.runs import Runner
from agent.store import Run, Store
from agent.two_way import Pair

GOOD = {"ok", "partial", "approved"}
DOCUMENTS = {"order", "return"}
"""Entities that the dashboard's page of orders shows."""


class Site(Protocol):
    """What is looked at: the daemon's `Agent` is one."""

    config: Config
    store: Store
    plans: dict[str, FlowPlan]
    pairs: dict[str, tuple[Pair, int]]
    deliveries: dict[str, Delivery]
    runner: Runner
    started_at: int
    reload_problem: SyncError | None

    def closed_doors(self) -> Sequence[SyncError]:
        """Why addresses that others call are closed."""
        ...


class Survey:
    """Remembers, between two looks, when each flow was last seen to be in step."""

    def __init__(self, site: Site, checks: Checks, addresses: Mapping[str, Delivery]) -> None:
        self._site = site
        self._checks = checks
        self._addresses = addresses
        self._caught_up: dict[str, int] = {}
        self._quiet: dict[str, int] = {}

    def look(self, now: int) -> Sight:
        """Everything that is amiss now (unix ms)."""
        found = [
            *self._parked(),
            *self._held(),
            *self._flows(now),
            *self._targets(),
            *self._conflicts(),
            *self._machine(),
            *self._checks.warnings,
        ]
        return Sight.of(found, self._checks.unasked)

    def _parked(self) -> Iterator[Trouble]:
        for cause in self._site.store.causes.parked():
            in_doubt = cause.code == IN_DOUBT
            yield Trouble(
                Kind.DOUBT if in_doubt else Kind.PARKED,
                cause.flow,
                cause.code,
                cause.reason,
                count=cause.count,
                keys=cause.keys,
                command="syncagent orders list"
                if in_doubt
                else f"syncagent outbox list --state parked --flow {cause.flow}",
                apart=cause.code,
                page=links.ORDERS
                if in_doubt and self._takes_orders(cause.flow)
                else links.records(cause.flow, cause.code, cause.keys, cause.count),
            )

    def _takes_orders(self, flow: str) -> bool:
        plan = self._site.plans.get(flow)
        return plan is not None and plan.entity in DOCUMENTS

    def _held(self) -> Iterator[Trouble]:
        for run in self._site.store.runs.held():
            yield Trouble(
                Kind.HELD,
                run.flow,
                run.code,
                run.reason,
                command="syncagent hold list",
                page=links.FLOWS,
            )

    def _flows(self, now: int) -> Iterator[Trouble]:
        store = self._site.store
        counts = store.messages.counts()
        for name, plan in self._site.plans.items():
            runs = [run for run in store.runs.list(name, limit=20) if run.scope != COMPARES]
            halted = store.flows.get(name).halted
            if halted:
                code, _, reason = halted.partition(" ")
                yield Trouble(
                    Kind.HALTED,
                    name,
                    code,
                    reason,
                    command=f"syncagent resume {name}",
                    apart="flow",
                    page=links.flow(name),
                )
                continue
            if runs and runs[0].outcome == "failed":
                yield Trouble(
                    Kind.FAILING,
                    name,
                    runs[0].code,
                    runs[0].reason,
                    command=f"syncagent check --flow {name}",
                    failed_at=self._site.runner.failed_at.get(name, 0),
                    page=links.flow(name),
                )
            if plan.quiet_until(now):
                self._quiet[name] = now
            pending = counts.get(name, {}).get(State.PENDING, 0)
            flow = self._site.config.flows[name]
            yield from self._freshness(flow, runs, pending, now)

    def _freshness(
        self, flow: Flow, runs: Sequence[Run], pending: int, now: int
    ) -> Iterator[Trouble]:
        if not pending:
            self._caught_up[flow.name] = now
        if flow.freshness is None:
            return
        allowed = now - int(flow.freshness * 1000)
        read = max(
            self._site.started_at,
            self._quiet.get(flow.name, 0),
            self._site.runner.looked_at.get(flow.name, 0),
            next((run.finished_at or 0 for run in runs if run.outcome in GOOD), 0),
        )
        oldest = read
        if self._caught_up.get(flow.name, self._site.started_at) < allowed:
            oldest = min(read, self._site.store.causes.waiting_since(flow.name) or read)
        if oldest < allowed:
            minutes, most = (now - oldest) // 60_000, int(flow.freshness) // 60
            yield Trouble(
                Kind.FRESHNESS,
                flow.name,
                "SA-7460",
                f"as of {minutes} minutes ago, {most} are allowed",
                command=f"syncagent sync {flow.name}",
                page=links.flow(flow.name),
            )

    def _targets(self) -> Iterator[Trouble]:
        for name, delivery in {**self._site.deliveries, **self._addresses}.items():
            status = delivery.status()
            error = status.last_error
            if error is None or status.state not in {DeliveryState.HALTED, DeliveryState.OPEN}:
                continue
            halted = status.state is DeliveryState.HALTED
            yield Trouble(
                Kind.HALTED if halted else Kind.UNREACHABLE,
                name,
                error.code,
                error.reason,
                error.hint,
                count=self._site.store.messages.open_load(name)[0],
                command=f"syncagent resume --target {name}" if halted else "syncagent status",
                apart="target",
                page=links.FLOWS if name in self._site.deliveries else links.ALERTS,
            )

    def _conflicts(self) -> Iterator[Trouble]:
        pairs = {pair.plan.name: pair for pair, _ in self._site.pairs.values()}
        for name, pair in pairs.items():
            found = pair.conflicts()
            if found:
                yield Trouble(
                    Kind.CONFLICT,
                    name,
                    "SA-7465",
                    "both sides changed the same field",
                    count=len(found),
                    keys=tuple(each.key for each in found[:3]),
                    command="syncagent conflicts list",
                    page=links.flow(name),
                )

    def _machine(self) -> Iterator[Trouble]:
        site = self._site
        folder, store = site.store.path.parent, site.store
        free = shutil.disk_usage(folder).free
        if free < site.config.store.disk_low:
            yield Trouble(
                Kind.DISK, str(folder), "SA-7464", f"{free // 1_000_000} MB free in {folder}"
            )
        if store.restored_from is not None or store.is_old_copy:
            copy = str(store.restored_from or "put back by hand")
            yield Trouble(
                Kind.RESTORED, str(store.path), "SA-7463", copy, apart=str(site.started_at)
            )
        for kind, errors in (
            (Kind.CONFIGURATION, [site.reload_problem]),
            (Kind.LISTENER, site.closed_doors()),
        ):
            for error in filter(None, errors):
                mend = "syncagent config check" if kind is Kind.CONFIGURATION else ""
                yield Trouble(
                    kind, str(site.config.path), error.code, error.reason, error.hint, command=mend
                )
