"""Once a minute: who can do its work, how much waits, how long nobody looked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.config import Config, ConfigFile
from agent.delivery import Delivery
from agent.errors import Misconfigured
from agent.kpi import FLOW, TARGET, THE_AGENT, Collector, kpis
from agent.pulse import Pulse
from agent.runs import Runner
from agent.store import Subject
from connectors.memory import fails
from tests.delivery.world import ManualClock, World

CONFIG = """
connections:
  here: {kind: memory}
  shop: {kind: memory}
flows:
  products:
    source: {connection: here, table: t, key: [CODE]}
    target: {connection: shop, receiver: r}
    entity: product
    mapping: {sku: CODE, name: NAME}
    schedule: {every: 5m}
  pictures:
    source: {connection: here, table: t, key: [CODE]}
    target: {connection: shop, receiver: r}
    entity: product
    mapping: {sku: CODE, name: NAME}
"""
PRODUCTS, PICTURES = Subject(FLOW, "products"), Subject(FLOW, "pictures")


class Watched:
    """A daemon's pulse without its threads."""

    def __init__(self, world: World, clock: ManualClock, config: Config) -> None:
        self.world, self.clock, self.config = world, clock, config
        self.figures = Collector(world.store, clock)
        self.runner = Runner(
            world.store, clock, lambda *_: None, threading.Event(), self.figures.meter
        )
        self.pulse = Pulse(world.store, clock, self.runner, self.figures)
        self.delivery: Delivery = world.delivery(meter=self.figures.meter)
        self.pulse.begin()

    def minutes(self, count: int) -> None:
        for _ in range(count):
            self.clock.advance(60)
            self.pulse.beat(self.config, {"shop": self.delivery})

    def found(self) -> Mapping[Subject, Mapping[str, int]]:
        self.figures.write()
        return {row.subject: row.figures for row in self.world.store.kpis.between(0, 10**9)}


@pytest.fixture
def watched(world: World, clock: ManualClock, tmp_path: Path) -> Watched:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return Watched(world, clock, ConfigFile(path).current)


def test_minutes_at_work_are_added_up_to_the_second(watched: Watched) -> None:
    watched.clock.advance(0.7)
    watched.minutes(10)
    watched.clock.advance(30.6)
    watched.pulse.end()
    assert watched.found()[THE_AGENT] == {"up": 631}


def test_flow_that_is_halted_is_down_and_the_other_is_not(watched: Watched) -> None:
    watched.world.append(["A"])  # the store knows a flow by its messages
    watched.world.store.flows.update("products", halted="SA-4001 a column is gone")
    watched.minutes(5)
    watched.world.store.flows.update("products", halted="")
    watched.minutes(5)
    watched.found()
    rows = watched.world.store.kpis.between(0, 10**9)
    assert kpis(rows)[PRODUCTS].availability == pytest.approx(0.5)
    assert kpis(rows)[PICTURES].availability == 1


def test_target_that_is_halted_is_down_with_all_its_flows(watched: Watched) -> None:
    watched.world.receiver().script.append(fails(Misconfigured("SA-5901", "log-in refused")))
    watched.world.append(["A", "B", "C"])
    watched.delivery.run_until_idle()
    watched.minutes(2)
    found = watched.found()
    assert found[Subject(TARGET, "shop")]["down"] == 120
    assert (found[PRODUCTS]["down"], found[PICTURES]["down"]) == (120, 120)
    assert found[PRODUCTS]["backlog"] == 3


def test_only_a_flow_with_a_schedule_can_be_late(watched: Watched) -> None:
    watched.minutes(7)
    watched.runner.looked_at["products"] = watched.clock.now_ms()
    watched.minutes(2)
    found = watched.found()
    assert found[PRODUCTS]["age"] == 420
    assert "age" not in found.get(PICTURES, {})
