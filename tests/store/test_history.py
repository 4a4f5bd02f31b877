"""What was delivered since a moment, what is open, who goes first; doubt of single keys."""

from __future__ import annotations

from agent.model import Op, Receipt
from agent.store import NOT_KNOWN, MessageRow, Store
from tests.store.conftest import StandingClock, a_change

FLOW, TARGET = "products", "shop"
MANY = [f"K{number:03}" for number in range(150)]
"""Enough for a bundle, and some that stand alone."""


def append(
    store: Store, *keys: str, lane: int = 3, op: Op = Op.UPSERT, body: bytes = b"{}"
) -> None:
    changes = [a_change(key, body, op=op) for key in keys]
    store.messages.append(FLOW, TARGET, 1, lane, changes, held=False, coalesce=True)


def deliver(store: Store, clock: StandingClock) -> None:
    """Everything that is due is taken by the target."""
    while claim := store.messages.claim(TARGET, 1000, now=clock.now, lease_ms=60_000):
        if not claim.messages:
            return
        taken = [Receipt(m.id, accepted=True, reference=m.key) for m in claim.messages]
        store.messages.settle(claim.token, taken, [], [], clock.now)


def row(store: Store, key: str) -> MessageRow:
    return store.messages.list(1, flow=FLOW, key=key)[0]


def test_newest_state_of_each_key_that_was_delivered_since_a_moment(
    store: Store, clock: StandingClock
) -> None:
    append(store, *MANY)
    deliver(store, clock)
    clock.now += 1000
    since = clock.now
    append(store, *MANY[:120], body=b'{"n":1}')
    append(store, "alone")
    deliver(store, clock)
    clock.now += 1000
    append(store, "K001", body=b'{"n":2}')
    append(store, "K002", op=Op.DELETE)
    deliver(store, clock)
    append(store, "K003", body=b'{"n":9}')  # on its way
    found = {each.key: each for each in store.history.delivered(FLOW, since)}
    assert found.keys() == {*MANY[:120], "alone"}
    assert (found["K001"].body, found["K003"].body) == (b'{"n":2}', b'{"n":1}')
    assert found["K002"].op is Op.DELETE
    assert list(store.history.delivered("another flow", since)) == []


def test_history_reaches_as_far_as_something_older_is_kept(
    store: Store, clock: StandingClock
) -> None:
    append(store, *MANY)
    deliver(store, clock)
    assert store.history.reaches(clock.now + 1)
    assert not store.history.reaches(clock.now)


def test_open_keys_are_found_alone_and_in_bundles_and_refused_rows_are_not(
    store: Store, clock: StandingClock
) -> None:
    append(store, *MANY)
    append(store, "alone")
    store.refusals.park(FLOW, TARGET, 1, "row", "product", b"{}", "SA-3101", "is empty")
    asked = ["K007", "alone", "row", "nobody"]
    assert store.history.open_keys(FLOW, asked) == {"K007", "alone"}
    deliver(store, clock)
    assert store.history.open_keys(FLOW, asked) == set()


def test_lower_lanes_and_what_was_due_before_go_first(store: Store, clock: StandingClock) -> None:
    append(store, *MANY[:100])
    clock.now += 1
    append(store, "second")
    append(store, "urgent", lane=1)
    assert store.history.ahead(row(store, "urgent")) == 0
    assert store.history.ahead(row(store, "K000")) == 1
    assert store.history.ahead(row(store, "K050")) == 51
    assert store.history.ahead(row(store, "second")) == 101


def test_doubted_keys_are_not_sure_and_the_others_stay(store: Store) -> None:
    store.known.put(FLOW, [("A", b"r" * 16, b"d" * 16, None), ("B", b"r" * 16, b"d" * 16, None)])
    store.known.put(FLOW, [("gone", b"r" * 16, b"", None)])
    assert store.known.doubt(FLOW, ["A", "nobody"]) == 1
    assert dict(store.known.records(FLOW)) == {"A": NOT_KNOWN, "B": b"d" * 16}
    assert not store.flows.get(FLOW).blocks_valid


def test_records_of_one_flow_are_not_those_of_another(store: Store) -> None:
    rows = [(key, b"r" * 16, b"d" * 16, None) for key in MANY]
    store.known.put("other", rows)
    store.known.put(FLOW, rows[:3])
    store.known.put("third", rows)
    assert [key for key, _ in store.known.records(FLOW)] == MANY[:3]


def test_ids_of_a_target_that_was_set_back_are_forgotten(
    store: Store, clock: StandingClock
) -> None:
    append(store, "A", "B")
    deliver(store, clock)
    store.bindings.unbind(TARGET, "product", ["A"])
    assert store.bindings.references(TARGET, "product", ["A", "B"]) == {"B": "B"}
