"""What other systems told us: kept once, read by everyone who reads it, forgotten in time."""

import pytest

from agent.store import Retention, Store
from tests.store.conftest import StandingClock

NOW = 1_800_000_000_000


def numbers(store: Store, after: int = 0, before: int | None = None, limit: int = 100) -> list[int]:
    found = store.events.newest("erp", after=after, before=before, limit=limit)
    return [event.number for event in found]


def test_same_event_of_a_connection_is_kept_once(store: Store) -> None:
    assert store.events.add("erp", "a", b"first", NOW)
    assert not store.events.add("erp", "a", b"second", NOW)
    assert store.events.add("mes", "a", b"of another system", NOW)
    (event,) = store.events.newest("erp", after=0, before=None, limit=10)
    assert (event.id, event.body, event.received_at) == ("a", b"first", NOW)


def test_event_of_a_transaction_that_failed_can_come_again(store: Store) -> None:
    def break_off() -> None:
        with store.transaction():
            store.events.add("erp", "a", b"1", NOW)
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert store.events.add("erp", "a", b"1", NOW)


def test_newest_come_first_and_in_pages(store: Store) -> None:
    for number in range(5):
        store.events.add("erp", f"e{number}", b"x", NOW)
    store.events.add("erp", "signal", None, NOW)
    first, second, third, fourth, fifth = sorted(numbers(store))
    assert numbers(store, limit=2) == [fifth, fourth]
    assert numbers(store, before=fourth, limit=2) == [third, second]
    assert numbers(store, after=first, before=third) == [second]


def test_event_waits_until_every_reader_took_it(store: Store) -> None:
    store.events.set_readers({"products": "erp", "prices": "erp"})
    for number in range(3):
        store.events.add("erp", f"e{number}", b"x", NOW)
    store.events.take("products", 3)
    assert store.events.waiting("erp", 100) == 3
    assert store.events.waiting("erp", 2) == 2
    store.events.take("prices", 2)
    assert store.events.waiting("erp", 100) == 1
    store.events.take("prices", 1)
    assert store.events.waiting("erp", 100) == 1, "nothing is given back"


def test_reader_that_left_holds_nothing_up(store: Store) -> None:
    store.events.set_readers({"products": "erp", "prices": "erp"})
    store.events.add("erp", "a", b"x", NOW)
    store.events.take("products", 1)
    store.events.set_readers({"products": "erp"})
    assert store.events.waiting("erp", 100) == 0
    store.events.set_readers({"products": "erp", "prices": "erp"})
    assert store.events.waiting("erp", 100) == 1


def test_old_events_are_forgotten_once_they_are_taken(store: Store, clock: StandingClock) -> None:
    store.retention = Retention(days=1)
    store.events.set_readers({"products": "erp"})
    store.events.add("erp", "taken", b"x", NOW)
    store.events.add("erp", "signal", None, NOW)
    store.events.add("erp", "waits", b"x", NOW)
    store.events.take("products", 1)
    store.maintain(NOW)
    assert not store.events.add("erp", "taken", b"x", NOW), "it is still known"
    clock.now += 2 * 86_400_000
    store.maintain(clock.now)
    assert numbers(store) == [3]
    assert store.events.add("erp", "signal", None, clock.now)
