from random import Random

import pytest

from agent.delivery.backoff import Backoff


def test_a_delay_lies_anywhere_below_a_bound_that_doubles_up_to_the_cap() -> None:
    backoff = Backoff(base=1.0, cap=60.0, random=Random(7))
    for attempts, bound in [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (1_000_000, 60)]:
        delays = [backoff.delay(attempts) for _ in range(2000)]
        assert all(0 <= delay <= bound for delay in delays)
        assert min(delays) < bound * 0.05, "full jitter reaches down to nothing"
        assert max(delays) > bound * 0.95, "and up to the bound"


@pytest.mark.parametrize(
    ("wish", "least"), [(-5.0, 1.0), (0.0, 1.0), (17.0, 17.0), (604_800.0, 3600.0)]
)
def test_the_targets_wish_is_honoured_within_reason(wish: float, least: float) -> None:
    backoff = Backoff(base=1.0, cap=60.0, random=Random(7))
    for _ in range(200):
        assert least <= backoff.honour(wish) <= least + 1.0
