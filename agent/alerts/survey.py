"""One look at everything that may be amiss. It asks the store and the engine, nobody outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from agent.alerts import links
from agent.alerts.checks import Checks
from agent.alerts.machine import Machine, about_the_machine
from agent.alerts.trouble import Kind, Sight, Trouble, fingerprint
from agent.clock import utc_text
from agent.config import Flow
from agent.delivery import Delivery, DeliveryState
from agent.delivery.sending import IN_DOUBT
from agent.intake import FlowPlan
from agent.jobs import COMPARES
from agent.model import State
from agent.runs import Runner
from agent.store import Run
from agent.two_way import Pair
from agent.verify import DIFFERENT, EXTRA, MISSING, in_step

GOOD = {"ok", "partial", "approved"}
WRONG = (MISSING, EXTRA, DIFFERENT)
DOCUMENTS = {"order", "return"}
"""Entities that the dashboard's page of orders shows."""


class Site(Machine, Protocol):
    """What is looked at: the daemon's `Agent` is one."""

    plans: dict[str, FlowPlan]
    pairs: dict[str, tuple[Pair, int]]
    deliveries: dict[str, Delivery]
    runner: Runner


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
            *self._paused(now),
            *self._differences(),
            *self._targets(),
            *self._flows(now),
            *self._conflicts(),
            *about_the_machine(self._site, now),
            *self._checks.warnings,
        ]
        return Sight.of(found, self._checks.unasked, self._unproved())

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

    def _paused(self, now: int) -> Iterator[Trouble]:
        """Told when it has lasted: somebody may have forgotten it."""
        for name, pause in self._site.store.pauses.in_force(now).items():
            if name in self._site.plans:
                ends = f", until {utc_text(pause.until)}" if pause.until else ""
                why = f": {pause.reason}" if pause.reason else ""
                yield Trouble(
                    Kind.PAUSED,
                    name,
                    "SA-7467",
                    f"paused by {pause.by} on {utc_text(pause.since)}{ends}{why}",
                    command=f"syncagent resume {name}",
                    page=links.flow(name),
                )

    def _differences(self) -> Iterator[Trouble]:
        """What the last comparison of a flow with its target found, until one finds it in step."""
        for name in self._site.plans:
            found = self._site.store.verifications.summary(name)
            wrong = sum(found.counts.get(each, 0) for each in WRONG) if found else 0
            if found and wrong:
                yield Trouble(
                    Kind.DIFFERENCES,
                    name,
                    "SA-7402",
                    in_step(found.counts),
                    count=wrong,
                    command=f"syncagent verify {name} --repair",
                    page=links.flow(name),
                )

    def _flows(self, now: int) -> Iterator[Trouble]:
        """What keeps flows from being read, then what is old by that or without it."""
        store = self._site.store
        counts, paused = store.messages.counts(), store.pauses.in_force(now)
        still: list[Trouble] = []
        old: list[Trouble] = []
        for name, plan in self._site.plans.items():
            runs = [run for run in store.runs.list(name, limit=20) if run.scope != COMPARES]
            trouble = self._standstill(name, runs)
            still += [trouble] if trouble else []
            if plan.quiet_until(now) or name in paused:
                self._quiet[name] = now
            if trouble is None or trouble.kind is not Kind.HALTED:
                pending = counts.get(name, {}).get(State.PENDING, 0)
                old += self._freshness(self._site.config.flows[name], runs, pending, now)
        yield from self._together(still)
        yield from old

    def _standstill(self, name: str, runs: Sequence[Run]) -> Trouble | None:
        """Why a flow is not read."""
        halted = self._site.store.flows.get(name).halted
        if halted:
            code, _, reason = halted.partition(" ")
            mend = f"syncagent resume {name}"
            page = links.flow(name)
            return Trouble(Kind.HALTED, name, code, reason, command=mend, apart="flow", page=page)
        if not runs or runs[0].outcome != "failed":
            return None
        return Trouble(
            Kind.FAILING,
            name,
            runs[0].code,
            runs[0].reason,
            command=f"syncagent check --flow {name}",
            failed_at=self._site.runner.failed_at.get(name, 0),
            page=links.flow(name),
        )

    def _together(self, troubles: Iterable[Trouble]) -> Iterator[Trouble]:
        """Flows that one system keeps from being read for the same reason: one speaks for all."""
        causes: dict[tuple[str, ...], list[Trouble]] = {}
        for each in troubles:
            system = self._site.config.flows[each.where].source.connection.name
            causes.setdefault((each.kind, system, each.code, each.reason), []).append(each)
        for found in causes.values():
            if len(found) == 1:
                yield found[0]
                continue
            flows = tuple(each.where for each in found)
            for each in found:
                others = tuple(other.fingerprint for other in found if other is not each)
                yield replace(
                    each, count=len(flows), keys=flows[:3], follows=others, page=links.FLOWS
                )

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
                follows=_what_makes_old(flow),
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

    def _unproved(self) -> Iterator[str]:
        """After a restart a target that did not answer has to answer before that is over."""
        for name, delivery in {**self._site.deliveries, **self._addresses}.items():
            waits = self._site.store.messages.open_load(name)[0]
            if waits and delivery.status().last_success is None:
                yield fingerprint(Kind.UNREACHABLE, name, "target")

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
                    page=links.CONFLICTS,
                )


def _what_makes_old(flow: Flow) -> tuple[str, ...]:
    """What keeps a flow behind, and is told by itself."""
    target = flow.target.connection.name
    return (
        fingerprint(Kind.FAILING, flow.name),
        fingerprint(Kind.UNREACHABLE, target, "target"),
        fingerprint(Kind.HALTED, target, "target"),
    )
