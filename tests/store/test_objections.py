"""Records that a check objects to: kept back from the beginning, let through by a person only."""

from __future__ import annotations

import pytest

from agent.model import Change, Objection, Op, State, content_digest
from agent.store import Store

OFF = Objection("SA-3402", "0.50 too much")


def change(key: str, body: bytes = b"{}", objection: Objection | None = OFF) -> Change:
    return Change(Op.UPSERT, "order", key, body, content_digest(body), None, objection)


def append(store: Store, *changes: Change, held: bool = False) -> None:
    store.messages.append("orders", "erp", 7, 0, changes, held=held, coalesce=False)


def claimed(store: Store) -> list[str]:
    claim = store.messages.claim("erp", 500, now=2**50, lease_ms=1000)
    return [message.key for message in claim.messages]


def test_what_is_objected_to_is_parked_at_once_and_the_others_go(store: Store) -> None:
    append(store, change("W-1"), change("W-2", objection=None))
    assert claimed(store) == ["W-2"]
    assert store.messages.counts() == {"orders": {State.PENDING: 1, State.PARKED: 1}}


def test_among_many_new_records_too(store: Store) -> None:
    some = [change(f"W-{i}", objection=OFF if i == 150 else None) for i in range(300)]
    append(store, *some)
    assert len(claimed(store)) == 299
    (row,) = store.messages.list(state=State.PARKED)
    assert (row.key, row.stage, row.code, row.reason) == ("W-150", "check", *OFF)


def test_a_released_run_does_not_overrule_it(store: Store) -> None:
    append(store, change("W-1"), change("W-2", objection=None), held=True)
    assert store.messages.counts() == {"orders": {State.HELD: 2}}
    store.decisions.release(7)
    assert store.messages.counts() == {"orders": {State.PENDING: 1, State.PARKED: 1}}
    assert claimed(store) == ["W-2"]


@pytest.mark.parametrize("by_name", [True, False])
def test_only_an_acceptance_sends_it(store: Store, by_name: bool) -> None:
    append(store, change("W-1"))
    (row,) = store.messages.list()
    assert store.decisions.retry([row.id] if by_name else None) == 0
    assert claimed(store) == []
    assert store.decisions.accept(row.id, "anna: agreed")
    assert claimed(store) == ["W-1"]
    assert not store.decisions.accept(row.id, "anna: agreed")
    assert store.messages.counts() == {"orders": {State.PENDING: 1}}


def test_a_newer_state_takes_its_place_even_where_none_is_replaced(store: Store) -> None:
    append(store, change("W-1"))
    append(store, change("W-1", b'{"total": "1"}', objection=None))
    assert claimed(store) == ["W-1"]
    assert [row.state for row in store.messages.list()] == [State.PENDING, State.SUPERSEDED]


def test_it_waits_behind_what_is_on_its_way(store: Store) -> None:
    append(store, change("W-1", objection=None))
    append(store, change("W-1", b'{"total": "1"}'))
    newest = store.messages.list()[0]
    assert store.decisions.accept(newest.id, "anna: agreed")
    claim = store.messages.claim("erp", 500, now=2**50, lease_ms=1000)
    assert [message.version for message in claim.messages] == [newest.version - 1]
