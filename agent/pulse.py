"""Once a minute: how flows and targets do at this moment goes into the figures of the hour."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from agent.clock import Clock
from agent.config import Config
from agent.delivery import Delivery, DeliveryState
from agent.kpi import FLOW, TARGET, Collector
from agent.model import State
from agent.runs import Runner
from agent.store import Store, Subject

OUT_OF_WORK = {DeliveryState.OPEN, DeliveryState.HALTED}


class Pulse:
    """Looks at an agent whose daemon is at work; the time between two looks counts as the last saw.

    A target is down while it does not answer or is halted, a flow while its target is, while it is
    halted itself, or while its source does not answer.
    """

    def __init__(self, store: Store, clock: Clock, runner: Runner, figures: Collector) -> None:
        self._store = store
        self._clock = clock
        self._runner = runner
        self._figures = figures
        self._last: float | None = None
        self._begun_at = 0

    def begin(self) -> None:
        """The daemon starts."""
        self._last, self._begun_at = self._clock.monotonic(), self._clock.now_ms()
        self._figures.begin()

    def beat(self, config: Config, deliveries: Mapping[str, Delivery]) -> None:
        """A minute is over, about."""
        seconds = self._passed()
        down = {name for name, each in deliveries.items() if each.status().state in OUT_OF_WORK}
        for name in down:
            self._figures.meter.saw(Subject(TARGET, name), down=seconds)
        counts = self._store.messages.counts()
        for name, flow in config.flows.items():
            if not flow.enabled:
                continue
            figures = {"backlog": counts.get(name, {}).get(State.PENDING, 0)}
            if flow.schedule.every or flow.schedule.cron:
                looked_at = self._runner.looked_at.get(name, self._begun_at)
                figures["age"] = max(0, self._clock.now_ms() - looked_at) // 1000
            if flow.target.connection.name in down or self._stands_still(name):
                figures["down"] = seconds
            self._figures.meter.saw(Subject(FLOW, name), **figures)
        self._figures.tick()
        self._figures.sums.ahead(ZoneInfo(config.site.time_zone))

    def end(self) -> None:
        """The agent ends, or a command that worked without a daemon: keep what was counted."""
        if self._last is not None:
            self._passed()
        self._figures.write()

    def _passed(self) -> int:
        """Whole seconds since the last look; what is left over belongs to the next."""
        now = self._clock.monotonic()
        last = now if self._last is None else self._last
        seconds = int(now - last)
        self._last = last + seconds
        self._figures.meter.present(seconds)
        return seconds

    def _stands_still(self, flow: str) -> bool:
        return flow in self._runner.failing or bool(self._store.flows.get(flow).halted)
