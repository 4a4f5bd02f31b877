"""Chance that can be repeated."""

from __future__ import annotations

from random import Random, SystemRandom


def seeded(seed: int) -> Random:
    """Chance from this seed; below zero: from a new one. It is printed, so that pytest shows it."""
    if seed < 0:
        seed = SystemRandom().randrange(1_000_000, 2**32)
    print(f"repeat with seed {seed}")  # noqa: T201 - for whoever reads a failure
    return Random(seed)
