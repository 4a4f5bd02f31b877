"""Figures out of a delivery that works, with time that passes when the test says so."""

from __future__ import annotations

import pytest

from agent.errors import Unavailable
from agent.kpi import FLOW, TARGET, THE_AGENT, Collector, kpis
from agent.store import HOUR_MS, HourRow, Subject
from connectors.memory import fails
from tests.delivery.world import LONG_AGO, ManualClock, World

PRODUCTS, SHOP = Subject(FLOW, "products"), Subject(TARGET, "shop")
FIRST_HOUR = LONG_AGO // HOUR_MS


@pytest.fixture
def figures(world: World, clock: ManualClock) -> Collector:
    return Collector(world.store, clock)


def rows(world: World) -> list[HourRow]:
    return world.store.kpis.between(0, 10**9)


def test_delivered_records_and_how_long_each_took_come_from_their_own_history(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    world.append([f"A{number}" for number in range(250)])  # three bundles
    clock.advance(30)
    world.delivery(meter=figures.meter).run_until_idle()
    clock.advance(1)
    figures.write()
    found = kpis(rows(world))[PRODUCTS]
    assert found.counts["delivered"] == 250
    assert found.median_seconds == pytest.approx(30, rel=0.05)
    assert kpis(rows(world))[SHOP].counts["calls"] == len(world.receiver().requests)


def test_nothing_is_counted_twice_and_a_crash_loses_no_delivery(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    world.append(["A"])
    world.delivery().run_until_idle()
    clock.advance(1)
    figures.write()
    world.append(["B"])
    world.delivery().run_until_idle()
    clock.advance(1)
    for _ in range(2):
        Collector(world.store, clock).write()  # another process, after the first was killed
    assert kpis(rows(world))[PRODUCTS].counts["delivered"] == 2


def test_refusals_and_missing_answers_make_the_error_rate(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    world.receiver().script.append(fails(Unavailable("SA-5901", "away", untouched=True)))
    world.receiver().refuses["A"] = "no such article"
    world.append(["A", "B", "C"])
    delivery = world.delivery(meter=figures.meter)
    delivery.run_until_idle()
    clock.advance(60)
    delivery.run_until_idle()
    clock.advance(1)
    figures.write()
    found = kpis(rows(world))
    assert found[PRODUCTS].counts == {"delivered": 2, "refused": 1, "unanswered": 3}
    assert found[PRODUCTS].error_rate == pytest.approx(4 / 6)
    assert found[SHOP].error_rate == pytest.approx(1 / 2)


def test_hours_are_kept_apart_and_joined_with_what_they_hold_already(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    for seconds in (0, 10, 3600):
        clock.advance(seconds)
        world.append([f"at {clock.seconds}"])
        world.delivery(meter=figures.meter).run_until_idle()
        clock.advance(1)
        figures.write()
    counts = {row.hour: row.figures["delivered"] for row in rows(world) if row.subject == PRODUCTS}
    assert counts == {FIRST_HOUR: 2, FIRST_HOUR + 1: 1}


def test_quiet_polls_write_nothing_until_their_hour_is_over(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    for _ in range(3):
        clock.advance(60)
        figures.meter.ran("products", failed=False, rows=9, changes=0, refused=0, quiet=True)
        figures.meter.present(60)
        figures.tick()
    assert rows(world) == []
    clock.advance(3600)
    figures.tick()
    assert {row.subject: row.figures for row in rows(world)} == {
        THE_AGENT: {"up": 180},
        PRODUCTS: {"runs": 3, "rows": 27},
    }
    assert {row.hour for row in rows(world)} == {FIRST_HOUR}


def test_largest_backlog_of_an_hour_is_kept(world: World, figures: Collector) -> None:
    for backlog in (3, 700, 12):
        figures.meter.saw(PRODUCTS, backlog=backlog)
        figures.write()
    assert kpis(rows(world))[PRODUCTS].backlog == 700


def test_time_between_two_daemons_counts_as_absence(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    figures.begin()
    clock.advance(7200)
    figures.meter.present(7200)
    figures.meter.saw(PRODUCTS, down=1800)
    figures.write()
    clock.advance(1800)
    Collector(world.store, clock).begin()
    found = kpis(rows(world))[PRODUCTS]
    assert found.availability == pytest.approx((7200 - 1800) / 9000)


def test_hours_are_forgotten_after_thirteen_months(world: World, clock: ManualClock) -> None:
    store = world.store
    with store.transaction():
        store.kpis.put(
            HourRow(FIRST_HOUR + hour, Subject(FLOW, f"flow {number}"), {"delivered": 1}, {})
            for hour in range(1500)
            for number in range(3)
        )
    clock.advance(397 * 86_400 + 1000 * 3600)
    store.maintain(clock.now_ms())
    left = {row.hour for row in rows(world)}
    assert (min(left), max(left)) == (FIRST_HOUR + 1000, FIRST_HOUR + 1499)


def test_clock_that_is_set_back_ends_no_counting(
    world: World, clock: ManualClock, figures: Collector
) -> None:
    figures.write()
    world.append(["A"])
    clock.advance(86_400)
    world.delivery().run_until_idle()
    clock.advance(1)
    figures.write()
    clock.advance(-80_000)
    world.append(["B"])
    world.delivery().run_until_idle()
    clock.advance(1)
    figures.write()  # finds the mark ahead, begins at this moment
    world.append(["C"])
    world.delivery().run_until_idle()
    clock.advance(1)
    figures.write()
    hours = {row.hour: row.figures["delivered"] for row in rows(world)}
    assert hours == {FIRST_HOUR + 24: 1, FIRST_HOUR + 2: 1}
