"""The shop answers wrongly, late, twice or not at all."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.faults.seeds import seeded
from tests.faults.site import Site

FAULTS = 40
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "lose_answer"},
    {"kind": "lose_answer", "times": 3},
    {"kind": "drop"},
    {"kind": "html"},
    {"kind": "missing_item"},
    {"kind": "odd_items"},
    {"kind": "wrong_type"},
    {"kind": "wrong_shape"},
    {"kind": "delay", "seconds": 0.1},
    {"kind": "redirect", "status": 302},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 409, "retry_after": "-5"},
    {"kind": "status", "status": 429, "retry_after": "soon"},
    {"kind": "status", "status": 503, "retry_after": "1e3"},
    {"kind": "status", "status": 503, "retry_after": "Sun, 06 Nov 9999 99:99:99 GMT"},
)
SLOW: tuple[dict[str, Any], ...] = (
    {"kind": "drip"},  # until the total time-out of two seconds
    {"kind": "status", "status": 429, "retry_after": "0"},
    {"kind": "status", "status": 503, "retry_after": "Sun, 06 Nov 1994 08:49:37 GMT"},
)
"""Once each: they cost a second or two."""


def _plan(site: Site, random: Random) -> None:
    faults = [*SLOW, *(random.choice(KINDS) for _ in range(FAULTS))]
    random.shuffle(faults)
    for fault in faults:
        site.shop.plan_fault(**fault)
        for _ in range(random.randint(0, 2)):
            site.shop.plan_fault("delay")  # a moment's peace


@pytest.mark.parametrize("chance", [1, -1])
def test_whatever_the_shop_answers_each_change_has_one_effect(site: Site, chance: int) -> None:
    random = seeded(chance)
    _plan(site, random)
    site.drop_prices(random)
    site.agent.start()
    for _ in range(6):
        site.until(lambda: not site.differences(), "source and target are equal")
        site.edit(random)
        site.drop_prices(random)
        _plan(site, random) if random.random() < 0.3 else None
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
    assert site.parked() == []


def test_a_whole_batch_whose_answer_is_lost_is_sent_again_under_the_same_ids(site: Site) -> None:
    site.shop.plan_fault("lose_answer", times=4)
    site.come_to_rest()
    site.assert_at_rest()
    assert site.effects() == 40
