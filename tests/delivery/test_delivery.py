"""One sender, a clock that the test moves: what happens to messages, receipt by receipt."""

import pytest

from agent.contract import Doubt
from agent.delivery import DeliveryState, EventKind
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import State
from connectors.memory import (
    MemoryTarget,
    breaks_after,
    doubled,
    fails,
    honest,
    loses_answer,
    reordered,
    silent,
)
from tests.delivery.world import ManualClock, World, ids

OUTAGE = Unavailable("SA-5901", "connection refused")


def keys(count: int) -> list[str]:
    return [f"K{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("behaviour", [honest, reordered, doubled])
def test_accepted_messages_are_delivered_with_the_targets_reference(
    world: World,
    behaviour: object,
) -> None:
    world.receiver().script.append(behaviour)  # type: ignore[arg-type]
    world.append(["A", "B"])
    world.delivery().run_until_idle()
    assert world.states() == {State.DELIVERED: 2}
    assert world.store.bindings.reference("shop", "product", "A") == "product/A"


def test_a_rejected_message_is_parked_with_its_reason_and_the_others_go_on(world: World) -> None:
    world.receiver().refuses["B"] = "unknown tax class"
    world.append(["A", "B", "C"])
    world.delivery().run_until_idle()
    (parked,) = world.store.messages.list(state=State.PARKED)
    assert (parked.key, parked.code, parked.reason) == ("B", "refused", "unknown tax class")
    assert world.states() == {State.DELIVERED: 2, State.PARKED: 1}
    assert [event.count for event in world.happened(EventKind.PARKED)] == [1]


def test_behind_a_parked_message_only_its_own_key_waits(world: World) -> None:
    world.receiver().refuses["B"] = "unknown tax class"
    delivery = world.delivery()
    world.append(["A", "B"], coalesce=False)
    delivery.run_until_idle()
    world.append(["A", "B"], coalesce=False)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 2, State.PARKED: 1, State.PENDING: 1}


@pytest.mark.parametrize("behaviour", [silent, loses_answer(OUTAGE)], ids=["silent", "lost"])
def test_a_lost_answer_is_sent_again_with_the_same_id_and_bytes_and_takes_effect_once(
    world: World, clock: ManualClock, behaviour: object
) -> None:
    receiver, delivery = world.receiver(), world.delivery()
    receiver.script.append(behaviour)  # type: ignore[arg-type]
    world.append(["A", "B"])
    delivery.run_until_idle()
    assert world.states() == {State.PENDING: 2}
    clock.advance(3600)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 2}
    first, second = receiver.requests
    assert [(m.id, m.body) for m in first] == [(m.id, m.body) for m in second]
    assert len(receiver.effects) == 2


def test_where_the_target_cannot_take_it_twice_it_is_asked_first(
    world: World, clock: ManualClock
) -> None:
    receiver, delivery = world.receiver(), world.delivery(doubt=Doubt.ASK)
    receiver.script.append(loses_answer(OUTAGE))
    world.append(["A", "B"])
    delivery.run_until_idle()
    clock.advance(3600)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 2}
    assert len(receiver.requests) == 1


def test_what_has_no_receipt_comes_again_alone(world: World, clock: ManualClock) -> None:
    receiver, delivery = world.receiver(), world.delivery()
    receiver.script.append(breaks_after(3, OUTAGE))
    world.append(keys(5))
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 3, State.PENDING: 2}
    assert {row.code for row in world.store.messages.list(state=State.PENDING)} == {"SA-5901"}
    clock.advance(3600)
    delivery.run_until_idle()
    again = [message.key for request in receiver.requests[1:] for message in request]
    assert sorted(again) == ["K4", "K5"]


def test_attempts_have_no_limit_and_waits_stay_below_the_cap(
    world: World, clock: ManualClock
) -> None:
    receiver = world.receiver()
    delivery = world.delivery(backoff_cap=60, breaker_failures=10_000)
    receiver.script.extend([fails(OUTAGE)] * 50)
    world.append(["A"])
    for attempt in range(50):
        delivery.run_until_idle()
        (row,) = world.store.messages.list()
        assert row.attempts == attempt + 1
        assert row.due_at is not None
        wait = row.due_at - clock.now_ms()
        assert 0 <= wait <= min(60_000, 1000 * 2**attempt)
        clock.advance(wait / 1000 + 0.002)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 1}


