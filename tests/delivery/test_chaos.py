"""Everything goes wrong by chance; at rest everything is where it belongs. Seeds are printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

import pytest

from agent.contract import Doubt
from agent.delivery import Delivery
from agent.errors import Rejected, Unavailable
from agent.model import Message, Receipt, State
from connectors.memory import (
    Effect,
    Receiver,
    breaks_after,
    doubled,
    fails,
    honest,
    loses_answer,
    reordered,
    silent,
)
from tests.delivery.world import ManualClock, World

ROUNDS = 3000
"""Times the clock is moved on before a test says that nothing comes to rest."""


class Chaos:
    """A fault in about every second call, of every kind that a target can show."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def __call__(self, receiver: Receiver, messages: Sequence[Message]) -> Iterable[Receipt]:
        receiver.script.append(self)
        gone = Unavailable("SA-5901", "connection reset")
        busy = Unavailable("SA-5904", "429", retry_after=self.random.uniform(-1, 90))
        whole = Rejected("SA-5902", "refused as a whole")
        fault = self.random.choice(
            [
                honest,
                honest,
                honest,
                reordered,
                doubled,
                silent,
                fails(gone),
                fails(busy),
                loses_answer(gone),
                loses_answer(busy),
                breaks_after(self.random.randrange(len(messages) + 1), gone),
                self.some_are_refused,
                self.some_are_missing,
                self.crashes,
            ]
            + [fails(whole)] * (len(messages) > 1)
        )
        return fault(receiver, messages)

    def some_are_refused(self, receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        return [
            Receipt(message.id, accepted=False, code="refused", reason="by chance")
            if self.random.random() < 0.02
            else receiver.take(message)
            for message in messages
        ]

    def some_are_missing(self, receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        receipts = honest(receiver, messages)
        return [receipt for receipt in receipts if self.random.random() < 0.7]

    def crashes(self, receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        honest(receiver, messages[: len(messages) // 2])
        raise IndexError("list index out of range")


class Unforgiving(Receiver):
    """Every message that arrives has an effect, also when it arrives twice."""

    def take(self, message: Message) -> Receipt:
        place = (message.entity, message.key)
        self.versions[place] = message.version
        self.holds[place] = message.body
        self.effects.append(
            Effect(message.op, message.entity, message.key, message.version, message.id)
        )
        return Receipt(message.id, accepted=True)


def deliver_all(world: World, delivery: Delivery, clock: ManualClock) -> None:
    for _ in range(ROUNDS):
        delivery.run_until_idle()
        states = world.states()
        # Behind a parked message its key's younger ones wait, as they should.
        if states.get(State.PENDING, 0) <= 3 * states.get(State.PARKED, 0) and (
            world.store.messages.next_due("shop") is None
        ):
            return
        clock.advance(30)
    raise AssertionError(f"no rest: {world.states()}, {delivery.status()}")


def retry_until_nothing_is_parked(world: World, delivery: Delivery, clock: ManualClock) -> None:
    while world.states().get(State.PARKED):
        world.store.decisions.retry(state=State.PARKED)
        deliver_all(world, delivery, clock)


def assert_each_effect_once_and_in_order(receiver: Receiver) -> None:
    versions = defaultdict(list)
    for effect in receiver.effects:
        versions[effect.key].append(effect.version)
    for key, sequence in versions.items():
        assert sequence == sorted(set(sequence)), f"{key}: {sequence}"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("senders", [1, 4])
@pytest.mark.parametrize(
    ("doubt", "other_side"),
    [(Doubt.SEND, Receiver), (Doubt.ASK, Unforgiving)],
    ids=["ignores what is old", "cannot take it twice"],
)
def test_under_faults_of_every_kind_each_message_takes_effect_once_and_in_order(
    world: World,
    clock: ManualClock,
    seed: int,
    senders: int,
    doubt: Doubt,
    other_side: type[Receiver],
) -> None:
    print(f"seed {seed}")  # noqa: T201 - how to repeat a failure
    receiver = world.receiver(kind=other_side)
    receiver.script.append(Chaos(seed))
    keys = [f"K{number}" for number in range(500)]
    for _ in range(4):
        world.append(keys, coalesce=False)
    delivery = world.delivery(doubt=doubt, seed=seed, senders=senders, batch_size=100)
    deliver_all(world, delivery, clock)
    assert_each_effect_once_and_in_order(receiver)

    retry_until_nothing_is_parked(world, delivery, clock)
    assert world.states() == {State.DELIVERED: 2000}
    assert_each_effect_once_and_in_order(receiver)
    assert len(receiver.effects) == 2000
