"""Several senders on real threads and the real clock."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.delivery import Delivery, DeliveryState, EventKind
from agent.errors import Misconfigured, Unavailable
from agent.model import Message, Receipt, State
from connectors.memory import Receiver, fails, honest
from tests.delivery.world import World

PATIENCE = 30.0
"""Seconds after which a test that hangs gives up; none is meant to come near."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, SystemClock())
    yield world
    world.close()


class Gate:
    """A behaviour that says when it was reached and goes on when it is told to."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        self.reached.set()
        assert self.go_on.wait(PATIENCE)
        return honest(receiver, messages)


class Watch:
    """Waits until so many messages were delivered."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world, self._delivery = world, delivery

    def until_delivered(self, count: int) -> None:
        tick = threading.Event()
        for _ in range(int(PATIENCE * 100)):
            if self._delivery.status().delivered >= count:
                return
            tick.wait(0.01)
        raise AssertionError(f"{self._world.states()}, {self._delivery.status()}")


def test_started_senders_deliver_what_is_committed_when_they_are_woken(world: World) -> None:
    delivery = world.delivery(senders=3)
    delivery.start()
    for number in range(5):
        world.append([f"{number}/{key}" for key in range(20)])
        delivery.wake()
        Watch(world, delivery).until_delivered(20 * (number + 1))
    assert delivery.drain(PATIENCE)
    assert world.states() == {State.DELIVERED: 100}


def test_a_sender_comes_back_by_itself_when_a_postponed_message_is_due(world: World) -> None:
    world.receiver().script.append(fails(Unavailable("SA-5901", "connection refused")))
    delivery = world.delivery(backoff_base=0.01)
    world.append(["A"])
    delivery.start()
    Watch(world, delivery).until_delivered(1)
    assert delivery.drain(PATIENCE)


def test_drain_lets_what_is_in_flight_finish_and_leaves_no_lease(world: World) -> None:
    gate = Gate()
    world.receiver().script.append(gate)
    world.append([f"K{number}" for number in range(100)])
    delivery = world.delivery(senders=2)
    delivery.start()
    assert gate.reached.wait(PATIENCE)
    assert not delivery.drain(0), "it is still in flight"
    world.append(["late"])
    gate.go_on.set()
    assert delivery.drain(PATIENCE)
    assert delivery.status().state is DeliveryState.STOPPED
    assert not any(row.leased for row in world.store.messages.list(limit=1000))
    assert world.states() == {State.DELIVERED: 10, State.PENDING: 91}


def test_a_target_that_hangs_does_not_hold_up_another(world: World) -> None:
    gate = Gate()
    world.receiver("slow").script.append(gate)
    world.append(["A"], target="slow", flow="slow products")
    world.append(["A"], target="quick", flow="quick products")
    slow, quick = world.delivery("slow"), world.delivery("quick")
    slow.start()
    assert gate.reached.wait(PATIENCE)
    quick.run_until_idle()
    assert world.states("quick products") == {State.DELIVERED: 1}
    assert world.states("slow products") == {State.PENDING: 1}
    gate.go_on.set()
    Watch(world, slow).until_delivered(1)
    assert slow.drain(PATIENCE)


def test_four_senders_show_a_wrong_password_once(world: World) -> None:
    receiver = world.receiver()
    receiver.script.extend([fails(Misconfigured("SA-5903", "401"))] * 100)
    world.append([f"K{number}" for number in range(1000)])
    delivery = world.delivery(senders=4, batch_size=10)
    delivery.start()
    delivery.wake()
    while not world.happened(EventKind.HALTED):
        threading.Event().wait(0.01)
    delivery.wake()
    assert delivery.drain(PATIENCE)
    assert len(receiver.requests) == 1


def test_four_senders_share_one_rate(world: World) -> None:
    times: list[float] = []

    def noted(receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        times.append(world.clock.monotonic())
        return honest(receiver, messages)

    world.receiver().script.extend([noted] * 100)
    world.append([f"K{number}" for number in range(20)])
    world.delivery(senders=4, batch_size=1, rate=100, burst=2).run_until_idle()
    assert world.states() == {State.DELIVERED: 20}
    times.sort()
    for first, third in zip(times, times[2:], strict=False):
        assert third > first, "more than a burst of two at one moment"
    assert times[-1] - times[0] >= (20 - 2) / 100 * 0.99


def test_run_until_idle_ends_at_its_deadline(world: World) -> None:
    world.append([f"K{number}" for number in range(5)])
    world.delivery().run_until_idle(deadline=world.clock.monotonic())
    assert world.states() == {State.PENDING: 5}