def test_retry_after_stops_the_whole_target_for_so_long(world: World, clock: ManualClock) -> None:
    receiver, delivery = world.receiver(), world.delivery()
    receiver.script.append(fails(Unavailable("SA-5904", "429", retry_after=120)))
    world.append(["A"])
    delivery.run_until_idle()
    world.append(["B"])
    clock.advance(119)
    delivery.run_until_idle()
    assert len(receiver.requests) == 1
    status = delivery.status()
    assert status.state is DeliveryState.WAITING
    assert status.until is not None
    assert 1_000 <= status.until - clock.now_ms() <= 2_000
    clock.advance(3)
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 2}
    assert not world.happened(EventKind.OPENED), "it answered, it is not down"


def test_retry_after_stands_in_place_of_the_backoff_and_uses_up_no_patience(
    world: World, clock: ManualClock
) -> None:
    receiver, delivery = world.receiver(), world.delivery()
    receiver.script.extend([fails(Unavailable("SA-5904", "429", retry_after=2))] * 20)
    world.append(["A"])
    for _ in range(20):
        delivery.run_until_idle()
        clock.advance(3.01)
    delivery.run_until_idle()
    assert len(receiver.requests) == 21
    assert world.states() == {State.DELIVERED: 1}


def test_after_failures_in_a_row_it_is_left_alone_and_probed_with_a_small_batch(
    world: World, clock: ManualClock
) -> None:
    receiver = world.receiver()
    delivery = world.delivery(breaker_failures=3, breaker_cooldown=30, backoff_base=0.001)
    receiver.script.extend([fails(OUTAGE)] * 3)
    for number in range(3):
        world.append([f"early {number}"])
        delivery.run_until_idle()
    world.append(keys(100))
    delivery.run_until_idle()
    assert len(receiver.requests) == 3
    assert delivery.status().state is DeliveryState.OPEN
    assert len(world.happened(EventKind.OPENED)) == 1
    clock.advance(30)
    delivery.run_until_idle()
    assert 1 <= len(receiver.requests[3]) <= 10
    assert len(receiver.requests[4]) > 10
    assert world.states() == {State.DELIVERED: 103}
    assert len(world.happened(EventKind.CLOSED)) == 1


def test_a_wrong_password_is_tried_once_and_then_by_a_person_only(
    world: World, clock: ManualClock
) -> None:
    receiver, delivery = world.receiver(), world.delivery()
    error = Misconfigured("SA-5903", "401 Unauthorized", hint="renew the token")
    receiver.script.append(fails(error))
    world.append(keys(50))
    for _ in range(5):
        delivery.run_until_idle()
        clock.advance(3600)
    assert len(receiver.requests) == 1
    assert world.states() == {State.PENDING: 50}
    status = delivery.status()
    assert (status.state, status.last_error) == (DeliveryState.HALTED, error)
    assert [event.error for event in world.happened(EventKind.HALTED)] == [error]

    delivery.resume()
    delivery.run_until_idle()
    assert world.states() == {State.DELIVERED: 50}
    assert len(world.happened(EventKind.RESUMED)) == 1


def test_a_target_that_cannot_be_built_halts_it_and_nothing_counts_as_sent(world: World) -> None:
    class Unbuildable(MemoryTarget):
        def __init__(self, *_: object) -> None:
            raise Misconfigured("SA-1601", "no such secret")

    delivery = world.delivery(kind=Unbuildable)
    world.append(["A"])
    delivery.run_until_idle()
    assert delivery.status().state is DeliveryState.HALTED
    assert [row.attempts for row in world.store.messages.list()] == [0]


def test_a_target_is_not_built_before_there_is_something_to_send(world: World) -> None:
    class Unbuildable(MemoryTarget):
        def __init__(self, *_: object) -> None:
            raise Misconfigured("SA-1601", "no such secret")

    delivery = world.delivery(kind=Unbuildable)
    delivery.run_until_idle()
    assert delivery.status().last_error is None


def test_what_halted_is_built_anew_after_resume(world: World) -> None:
    built: list[MemoryTarget] = []
    closed: list[MemoryTarget] = []

    class Counted(MemoryTarget):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            built.append(self)

        def close(self) -> None:
            closed.append(self)

    world.receiver().script.append(fails(Misconfigured("SA-5903", "401")))
    delivery = world.delivery(kind=Counted)
    world.append(["A"])
    delivery.run_until_idle()
    delivery.resume()
    delivery.run_until_idle()
    assert len(built) == 2
    assert closed == built[:1]
    delivery.drain(1)
    assert closed == built


