"""What the store's tests share: a clock that stands still, and a store in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.model import Change, Op
from agent.store import Store


class StandingClock:
    """Time that moves when it is told to."""

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self.now = now

    def now_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000


def a_change(
    key: str,
    body: bytes = b'{"price":"1.00"}',
    *,
    op: Op = Op.UPSERT,
    previous: bytes | None = None,
    digest: bytes = b"n" * 16,
) -> Change:
    """A change of a product."""
    return Change(op, "product", key, b"" if op is Op.DELETE else body, digest, previous)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path, clock: StandingClock) -> Iterator[Store]:
    with Store.open(path, clock) as opened:
        yield opened
