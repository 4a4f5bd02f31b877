"""The wall clock jumps: a wrong battery, a virtual machine that slept, somebody's hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.daemon import Agent
from agent.model import State
from tests.faults.site import Site

DAY = 86_400_000


class JumpingClock:
    """The system's time, and so many milliseconds beside it."""

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.offset

    def monotonic(self) -> float:
        return time.monotonic()


@contextmanager
def running(site: Site, clock: JumpingClock) -> Iterator[Agent]:
    """The whole engine in this process."""
    agent = Agent.open(site.config, clock=clock)
    try:
        agent.start()
        yield agent
        assert agent.stop(20)
    finally:
        agent.close()


def _until_in_step(site: Site, agent: Agent) -> None:
    site.until(
        lambda: not site.differences() and not agent.store.messages.open_load("shop")[0],
        "source and target are equal",
    )


@pytest.mark.parametrize("jump", [-DAY, DAY, -365 * DAY])
def test_flows_go_on_when_the_clock_is_set(site: Site, jump: int) -> None:
    clock = JumpingClock()
    with running(site, clock) as agent:
        _until_in_step(site, agent)
        clock.offset = jump
        for code in list(site.articles())[:3]:
            site.rename(code)
        _until_in_step(site, agent)
    site.assert_at_rest()


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_messages_that_wait_for_another_attempt_go_when_the_clock_is_set(
    site: Site, jump: int
) -> None:
    clock = JumpingClock()
    with running(site, clock) as agent:
        _until_in_step(site, agent)
        site.shop.kill()
        for code in list(site.articles())[:3]:
            site.rename(code)
        site.until(
            lambda: any(row.attempts for row in agent.store.messages.list(state=State.PENDING)),
            "a first attempt failed",
        )
        clock.offset = jump
        site.shop.start()
        _until_in_step(site, agent)
    site.assert_at_rest()


def test_messages_of_an_agent_whose_clock_was_ahead_go_after_a_restart(site: Site) -> None:
    site.shop.kill()
    with running(site, JumpingClock(365 * DAY)) as agent:
        site.until(
            lambda: any(row.attempts for row in agent.store.messages.list(state=State.PENDING)),
            "a first attempt failed",
        )
    site.shop.start()
    with running(site, JumpingClock()) as agent:
        _until_in_step(site, agent)
    site.assert_at_rest()


def test_leases_that_run_out_at_once_double_nothing(site: Site) -> None:
    """A day passes while batches are under way: other senders take the same messages."""
    clock = JumpingClock()
    site.shop.plan_fault("delay", times=8, seconds=0.3)
    with running(site, clock) as agent:
        for number in range(1, 9):
            site.until(
                lambda: agent.status()["targets"][0]["in_flight"] or not site.differences(),
                "a batch is under way",
            )
            clock.offset = number * DAY
            time.sleep(0.1)
        _until_in_step(site, agent)
    site.assert_at_rest()
    assert site.effects() == 40
