"""A pause holds until its end or until it is lifted, also over a restart."""

from __future__ import annotations

from pathlib import Path

from agent.store import FlowPause, Store
from tests.store.conftest import StandingClock

NOON = 1_800_000_000_000
STOCK_TAKING = FlowPause("prices", NOON, NOON + 1000, "person", "anna", "stock-taking")


def test_pause_ends_by_itself(store: Store) -> None:
    store.pauses.put(STOCK_TAKING)
    assert store.pauses.get("prices", NOON + 999) == STOCK_TAKING
    assert store.pauses.in_force(NOON + 999) == {"prices": STOCK_TAKING}
    assert store.pauses.get("prices", NOON + 1000) is None
    assert store.pauses.in_force(NOON + 1000) == {}
    assert store.pauses.get("stock", NOON) is None


def test_open_pause_lasts_until_it_is_lifted(store: Store) -> None:
    store.pauses.put(FlowPause("prices", NOON, None, "shop", "shop", ""))
    assert store.pauses.get("prices", 2 * NOON)
    assert store.pauses.lift("prices")
    assert store.pauses.get("prices", NOON) is None
    assert not store.pauses.lift("prices")


def test_later_pause_takes_the_place_of_an_earlier_one(store: Store) -> None:
    store.pauses.put(FlowPause("prices", NOON, None, "person", "bruno", ""))
    store.pauses.put(STOCK_TAKING)
    assert store.pauses.in_force(NOON) == {"prices": STOCK_TAKING}


def test_pause_survives_a_restart(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock) as store:
        store.pauses.put(STOCK_TAKING)
    with Store.open(path, clock) as store:
        assert store.pauses.get("prices", NOON) == STOCK_TAKING
