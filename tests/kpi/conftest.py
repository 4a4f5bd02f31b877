from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.world import ManualClock, World


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def world(tmp_path: Path, clock: ManualClock) -> Iterator[World]:
    world = World(tmp_path, clock)
    yield world
    world.close()