def test_a_batch_refused_as_a_whole_is_halved_until_the_poison_is_parked(world: World) -> None:
    world.receiver().poison = {"K42"}
    world.append(keys(100))
    delivery = world.delivery()
    delivery.run_until_idle()
    (parked,) = world.store.messages.list(state=State.PARKED)
    assert (parked.key, parked.code) == ("K42", "SA-2093")
    assert world.states() == {State.DELIVERED: 99, State.PARKED: 1}


def test_a_message_that_crashes_the_connector_does_not_hold_up_the_others(
    world: World, clock: ManualClock
) -> None:
    class Fragile(MemoryTarget):
        def deliver(self, messages):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if any(message.key == "K42" for message in messages):
                raise ZeroDivisionError("weight")
            return super().deliver(messages)

    world.append(keys(100))
    delivery = world.delivery(kind=Fragile)
    for _ in range(3):
        delivery.run_until_idle()
        clock.advance(600)
    (parked,) = world.store.messages.list(state=State.PARKED)
    assert (parked.key, parked.code) == ("K42", "SA-5004")
    assert world.states() == {State.DELIVERED: 99, State.PARKED: 1}


def test_orders_go_before_stock_and_stock_before_products(world: World) -> None:
    delivery = world.delivery(batch_size=2)
    for flow, lane in [("products", 3), ("stock", 1), ("orders", 0)]:
        world.append(["A", "B"], flow=flow, lane=lane)
    delivery.run_until_idle()
    flows = [message.flow for request in world.receiver().requests for message in request]
    assert flows == ["orders"] * 2 + ["stock"] * 2 + ["products"] * 2


def test_a_dead_senders_messages_come_again_when_its_lease_has_expired(
    world: World, clock: ManualClock
) -> None:
    world.append(["A"])
    claim = world.store.messages.claim("shop", 10, now=clock.now_ms(), lease_ms=600_000)
    delivery = world.delivery()
    clock.advance(599)
    delivery.run_until_idle()
    assert world.receiver().requests == []
    clock.advance(2)
    delivery.run_until_idle()
    (request,) = world.receiver().requests
    assert ids(request) == ids(claim.messages)
    assert request[0].attempts == 1


def test_a_sender_that_lost_its_lease_does_not_overwrite_the_next_ones(
    world: World, clock: ManualClock
) -> None:
    taken_over = []

    def sleeps_too_long(*_: object) -> tuple[()]:
        clock.advance(601)
        taken_over.append(
            world.store.messages.claim("shop", 10, now=clock.now_ms(), lease_ms=600_000)
        )
        return ()

    world.receiver().script.append(sleeps_too_long)
    world.append(["A"])
    world.delivery(lease=600).run_until_idle()
    assert len(taken_over[0].messages) == 1
    (row,) = world.store.messages.list()
    assert row.leased
    assert row.due_at == clock.now_ms() + 600_000


def test_a_search_for_the_culprit_ends_when_half_the_lease_has_gone(
    world: World, clock: ManualClock
) -> None:
    receiver = world.receiver()

    def slow(*_: object) -> tuple[()]:
        clock.advance(200)
        raise Rejected("SA-5902", "refused")

    receiver.script.extend([slow, slow])
    world.append(keys(8))
    delivery = world.delivery(lease=600, batch_size=8)
    delivery.run_until_idle()
    assert [len(request) for request in receiver.requests[:2]] == [8, 4]
    assert world.states() == {State.DELIVERED: 8}, "a new claim takes what was left"


def test_status_says_what_the_senders_do(world: World, clock: ManualClock) -> None:
    delivery = world.delivery()
    assert delivery.status().state is DeliveryState.IDLE
    world.append(["A"])
    assert delivery.status().state is DeliveryState.WAITING
    delivery.run_until_idle()
    clock.advance(1)
    status = delivery.status()
    assert status.state is DeliveryState.IDLE
    assert (status.delivered, status.in_flight, status.rate) == (1, 0, 0.1)
    assert status.last_success == clock.now_ms() - 1000
    delivery.drain(1)
    assert delivery.status().state is DeliveryState.STOPPED


def test_our_own_failure_halts_the_target_and_says_so(world: World) -> None:
    world.append(["A"])
    delivery = world.delivery()

    def loses_the_store(*_: object) -> tuple[()]:
        world.store.close()
        return ()

    world.receiver().script.append(loses_the_store)
    delivery.run_until_idle()
    (event,) = world.happened(EventKind.HALTED)
    assert event.error is not None
    assert event.error.code == "SA-5101"
