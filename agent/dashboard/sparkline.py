"""A row of small bars, drawn on the server: what happened hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

HEIGHT, STEP, WIDTH = 24, 5, 4
"""In units of the drawing: how high it is, from bar to bar, and how wide a bar is."""


class Bar(NamedTuple):
    """One hour: what went well below, what did not above it."""

    x: int
    good: int
    bad: int

    @property
    def top(self) -> int:
        """Where the good part begins, from above."""
        return HEIGHT - self.good


class Sparkline(NamedTuple):
    """The bars, and what they say in words."""

    bars: tuple[Bar, ...]
    good: int
    bad: int
    most: int
    """In the busiest hour."""
    busiest: int
    """Which of the hours that was, counted from the first."""

    @property
    def width(self) -> int:
        """Of the whole drawing."""
        return STEP * len(self.bars)


def sparkline(good: Sequence[int], bad: Sequence[int]) -> Sparkline:
    """Bars whose highest fills the drawing; whatever happened is seen, however little it was."""
    sums = [one + other for one, other in zip(good, bad, strict=True)]
    most = max(sums, default=0)

    def height(count: int) -> int:
        return max(2, round(count * HEIGHT / most)) if count else 0

    bars = tuple(
        Bar(number * STEP, min(height(well), HEIGHT - height(badly)), height(badly))
        for number, (well, badly) in enumerate(zip(good, bad, strict=True))
    )
    return Sparkline(bars, sum(good), sum(bad), most, sums.index(most) if most else 0)
