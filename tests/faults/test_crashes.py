"""The process ends between any two steps; the next one goes on as if nothing had been."""

from __future__ import annotations

from tests.faults.crashing import Nursery, somewhere
from tests.faults.seeds import seeded
from tests.faults.site import DELETE_FREELY, Site

LIVES = 16
"""Crashes one after the other in one history."""


def test_agent_killed_between_any_two_steps_loses_and_doubles_nothing(
    site: Site, seed: int
) -> None:
    random = seeded(seed)
    site.configure(DELETE_FREELY)
    crashes = 0
    with Nursery(site.config) as nursery:
        lines = nursery.learn()  # a first load
        site.edit(random)
        site.drop_prices(random)
        lines |= nursery.learn()  # and what only changes come by
        for _ in range(LIVES):
            if random.random() < 0.7:
                site.edit(random)
            if random.random() < 0.4:
                site.drop_prices(random)
            place = somewhere(lines, random)
            crashed = nursery.crash(place)
            crashes += crashed
            print(place, "killed" if crashed else "did not come by")  # noqa: T201
    assert crashes > LIVES // 4
    site.come_to_rest()
    site.assert_at_rest()
    assert site.parked() == []
