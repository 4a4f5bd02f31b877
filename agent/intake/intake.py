"""Jobs become runs; reading waits where the outbox or the disk is full. Never raises."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from contextlib import closing

from agent.clock import Clock
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.intake.lookups import Lookups
from agent.intake.pace import Cancelled, Pause
from agent.intake.plan import FlowPlan, IntakeLimits, Task
from agent.intake.run import Progress, Run, RunResult
from agent.store import Store

log = logging.getLogger(__name__)


class Intake:
    """Runs jobs. One instance serves all flows, each run is used by one thread.

    `committed` is called with the target's name after each commit that released messages.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        limits: IntakeLimits,
        committed: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        self.store = store
        self.clock = clock
        self.limits = limits
        self.committed = committed
        self.stop = stop

    def run(
        self, plan: FlowPlan, task: Task, run_id: Callable[[], int], progress: Progress
    ) -> RunResult:
        """Do one job. Never raises for what a source, a row or a person did wrong.

        `run_id` is called when there is something to write, so that a poll that finds nothing
        need not be written down.
        """
        lookups = Lookups(self.store, plan.name, plan.lookups, plan.ledger)
        run = Run(self, plan, task, run_id, progress, lookups)
        try:
            self.await_room(plan.target)
            with closing(plan.make_source()) as source:
                run.read_all(source)
        except Cancelled as cancelled:
            return run.abandoned("interrupted", "SA-7107", str(cancelled))
        except Pause as pause:
            return run.abandoned("interrupted", "SA-7101", str(pause), again=True)
        except Misconfigured as error:
            self.store.flows.update(plan.name, halted=str(error))
            return run.abandoned("halted", error.code, error.reason)
        except SyncError as error:
            again = isinstance(error, Unavailable)
            return run.abandoned("failed", error.code, error.reason, again=again)
        except Exception as error:  # a fault of ours or of a driver must not end the agent
            log.exception("run failed", extra={"flow": plan.name})
            return run.abandoned("failed", "SA-7102", f"{type(error).__name__}: {error}")
        return run.result()

    def await_room(self, target: str) -> None:
        """Wait until there is room for more messages; raises `Pause` where none appears."""
        if self.stop.is_set():
            raise Pause("the agent is stopping")
        free = shutil.disk_usage(self.store.path.parent).free
        if free < self.limits.disk_low:
            raise Unavailable(
                "SA-6020",
                f"the disk of the store has {free // 1_000_000} MB left: reading pauses",
                hint="make room on the disk; what is queued is delivered meanwhile",
            )
        deadline = self.clock.monotonic() + self.limits.patience
        while self._full(target):
            if self.clock.monotonic() > deadline:
                raise Pause(f'the outbox for "{target}" is full; the run starts over later')
            if self.stop.wait(0.1):
                raise Pause("the agent is stopping")

    def _full(self, target: str) -> bool:
        count, size = self.store.messages.open_load(target)
        return count >= self.limits.open_messages or size >= self.limits.open_bytes
