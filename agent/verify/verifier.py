"""Comparisons as jobs: run, kept as the flow's last one, told in one line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from agent.clock import Clock, utc_text
from agent.contract import AnyTarget
from agent.errors import SyncError, Unavailable
from agent.intake import Cancelled, FlowPlan, Pause, RunResult, Task
from agent.jobs import COMPARES
from agent.store import Store, Verification
from agent.verify.comparison import DIFFERENT, EXTRA, MISSING, Outcome, compare
from agent.verify.expected import Expected

log = logging.getLogger(__name__)

SCOPE = COMPARES
"""The scope of a job that compares and sends nothing."""


class Verifier:
    """Does the jobs that compare, as `Intake` does those that read."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        make_target: Callable[[str], AnyTarget],
        ledgers_beside: Callable[[str], Sequence[str]],
        stop: threading.Event,
    ) -> None:
        self._store = store
        self._clock = clock
        self._make_target = make_target
        self._ledgers_beside = ledgers_beside
        """Flow → the other ledgers whose records go to the same place."""
        self._stop = stop

    def run(
        self,
        plan: FlowPlan,
        task: Task,
        run_id: Callable[[], int],
        progress: Callable[[int, int], None],
    ) -> RunResult:
        """Compare one flow with its target. Never raises for what the other side did wrong."""
        del task
        try:
            how, outcome = self._compare(plan, progress)
        except Cancelled as cancelled:
            return RunResult("interrupted", {}, "SA-7107", str(cancelled))
        except Pause as pause:
            return RunResult("interrupted", {}, "SA-7101", str(pause), again=True)
        except SyncError as error:
            again = isinstance(error, Unavailable)
            return RunResult("failed", {}, error.code, error.reason, again=again)
        except Exception as error:  # a fault of ours or of a driver must not end the agent
            log.exception("verification failed", extra={"flow": plan.name})
            return RunResult("failed", {}, "SA-7102", f"{type(error).__name__}: {error}")
        counts = dict(outcome.counts)
        found = Verification(
            plan.name,
            run_id(),
            how,
            self._clock.now_ms(),
            counts,
            [each.as_dict() for each in outcome.differences],
        )
        self._store.verifications.keep(found)
        if outcome.wrong:
            return RunResult("partial", counts, "SA-7402", in_step(counts))
        return RunResult("ok", counts, "", in_step(counts))

    def _compare(self, plan: FlowPlan, progress: Callable[[int, int], None]) -> tuple[str, Outcome]:
        def note(records: int, wrong: int) -> None:
            if self._stop.is_set():
                raise Pause("the agent is stopping")
            progress(records, wrong)

        def elsewhere(keys: Sequence[str]) -> set[str]:
            known = self._store.known
            beside = self._ledgers_beside(plan.name)
            return {
                key
                for ledger in beside
                for key, row in known.find(ledger, sorted(keys)).items()
                if row.record_digest
            }

        with closing(self._make_target(plan.name)) as target:
            expected = Expected(self._store, plan)
            return compare(expected, target, plan.entity, elsewhere, note)


def in_step(counts: Mapping[str, int]) -> str:
    """`12,431 of 12,431 in step`, and what is not."""
    told = f"{counts.get('in_step', 0):,} of {counts.get('records', 0):,} in step"
    others = {
        "under way": counts.get("under_way", 0),
        "missing": counts.get(MISSING, 0),
        "too many": counts.get(EXTRA, 0),
        "different": counts.get(DIFFERENT, 0),
        "not comparable": counts.get("unchecked", 0),
    }
    return ", ".join([told, *(f"{number:,} {name}" for name, number in others.items() if number)])


def as_dict(found: Verification | None) -> dict[str, Any] | None:
    """A comparison as JSON, without its findings; None where there was none."""
    if found is None:
        return None
    return {
        "run": found.run,
        "how": found.how,
        "finished_at": utc_text(found.finished_at),
        "counts": dict(found.counts),
        "told": in_step(found.counts),
    }
