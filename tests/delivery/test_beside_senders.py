"""Delivering until idle beside senders that run already: nothing is left half way."""

from pathlib import Path

from agent.clock import SystemClock
from agent.model import State
from tests.delivery.world import World


def test_until_idle_waits_for_what_other_senders_hold(tmp_path: Path) -> None:
    for trial in range(10):
        folder = tmp_path / str(trial)
        folder.mkdir()
        world = World(folder, SystemClock())
        delivery = world.delivery(batch_size=7, senders=3)
        delivery.start()
        world.append([f"K{number}" for number in range(100)])
        delivery.wake()
        delivery.run_until_idle()
        assert delivery.drain(10)
        assert world.states() == {State.DELIVERED: 100}
        world.close()
