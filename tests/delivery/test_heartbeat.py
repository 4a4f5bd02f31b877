"""A target hears that the agent lives; one that does not want to hear it does no harm."""

import threading
from typing import Any

from agent.contract import Target
from agent.delivery import Heartbeat
from agent.errors import Misconfigured, SyncError, Unavailable
from connectors.memory import MemoryTarget, fails
from tests.delivery.world import ManualClock, World


def heartbeat(world: World, kind: type[MemoryTarget] = MemoryTarget) -> Heartbeat:
    return Heartbeat(
        delivery=world.delivery(kind=kind), status={"flows": 3}.copy, every=60, clock=world.clock
    )


def refusing(errors: list[SyncError]) -> type[MemoryTarget]:
    class Refusing(MemoryTarget):
        def heartbeat(self, status: dict[str, Any]) -> None:
            if errors:
                raise errors.pop(0)
            super().heartbeat(status)

    return Refusing


def test_a_beat_carries_the_agents_status(world: World, clock: ManualClock) -> None:
    heart = heartbeat(world)
    heart.beat()
    assert world.receiver().heartbeats == [{"flows": 3}]
    assert heart.last_beat == clock.now_ms()


def test_a_target_that_has_no_ear_for_it_is_left_in_peace(world: World) -> None:
    class Deaf(MemoryTarget):
        heartbeat = Target.heartbeat

    heart = heartbeat(world, Deaf)
    heart.beat()
    assert heart.last_beat is None
    assert heart.last_error is None


def test_a_failed_beat_is_noted_and_the_next_one_clears_it(world: World) -> None:
    error = Unavailable("SA-5901", "connection refused")
    heart = heartbeat(world, refusing([error]))
    heart.beat()
    assert heart.last_error is error
    heart.beat()
    assert heart.last_error is None
    assert len(world.receiver().heartbeats) == 1


def test_after_a_wrong_password_the_heart_is_silent_until_a_message_was_accepted(
    world: World, clock: ManualClock
) -> None:
    errors: list[SyncError] = [Misconfigured("SA-5903", "401")]
    delivery = world.delivery(kind=refusing(errors))
    heart = Heartbeat(delivery=delivery, status=dict, every=60, clock=clock)
    for _ in range(3):
        heart.beat()
        clock.advance(60)
    assert world.receiver().heartbeats == []
    world.append(["A"])
    delivery.run_until_idle()
    heart.beat()
    assert len(world.receiver().heartbeats) == 1


def test_a_halted_target_is_not_spoken_to(world: World) -> None:
    world.receiver().script.append(fails(Misconfigured("SA-5903", "401")))
    delivery = world.delivery()
    world.append(["A"])
    delivery.run_until_idle()
    Heartbeat(delivery=delivery, status=dict, every=60, clock=world.clock).beat()
    assert world.receiver().heartbeats == []


def test_a_started_heart_beats_until_it_is_closed(world: World) -> None:
    twice = threading.Event()
    beats: list[int] = []

    def status() -> dict[str, Any]:
        beats.append(1)
        if len(beats) == 2:
            twice.set()
        return {}

    heart = Heartbeat(delivery=world.delivery(), status=status, every=0.01, clock=world.clock)
    heart.start()
    assert twice.wait(30)
    heart.close()
    assert len(world.receiver().heartbeats) == len(beats)


def test_beat_that_found_the_door_closed_is_tried_again_soon(world: World) -> None:
    delivery = world.delivery()
    heart = Heartbeat(delivery=delivery, status=dict, every=60, clock=world.clock)
    assert heart.beat() == 60
    delivery.drain(1)
    assert heart.beat() < 60
