"""Reads one side of a pair just before something is written there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from agent.errors import Unavailable
from agent.intake import FlowPlan, Intake, Task
from agent.jobs import JobQueue
from agent.runs import Runner

PATIENCE = 30.0
"""Seconds that a write waits for a run of the reading flow to end."""

CANNOT_READ_KEYS = "SA-4007"


class Looking:
    """One flow, read by whoever is about to write where it reads. See `agent.two_way.Look`."""

    def __init__(
        self,
        flow: str,
        queue: JobQueue,
        runner: Runner,
        engine: Callable[[], tuple[FlowPlan | None, Intake]],
    ) -> None:
        self._flow = flow
        self._queue = queue
        self._runner = runner
        self._engine = engine

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts no job of the flow runs.

        What the side has already must be known before anything is made there: a flow that was not
        read since the start is read to its end first.
        """
        with self._queue.lend(self._flow, PATIENCE) as free:
            if not free:
                raise Unavailable(
                    "SA-4504", f'"{self._flow}" is reading that side just now', untouched=True
                )
            if self._flow not in self._runner.looked_at:
                self._look(Task(urgent=True))
            yield

    def read(self, own_keys: Sequence[str]) -> None:
        """Take over what these records are now; nothing where the source reads no single keys."""
        self._look(Task("keys", tuple(own_keys), urgent=True, send_equal=False))

    def _look(self, task: Task) -> None:
        plan, intake = self._engine()
        if plan is None:
            return
        result = self._runner.look(plan, task, intake)
        if result.outcome not in {"ok", "partial"} and result.code != CANNOT_READ_KEYS:
            raise Unavailable(
                "SA-4504",
                f'"{self._flow}" cannot look at that side: {result.code} {result.reason}',
                untouched=True,
            )
