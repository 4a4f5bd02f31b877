"""Alerts in the store, and parked messages by their cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.model import Change, Op
from agent.store import Alert, Store
from tests.delivery.world import ManualClock


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "state.db", ManualClock())


def test_alert_is_kept_as_it_was_put(store: Store) -> None:
    with store:
        alert = Alert(
            number=0,
            fingerprint="halted|shop|SA-5101",
            kind="halted",
            facts={"keys": ["È 1"]},
            opened_at=5,
            told=1,
            told_to=("it", "boss"),
            told_step=2,
            first_told_at=6,
            last_told_at=7,
            escalated=True,
        )
        number = store.alerts.put(alert)
        assert store.alerts.open() == [replace(alert, number=number)]


def test_closed_alert_is_open_no_more_and_its_cause_may_come_again(store: Store) -> None:
    with store:
        first = replace(Alert(0, "disk", "disk", {}, 5), closed_at=9)
        first = replace(first, number=store.alerts.put(first))
        second = store.alerts.put(Alert(0, "disk", "disk", {}, 11))
        assert second > first.number
        assert [alert.number for alert in store.alerts.open()] == [second]
        assert store.alerts.closed(8) == [first]
        assert store.alerts.closed(9) == []
        store.alerts.forget(10)
        assert store.alerts.closed(0) == []


def test_only_an_open_alert_is_acknowledged(store: Store) -> None:
    with store:
        number = store.alerts.put(Alert(0, "disk", "disk", {}, 5))
        assert store.alerts.acknowledge(number, "anna", 8)
        (alert,) = store.alerts.open()
        assert (alert.acknowledged_by, alert.acknowledged_at) == ("anna", 8)
        store.alerts.put(replace(alert, closed_at=9))
        assert not store.alerts.acknowledge(number, "anna", 10)
        assert not store.alerts.acknowledge(number + 1, "anna", 10)


def test_history_is_read_page_by_page_and_bounded(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.store.alerts.MOST_CLOSED", 5)
    with store:
        for number in range(1, 9):
            store.alerts.put(replace(Alert(0, f"disk{number}", "disk", {}, number), closed_at=9))
        store.alerts.put(Alert(0, "disk", "disk", {}, 20))
        newest = [alert.number for alert in store.alerts.history(3)]
        assert newest == [8, 7, 6]
        assert [alert.number for alert in store.alerts.history(3, before=6)] == [5, 4, 3]
        store.alerts.forget(0)
        assert len(store.alerts.history(100)) == 5
        assert [alert.opened_at for alert in store.alerts.open()] == [20]


def test_last_digest_is_the_one_noted_last(store: Store) -> None:
    with store:
        assert store.alerts.last_digest() is None
        store.alerts.note_digest(3)
        store.alerts.note_digest(4)
        assert store.alerts.last_digest() == 4


def test_parked_messages_are_counted_by_flow_and_code(store: Store) -> None:
    with store:
        for key, code in (("A", "SA-3101"), ("B", "SA-3102"), ("C", "SA-3101")):
            store.refusals.park("prices", "shop", 1, key, "price", b"{}", code, f"{key} is wrong")
        store.refusals.park("stock", "shop", 1, "A", "stock", b"{}", "SA-3101", "wrong too")
        found = [(each.flow, each.code, each.count, each.keys) for each in store.causes.parked()]
        assert found == [
            ("prices", "SA-3101", 2, ("C", "A")),
            ("prices", "SA-3102", 1, ("B",)),
            ("stock", "SA-3101", 1, ("A",)),
        ]
        assert store.causes.parked()[0].reason == "C is wrong"


def test_oldest_message_that_waits_is_found_alone_or_in_a_bundle(tmp_path: Path) -> None:
    clock = ManualClock()
    with Store.open(tmp_path / "state.db", clock, bundle_size=3) as store:

        def append(*keys: str) -> None:
            changes = [Change(Op.UPSERT, "price", key, b"{}", bytes(16), None) for key in keys]
            store.messages.append("prices", "shop", 1, 1, changes, held=False, coalesce=True)

        assert store.causes.waiting_since("prices") is None
        clock.advance(10)
        append("A", "B", "C")
        bundled = clock.now_ms()
        clock.advance(10)
        append("D")
        assert store.causes.waiting_since("prices") == bundled
        assert store.causes.waiting_since("stock") is None
