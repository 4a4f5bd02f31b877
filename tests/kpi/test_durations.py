"""Durations in classes: small, added up by class, right to five percent."""

from __future__ import annotations

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.kpi import quantile, typical
from agent.kpi.durations import duration_class

THIRTEEN_MONTHS_MS = 397 * 86_400_000


@given(st.integers(1, THIRTEEN_MONTHS_MS))
def test_class_stands_for_a_duration_to_five_percent(milliseconds: int) -> None:
    assert typical(duration_class(milliseconds)) == pytest.approx(milliseconds / 1000, rel=0.05)


@given(st.lists(st.integers(1, 10_000_000), min_size=1, max_size=200))
def test_median_of_classes_is_the_median_to_five_percent(durations: list[int]) -> None:
    times = Counter(duration_class(each) for each in durations)
    exact = statistics.median_low(durations) / 1000
    assert quantile(times, 0.5) == pytest.approx(exact, rel=0.05)


def test_p95_of_two_hours_is_that_of_all_their_durations() -> None:
    quick = Counter({duration_class(100): 950})
    slow = Counter({duration_class(60_000): 40})
    assert quantile(quick, 0.95) == pytest.approx(0.1, rel=0.05)
    assert quantile(quick + slow, 0.97) == pytest.approx(60, rel=0.05)


def test_thirteen_months_of_durations_take_a_bounded_number_of_classes() -> None:
    assert duration_class(THIRTEEN_MONTHS_MS) < 260
    assert quantile({}, 0.5) is None
