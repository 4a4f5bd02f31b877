"""Many durations in little room: how many fell into each class of a fixed, logarithmic scale.

Classes grow by a tenth, so a quantile is right to five percent, whatever the spread of the values.
Scales of different hours are added class by class: the p95 of a month is that of all its durations,
not a mean of means. From a millisecond to thirteen months there are 255 classes, and an hour uses
a handful.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

GROWTH = math.log(1.1)
"""The natural logarithm of a class's upper limit over its lower one."""


def duration_class(milliseconds: float) -> int:
    """The class of a duration; what is shorter than a millisecond counts as one."""
    return int(math.log(max(milliseconds, 1.0)) / GROWTH)


def typical(number: int) -> float:
    """The duration in seconds that stands for a class: the middle of it, on the scale's terms."""
    return math.exp((number + 0.5) * GROWTH) / 1000


def quantile(times: Mapping[int, int], share: float) -> float | None:
    """Seconds within which this share of all durations stayed; None where there is none."""
    wanted = math.ceil(share * sum(times.values()))
    met = 0
    for number in sorted(times):
        met += times[number]
        if met >= wanted:
            return typical(number)
    return None
