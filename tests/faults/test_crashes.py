"""The process ends between any two steps; the next one goes on as if nothing had been."""

from __future__ import annotations

from random import Random

from tests.faults.crashing import Nursery, somewhere
from tests.faults.seeds import seeded
from tests.faults.site import Site

LIVES = 20
"""Crashes one after the other in one history."""


def test_agent_killed_between_any_two_steps_loses_and_doubles_nothing(
    site: Site, seed: int
) -> None:
    random = seeded(seed)
    with Nursery(site.config) as nursery:
        lines = dict(nursery.learn())  # a first load
        crashes = 0
        for life in range(LIVES):
            if random.random() < 0.7:
                site.edit(random)
            if random.random() < 0.4:
                site.drop_prices(random)
            if life % 5 == 0:  # lines that only a change comes by
                lines |= nursery.learn()
                site.edit(random)
                site.drop_prices(random)
            place = somewhere(lines, random)
            crashes += nursery.crash(place)
            print(life,place)
    assert crashes > LIVES // 4
    site.come_to_rest()
    site.assert_at_rest()
    assert site.parked() == []
