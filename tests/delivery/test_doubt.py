"""What may have been written already, what waits for another record, and who knows how to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest

from agent.contract import Doubt, NoOptions
from agent.delivery import Delivery, DeliverySettings, DeliveryState
from agent.errors import Unavailable
from agent.model import Message, Receipt, State
from agent.store import Store
from connectors.memory import MemoryTarget, Receiver, TargetOptions, fails, loses_answer
from tests.delivery.world import ManualClock, World

LOST = Unavailable("SA-5901", "the answer was lost")
REFUSED = Unavailable("SA-5902", "no connection", untouched=True)


class NeedsParent(MemoryTarget):
    """Takes `child` only when `parent` has an id there."""

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        for message in messages:
            if message.key == "child" and not self.bindings.find("product", ["parent"]):
                yield Receipt(
                    message.id, accepted=False, code="SA-5006", reason="no parent", waits=True
                )
            else:
                yield from super().deliver([message])


class ManyRequests(MemoryTarget):
    """A request of its own for every message."""

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        for number, message in enumerate(messages):
            if number:
                self.gate.request()
            yield from super().deliver([message])


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def world(tmp_path: Path, clock: ManualClock) -> Iterator[World]:
    world = World(tmp_path, clock)
    yield world
    world.close()


def later(clock: ManualClock, delivery: Delivery) -> None:
    clock.advance(10)
    delivery.run_until_idle()


def parked(world: World) -> list[tuple[str, str]]:
    return [(row.key, row.code) for row in world.store.messages.list(state=State.PARKED)]


def test_a_lost_answer_is_in_doubt_where_nobody_can_be_asked(
    world: World, clock: ManualClock
) -> None:
    delivery = world.delivery(doubt=Doubt.HOLD)
    world.receiver().script.append(loses_answer(LOST))
    world.append(["A"], coalesce=False)
    later(clock, delivery)
    later(clock, delivery)
    assert parked(world) == [("A", "SA-5010")]
    assert len(world.receiver().effects) == 1


def test_what_surely_had_no_effect_is_sent_again_without_asking_anybody(
    world: World, clock: ManualClock
) -> None:
    delivery = world.delivery(doubt=Doubt.HOLD)
    world.receiver().script.extend([fails(REFUSED), fails(REFUSED)])
    world.append(["A"], coalesce=False)
    for _ in range(3):
        later(clock, delivery)
    assert world.states() == {State.DELIVERED: 1}


def test_a_sender_that_died_leaves_doubt_behind(world: World, clock: ManualClock) -> None:
    world.append(["A"], coalesce=False)
    world.store.messages.claim("shop", 10, now=clock.now_ms(), lease_ms=1_000)
    delivery = world.delivery(doubt=Doubt.HOLD)
    later(clock, delivery)
    assert parked(world) == [("A", "SA-5010")]


def test_a_killed_agent_leaves_doubt_behind(
    world: World, tmp_path: Path, clock: ManualClock
) -> None:
    world.append(["A"], coalesce=False)
    world.store.messages.claim("shop", 10, now=clock.now_ms(), lease_ms=600_000)
    world.store.close()
    world.store = Store.open(tmp_path / "state.db", clock)
    delivery = world.delivery(doubt=Doubt.HOLD)
    later(clock, delivery)
    assert parked(world) == [("A", "SA-5010")]
    assert not world.receiver().effects


def test_a_sender_that_dies_leaves_no_more_in_doubt_than_it_was_sending(
    world: World, clock: ManualClock
) -> None:
    """Quick answers make claims of several requests, but not where each of them may be doubtful."""
    delivery = world.delivery(doubt=Doubt.HOLD, batch_size=1)
    world.append(["A"], coalesce=False)
    later(clock, delivery)
    world.append(["B", "C", "D"], coalesce=False)
    claimed: list[int] = []

    def dies(_receiver: Receiver, _messages: Sequence[Message]) -> list[Receipt]:
        claimed.extend(row.attempts for row in world.store.messages.list(state=State.PENDING))
        raise LOST

    world.receiver().script.append(dies)
    delivery.run_until_idle()
    assert sorted(claimed) == [0, 0, 1]


def test_a_person_confirms_what_is_there_and_its_number_is_kept(
    world: World, clock: ManualClock
) -> None:
    delivery = world.delivery(doubt=Doubt.HOLD)
    world.receiver().script.append(loses_answer(LOST))
    world.append(["A"], coalesce=False)
    later(clock, delivery)
    later(clock, delivery)
    (row,) = world.store.messages.list(state=State.PARKED)
    assert world.store.decisions.confirm(row.id, "2026/117", "anna")
    assert not world.store.decisions.confirm(row.id, "2026/118", "anna")
    assert world.states() == {State.DELIVERED: 1}
    assert world.store.bindings.reference("shop", "product", "A") == "2026/117"
    (row,) = world.store.messages.list()
    assert (row.reference, row.decided_by) == ("2026/117", "anna")


def test_a_person_has_it_sent_again_after_looking(world: World, clock: ManualClock) -> None:
    world.append(["A"], coalesce=False)
    world.store.messages.claim("shop", 10, now=clock.now_ms(), lease_ms=1_000)
    delivery = world.delivery(doubt=Doubt.HOLD)
    later(clock, delivery)
    assert world.store.decisions.retry(state=State.PARKED) == 1
    later(clock, delivery)
    assert world.states() == {State.DELIVERED: 1}
    assert len(world.receiver().effects) == 1


def test_what_waits_for_another_record_follows_by_itself(world: World, clock: ManualClock) -> None:
    delivery = world.delivery(kind=NeedsParent)
    world.append(["child"])
    delivery.run_until_idle()
    (row,) = world.store.messages.list()
    assert (row.state, row.code, row.reason) == (State.PENDING, "SA-5006", "no parent")
    world.append(["parent"])
    delivery.run_until_idle()
    later(clock, delivery)
    assert world.states() == {State.DELIVERED: 2}


def test_each_request_of_a_delivery_passes_the_gate(world: World) -> None:
    """A bucket of two: the third request finds it closed by the pause that the second asked for."""

    class Exhausted(ManyRequests):
        def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
            for receipt in super().deliver(messages):
                if len(self._receiver().requests) == 2:
                    self.gate.pause(30)
                yield receipt

    world.append(["A", "B", "C"])
    delivery = world.delivery(kind=Exhausted)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 2, State.PENDING: 1}
    assert delivery.status().state is DeliveryState.WAITING


def test_flows_to_one_connection_may_write_in_different_ways(
    world: World, clock: ManualClock
) -> None:
    def to(name: str) -> MemoryTarget:
        return MemoryTarget(NoOptions(), TargetOptions(receiver=world.address(name)))

    world.receiver("heads")
    world.receiver("stock")
    delivery = Delivery(
        name="erp",
        store=world.store,
        makers={"orders": lambda: to("heads"), "levels": lambda: to("stock")},
        settings=DeliverySettings(senders=1),
        clock=clock,
        random=Random(1),
    )
    world.append(["1", "2"], target="erp", flow="orders")
    world.append(["A"], target="erp", flow="levels")
    world.append(["X"], target="erp", flow="gone")
    delivery.run_until_idle()
    assert keys(world.receiver("heads")) == ["1", "2"]
    assert keys(world.receiver("stock")) == ["A"]
    assert parked(world) == [("X", "SA-5008")]


def keys(receiver: Receiver) -> list[str]:
    return [effect.key for effect in receiver.effects]


class Named(MemoryTarget):
    """Knows a record by its own id: what is there is changed, anything else is made anew."""

    made: list[str]

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        for message in messages:
            if not self.bindings.find("product", [message.key]):
                self.made.append(message.key)
            yield from super().deliver([message])

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        for message in messages:
            if message.key in self.made:
                yield Receipt(message.id, accepted=True, reference=f"no. {message.key}")


def test_what_replaces_a_message_in_doubt_is_written_though_the_record_is_there(
    world: World, clock: ManualClock
) -> None:
    class Once(Named):
        made: ClassVar[list[str]] = []  # type: ignore[misc]  # one server behind all targets

    delivery = world.delivery(kind=Once, doubt=Doubt.ASK)
    world.receiver().script.append(loses_answer(LOST))
    world.append(["A"])
    delivery.run_until_idle()
    world.append(["A"])
    later(clock, delivery)
    assert Once.made == ["A"]
    assert world.receiver().record("product", "A") == {"number": 2}
    assert world.states() == {State.DELIVERED: 1, State.SUPERSEDED: 1}
