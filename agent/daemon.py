"""The agent: one configuration, one store, and the threads between them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Any

from agent.alerts import Alerts
from agent.aside import take_back
from agent.assembly import (
    Pairs,
    active_flows,
    delivery_settings,
    entrances,
    flow_plans,
    flows_with,
    intake_limits,
    pair_wrappers,
    pairs,
    retention,
    systems,
    target_makers,
    timetables,
)
from agent.clock import Clock, SystemClock
from agent.commands import CommandDesk, commanding
from agent.config import Change, Config, ConfigFile, sections
from agent.contract import AnyTarget
from agent.delivery import (
    Delivery,
    DeliveryEvent,
    EventKind,
    Heartbeat,
    StoredBindings,
    Tally,
)
from agent.errors import Rejected, SyncError
from agent.intake import FlowPlan, Intake
from agent.jobs import JobQueue, require_awake
from agent.kpi import Collector
from agent.looking import Looking
from agent.overview import overview, told_to_others
from agent.pulse import Pulse
from agent.receiving import Doors
from agent.runs import Runner
from agent.store import Job, Run, Store, StoreFailed
from agent.verify import SCOPE as VERIFY
from agent.verify import Verifier
from agent.watches import Watches

log = logging.getLogger(__name__)

UNEVENTFUL = {EventKind.DELIVERED, EventKind.POSTPONED}
TEND_SECONDS = 2.0
HEARTBEAT_SECONDS = 60.0
MAINTAIN_SECONDS = 60.0
DRAIN_SECONDS = 20.0
TIDY_SHARE = 0.1
"""A command that worked without a daemon tidies up for so much of the time that it took."""


class Agent:
    """Everything of one site. `open` takes the store's lock, `close` gives it back."""

    def __init__(self, file: ConfigFile, store: Store, clock: Clock) -> None:
        self._file = file
        self.config = file.current
        """The configuration in force."""
        self.store = store
        self.clock = clock
        self.started_at = clock.now_ms()
        self._opened = clock.monotonic()
        self.reload_problem: SyncError | None = None
        self.failure: StoreFailed | None = None
        """Why the agent cannot go on; `on_failure` is called when it is set."""
        self.on_failure: Callable[[], None] = _nothing
        self._stop = threading.Event()
        self._reloading = threading.Lock()
        self._watches = Watches()
        self._tending: threading.Thread | None = None
        self.running = False
        self._delivering: set[str] = set()
        self._heartbeats: list[Heartbeat] = []
        self._desks: list[CommandDesk] = []
        self.queue = JobQueue(store, clock, self._run_job)
        self.figures = Collector(store, clock)
        self._tallies: dict[str, Tally] = {}
        self.runner = Runner(store, clock, self._retry, self._stop, self.figures.meter)
        self._pulse = Pulse(store, clock, self.runner, self.figures)
        self.pairs = pairs(self.config, store, clock)
        self.plans = self._plans(self.config, self.pairs)
        self._doors = Doors(store, clock, self.queue, self._fail)
        self._entrances = entrances(self.config)
        self.intake = self._new_intake()
        self.verifier = Verifier(store, clock, self._asked, self._ledgers_beside, self._stop)
        self.deliveries = {
            name: self._new_delivery(self.config, name, self.pairs)
            for name in self.config.targets()
        }
        self.alerts = self._new_alerts()

    @classmethod
    def open(
        cls, config_path: Path, *, clock: Clock | None = None, recreate: bool = False
    ) -> Agent:
        """Load the configuration and open the store under its lock.

        `recreate` sets a damaged store aside and starts afresh; without it that is refused.
        Raises `ConfigurationProblems`, and what `Store.open` raises: another agent holds the
        lock, the file is damaged, the disk does not answer.
        """
        clock = clock or SystemClock()
        file = ConfigFile(config_path)
        path = file.current.store.path
        path.parent.mkdir(parents=True, exist_ok=True)
        backup = file.current.store.backup
        store = Store.open(
            path,
            clock,
            retention=retention(file.current),
            backups=backup.folder if backup else None,
            recreate=recreate,
        )
        if store.restored_from is not None or store.is_old_copy:
            log.warning(
                "the store is an older copy: every record is sent again",
                extra={"restored_from": str(store.restored_from or "put back by hand")},
            )
        try:
            return cls(file, store, clock)
        except BaseException:
            store.close()
            raise

    # Life

    def start(self) -> None:
        """Start the threads: jobs, deliveries, watchers, heartbeats, and one that tends to all."""
        self.running = True
        self._note_configuration()
        self._pulse.begin()
        self._delivering = set(self.deliveries)
        for delivery in self.deliveries.values():
            delivery.start()
        self._begin_flows()
        self.alerts.start()
        self.queue.start()
        self._tending = threading.Thread(target=self._tend, name="tend", daemon=True)
        self._tending.start()

    def stop(self, drain_seconds: float = DRAIN_SECONDS) -> bool:
        """Stop reading, let what is in flight arrive. False: something did not end in time."""
        self._stop.set()
        self._doors.close()
        self.alerts.close()
        self._end_flows()
        deadline = self.clock.monotonic() + drain_seconds
        ended = self.queue.stop(drain_seconds)
        self._delivering = set()
        for delivery in self.deliveries.values():
            ended &= delivery.drain(max(0.1, deadline - self.clock.monotonic()))
        if self._tending is not None:
            self._tending.join()
        return ended

    def close(self) -> None:
        """Give the store and its lock back."""
        for name, delivery in self.deliveries.items():
            delivery.drain(DRAIN_SECONDS if name in self._delivering else 0)
        with suppress(SyncError):
            self._pulse.end()
        if self._delivering:
            with suppress(SyncError):
                took = self.clock.monotonic() - self._opened
                self.store.maintain(self.clock.now_ms(), seconds=TIDY_SHARE * took)
        self.store.close()

    def _begin_flows(self) -> None:
        """Schedule, watch, and look at every flow once: events were lost while nobody listened."""
        self.queue.schedule(
            timetables(self.config, self.store, self.clock.now_ms()),
            {name: plan.quiet_until for name, plan in self.plans.items()},
            {name: plan.ledger for name, plan in self.plans.items()},
            systems(self.config),
        )
        for flow in active_flows(self.config):
            if flow.schedule.every or flow.schedule.cron or flow.watch:
                self.queue.request(flow.name, "differential", asked_by="schedule")
            if flow.watch:
                for make_source in self.plans[flow.name].sources():
                    self._watches.add(flow.name, make_source, partial(self._wake, flow.name))
        for entrance in self._entrances:
            for name in entrance.flows:
                self.queue.request(name, "differential", asked_by="schedule")
        self._doors.set(self._entrances, self.config.store.disk_low)
        self._heartbeats = [
            Heartbeat(
                delivery=delivery,
                status=partial(self._status_for, name),
                every=HEARTBEAT_SECONDS,
                clock=self.clock,
            )
            for name, delivery in self.deliveries.items()
        ]
        for heartbeat in self._heartbeats:
            heartbeat.start()
        self._desks = [
            CommandDesk(self, allowed, self.clock, self.queue.look)
            for allowed in commanding(self.config)
        ]
        for desk in self._desks:
            desk.start()

    def _end_flows(self) -> None:
        for heartbeat in self._heartbeats:
            heartbeat.close()
        self._heartbeats = []
        for desk in self._desks:
            desk.close()
        self._desks = []
        self._watches.close()

    def _wake(self, flow: str) -> None:
        self.queue.request(flow, "differential", asked_by="event")

    def _fail(self, failure: StoreFailed) -> None:
        """Nobody knows what reached the disk: end, and let the service manager start us afresh."""
        log.critical("the store failed", extra=_told(failure))
        self.failure = failure
        self.on_failure()

    def _note_delivery(self, event: DeliveryEvent) -> None:
        if isinstance(event.error, StoreFailed):
            self._fail(event.error)
        if event.kind is EventKind.DELIVERED:
            self.store.reservations.tell()
        _log_delivery(event)

    def _tend(self) -> None:
        """Look after configuration and store, at their own pace."""
        maintained = self.clock.monotonic()
        while not self._stop.wait(TEND_SECONDS):
            try:
                self.store.require_sound()
                self._poll_configuration()
                self._doors.open()
                if self.clock.monotonic() - maintained >= MAINTAIN_SECONDS:
                    maintained = self.clock.monotonic()
                    self._maintain()
            except StoreFailed as failure:
                self._fail(failure)
            except SyncError as error:
                log.error("tending failed", extra=_told(error))
            except Exception:  # whoever tends to all must not be the first to go
                log.exception("tending failed")

    def _maintain(self) -> None:
        self._pulse.beat(self.config, self.deliveries)
        if take_back(self.store, self.queue, self.plans, self.clock.now_ms()):
            self.committed()
        self.store.maintain(self.clock.now_ms())
        backup = self.config.store.backup
        if backup is not None and self.store.backup_age(backup.folder) >= backup.every:
            self.store.backup(backup.folder, keep=backup.keep)

    # Configuration

    def reload(self) -> None:
        """Look at the configuration file now."""
        self._poll_configuration(at_once=True)

    def _poll_configuration(self, *, at_once: bool = False) -> None:
        with self._reloading:
            change = self._file.poll(at_once=at_once)
            if change is not None:
                self._take_over(change)

    def _take_over(self, change: Change) -> None:
        if change.problems is not None:
            self.reload_problem = change.problems
            log.error("configuration refused, the last good one stays: " + change.problems.report())
            return
        try:
            self._swap(change.config)
        except SyncError as error:
            self.reload_problem = error
            log.error("configuration refused", extra=_told(error))
            return
        self.reload_problem = None
        log.info("configuration reloaded", extra={"digest": change.config.digest[:12]})

    def _swap(self, config: Config) -> None:
        """Put a new configuration in force: running jobs end under the old one.

        Everything that may be refused is built first. A flow that was halted and is now written
        differently gets a new chance.
        """
        paired = pairs(config, self.store, self.clock)
        plans, entering = self._plans(config, paired), entrances(config)
        deliveries = {name: self._new_delivery(config, name, paired) for name in config.targets()}
        changed = [name for name in plans if config.flows[name] != self.config.flows.get(name)]
        self._end_flows()
        for name in changed:
            self.store.flows.update(name, halted="")
        self.config, self.plans, self._entrances = config, plans, entering
        self.pairs = paired
        self.intake = self._new_intake()
        self.store.retention = retention(config)
        old, self.deliveries = self.deliveries, deliveries
        for delivery in old.values():
            delivery.drain(DRAIN_SECONDS)
        for delivery in deliveries.values():
            delivery.start()
        self.alerts.close()
        self.alerts = self._new_alerts()
        self.alerts.start()
        self._begin_flows()
        self._note_configuration()

    def _note_configuration(self) -> None:
        """Write down what is in force and, where it is not what was before, what changed."""
        config = self.config
        self.store.configurations.enter(config.digest, sections(config), config.text)

    def _plans(self, config: Config, paired: Pairs) -> dict[str, FlowPlan]:
        return flow_plans(config, self.clock, self.store.events, paired, self.store)

    def _new_intake(self) -> Intake:
        return Intake(
            self.store, self.clock, intake_limits(self.config), self.committed, self._stop
        )

    def _new_delivery(self, config: Config, name: str, paired: Pairs) -> Delivery:
        return Delivery(
            name=name,
            store=self.store,
            makers=target_makers(config, name),
            wrappers=pair_wrappers(config, name, paired, self._looking),
            settings=delivery_settings(config, name),
            clock=self.clock,
            random=SystemRandom(),
            on_event=self._note_delivery,
            meter=self.figures.meter,
            tally=self._tallies.setdefault(name, Tally(self.clock)),
        )

    def _new_alerts(self) -> Alerts:
        return Alerts(self, self.clock, self._note_delivery, self._fail)

    def _looking(self, flow: str) -> Looking:
        return Looking(flow, self.queue, self.runner, lambda: (self.plans.get(flow), self.intake))

    def committed(self, target: str = "") -> None:
        """Messages were committed: for this target, or for any where none is named."""
        for name, delivery in self.deliveries.items():
            if target in {"", name}:
                delivery.wake()
        self.store.reservations.tell()

    # Jobs

    def request(
        self, flow: str, scope: str, keys: Sequence[str] = (), asked_by: str = "person"
    ) -> int:
        """Ask for a job; its id.

        Raises `Rejected` for a flow that is not there (SA-7104), and for one that is paused, unless
        it is only compared.
        """
        self.plan(flow)
        if scope != VERIFY:
            require_awake(self.store, flow, self.clock.now_ms())
        return self.queue.request(flow, scope, keys, asked_by=asked_by)

    def run_here(self, job_id: int, on_progress: Callable[[int, int], None]) -> Run:
        """Without a daemon: do one job in this thread. Delivery goes on until `close`."""
        job = self.store.jobs.get(job_id)
        if job is None:
            raise Rejected("SA-7105", f"there is no job {job_id}")
        delivery = self.deliveries[self.plans[job.flow].target]
        if delivery.name not in self._delivering:
            self._delivering.add(delivery.name)
            delivery.start()
        return self.store.runs.get(self._run_job(job, on_progress))

    def _run_job(self, job: Job, on_progress: Callable[[int, int], None] | None = None) -> int:
        try:
            worker = self.verifier if job.scope == VERIFY else self.intake
            return self.runner.run(job, self.plans.get(job.flow), worker, on_progress)
        except StoreFailed as failure:
            self._fail(failure)
            raise
        finally:
            for desk in self._desks:
                desk.look()

    def _retry(self, job: Job, delay: float) -> None:
        self.queue.request(job.flow, job.scope, job.keys, asked_by=job.asked_by, delay=delay)

    # Questions

    def plan(self, flow: str) -> FlowPlan:
        """An active flow. Raises `Rejected` SA-7104 where there is none of this name."""
        if flow not in self.plans:
            raise Rejected(
                "SA-7104",
                f'there is no active flow "{flow}"',
                hint="flows: " + ", ".join(sorted(self.plans)),
            )
        return self.plans[flow]

    def _ledgers_beside(self, flow: str) -> list[str]:
        """Other flows, switched off or not, whose records go to the same place as this one's."""
        own = self.config.flows[flow]
        return [
            other.ledger
            for other in self.config.flows.values()
            if other.ledger != own.ledger
            and (other.entity, other.target.connection.name)
            == (own.entity, own.target.connection.name)
        ]

    def target(self, flow: str) -> AnyTarget:
        """A target to ask, with the ids that the other side gave before."""
        target = self.config.build_target(flow)
        target.equip(StoredBindings(self.store, self.plans[flow].target), target.gate)
        return target

    def _asked(self, flow: str) -> AnyTarget:
        """A target to ask a lot, within the limits at which it is delivered to."""
        target = self.target(flow)
        target.equip(target.bindings, self.deliveries[self.plans[flow].target].gate_for_questions())
        return target

    def _status_for(self, connection: str) -> dict[str, Any]:
        """What of the status the other side of a connection may know."""
        return told_to_others(self.status(), flows_with(self.config, connection))

    def status(self) -> dict[str, Any]:
        """How the agent does: flows, targets, store, configuration."""
        return overview(
            config=self.config,
            store=self.store,
            deliveries=self.deliveries,
            next_due=self.queue.next_due,
            looked_at=self.runner.looked_at,
            now=self.clock.now_ms(),
            started_at=self.started_at,
            reload_problem=self.reload_problem,
            closed_doors=self.closed_doors(),
            alerts=self.alerts.standing(),
        )

    def closed_doors(self) -> list[SyncError]:
        """Why addresses that others call are closed."""
        return self._doors.closed()


def _told(error: SyncError) -> dict[str, str]:
    """An error in a line of the log."""
    return {"error": str(error), "hint": error.hint}


def _nothing() -> None:
    """What happens at a failure unless somebody cares."""


def _log_delivery(event: DeliveryEvent) -> None:
    """What needs nobody's attention is told to those who ask for details only."""
    error = {"error": str(event.error)} if event.error else {}
    if event.error and event.kind is EventKind.PARKED:
        error = {"code": event.error.code}  # each message has a line of its own
    level = logging.WARNING if error else logging.INFO
    if event.kind in UNEVENTFUL:
        level = logging.DEBUG
    told = {"target": event.target, "messages": event.count, **error}
    log.log(level, "delivery %s", event.kind, extra=told)
