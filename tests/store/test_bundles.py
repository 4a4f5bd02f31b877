"""New messages side by side are kept as one line, and nobody can tell by what happens to them."""

from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from agent.model import Change, Message, Op, Receipt, State
from agent.store import Claim, Retention, Store, Unknown
from tests.store.conftest import StandingClock, a_change

LEASE = 60_000


def keys(first: int, number: int) -> list[str]:
    return [f"K{place:04d}" for place in range(first, first + number)]


def append(store: Store, names: list[str], *, run: int = 1, previous: bytes | None = None) -> None:
    changes = [a_change(key, b'{"key":"%b"}' % key.encode(), previous=previous) for key in names]
    store.messages.append("f", "shop", run, 0, changes, held=False, coalesce=True)


def claim(store: Store, clock: StandingClock, limit: int = 1000) -> Claim:
    return store.messages.claim("shop", limit, now=clock.now, lease_ms=LEASE)


def accept(messages: list[Message], reference: str = "") -> list[Receipt]:
    return [
        Receipt(message.id, True, f"{reference}{message.key}" if reference else "")
        for message in messages
    ]


def bundles(store: Store) -> int:
    """How many open bundles the file holds."""
    connection = apsw.Connection(str(store.path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found = connection.execute("SELECT count(*) FROM bundle WHERE done_at IS NULL").get
        return int(found)
    finally:
        connection.close()


def states(store: Store) -> dict[State, int]:
    return store.messages.counts().get("f", {})


def test_many_new_messages_are_kept_together_and_told_apart(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 250))
    assert bundles(store) == 3
    assert store.messages.open_load("shop") == (250, 250 * len(b'{"key":"K0000"}'))
    rows = store.messages.list(limit=1000)
    assert [row.key for row in rows] == keys(0, 250)[::-1]
    assert len({row.id for row in rows}) == 250
    assert all(row.state is State.PENDING and row.due_at == clock.now for row in rows)
    assert store.messages.get(rows[7].id) == rows[7]
    assert store.messages.body(rows[7].id) == b'{"key":"%b"}' % rows[7].key.encode()
    assert store.messages.last_body("f", "K0123") == b'{"key":"K0123"}'
    assert store.messages.get(f"{store.id}-1") is None


@pytest.mark.parametrize(
    ("number", "held", "op"),
    [(99, False, Op.UPSERT), (100, True, Op.UPSERT), (100, False, Op.DELETE)],
)
def test_few_held_and_deleting_messages_stand_alone(
    store: Store, number: int, held: bool, op: Op
) -> None:
    changes = [a_change(key, op=op) for key in keys(0, number)]
    store.messages.append("f", "shop", 1, 0, changes, held=held, coalesce=True)
    assert bundles(store) == 0
    assert len(store.messages.list(limit=1000)) == number


def test_bundle_that_is_accepted_whole_is_delivered_with_the_targets_own_ids(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 200))
    claimed = claim(store, clock)
    assert [message.key for message in claimed.messages] == keys(0, 200)
    assert claimed.messages[5].body == b'{"key":"K0005"}'
    clock.now += 10
    receipts = accept(claimed.messages, "gid/")
    store.messages.settle(claimed.token, receipts, [], [], clock.now)
    assert states(store) == {State.DELIVERED: 200}
    assert store.messages.open_load("shop") == (0, 0)
    assert store.bindings.reference("shop", "product", "K0005") == "gid/K0005"
    row = store.messages.get(claimed.messages[5].id)
    assert row is not None
    assert (row.state, row.done_at, row.attempts) == (State.DELIVERED, clock.now, 1)
    assert row.reference == "gid/K0005"
    assert claim(store, clock).messages == []


def test_what_is_refused_or_unknown_leaves_the_bundle_and_the_rest_is_delivered(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 200))
    claimed = claim(store, clock)
    refused, unknown, *fine = claimed.messages
    store.messages.settle(
        claimed.token,
        accept(fine),
        [Receipt(refused.id, False, code="X1", reason="no price")],
        [Unknown(unknown.id, clock.now + 5_000, "SA-5001", "no answer")],
        clock.now,
    )
    assert states(store) == {State.DELIVERED: 198, State.PARKED: 1, State.PENDING: 1}
    assert bundles(store) == 0
    (parked,) = store.messages.list(state=State.PARKED)
    assert (parked.key, parked.reason, parked.attempts) == ("K0000", "no price", 1)
    clock.now += 5_000
    (again,) = claim(store, clock).messages
    assert (again.id, again.body, again.attempts) == (unknown.id, unknown.body, 1)


def test_newer_change_replaces_only_its_own_message_in_the_bundle(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 300))
    append(store, ["K0150"], run=2, previous=b"n" * 16)
    assert bundles(store) == 2
    assert states(store) == {State.PENDING: 300, State.SUPERSEDED: 1}
    sent = claim(store, clock).messages
    assert len(sent) == 300
    assert [message.version for message in sent if message.key == "K0150"] == [
        max(message.version for message in sent)
    ]


def test_newer_change_waits_behind_a_bundle_that_is_under_way(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 100))
    claimed = claim(store, clock)
    append(store, ["K0050"], run=2, previous=b"n" * 16)
    assert claim(store, clock).messages == []
    store.messages.settle(claimed.token, accept(claimed.messages), [], [], clock.now)
    (newer,) = claim(store, clock).messages
    assert newer.key == "K0050"
    assert states(store) == {State.DELIVERED: 100, State.PENDING: 1}


def test_key_that_comes_back_while_its_delete_waits_is_sent_after_it(
    store: Store, clock: StandingClock
) -> None:
    delete = Change(Op.DELETE, "product", "K0007", b"", b"", b"n" * 16)
    store.messages.append("f", "shop", 1, 0, [delete], held=False, coalesce=False)
    changes = [a_change(key) for key in keys(0, 100)]
    store.messages.append("f", "shop", 2, 0, changes, held=False, coalesce=False)
    first = claim(store, clock)
    assert [message.op for message in first.messages if message.key == "K0007"] == [Op.DELETE]
    store.messages.settle(first.token, accept(first.messages), [], [], clock.now)
    assert [message.key for message in claim(store, clock).messages] == ["K0007"]


def test_probe_that_is_smaller_than_a_bundle_takes_its_first_messages(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 200))
    probe = claim(store, clock, limit=10)
    assert [message.key for message in probe.messages] == keys(0, 10)
    assert bundles(store) == 1
    assert [message.key for message in claim(store, clock).messages] == keys(10, 190)


def test_crash_and_lapsed_lease_bring_the_same_ids_and_bytes_again(
    path: Path, clock: StandingClock
) -> None:
    with Store.open(path, clock) as store:
        append(store, keys(0, 100))
        before = claim(store, clock).messages
    with Store.open(path, clock) as store:
        after = claim(store, clock)
        assert all(message.doubtful for message in after.messages)
        untried = [replace(each, attempts=0, doubtful=False) for each in after.messages]
        assert untried == before
        assert {message.attempts for message in after.messages} == {1}
        clock.now += LEASE
        late, third = after, claim(store, clock)
        assert {message.attempts for message in third.messages} == {2}
        store.messages.settle(late.token, accept(late.messages), [], [], clock.now)
        store.messages.settle(third.token, accept(third.messages), [], [], clock.now)
        assert states(store) == {State.DELIVERED: 100}


def test_people_can_retry_and_set_aside_what_is_in_a_bundle(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 300))
    claim(store, clock)
    clock.now += LEASE
    chosen = store.messages.list(limit=150)[-1]
    assert store.decisions.ignore([chosen.id], "not wanted", "anna") == 1
    assert store.decisions.retry(key="K0299") == 1
    assert bundles(store) == 1
    assert store.decisions.retry(flow="f", state=State.PENDING) == 299
    assert store.decisions.retry(flow="another") == 0
    assert store.decisions.retry(code="X1") == 0
    assert states(store) == {State.PENDING: 299, State.IGNORED: 1}
    assert len(claim(store, clock).messages) == 299


def test_pages_and_filters_show_bundled_and_single_messages_in_one_order(
    store: Store, clock: StandingClock
) -> None:
    append(store, keys(0, 100))
    claimed = claim(store, clock)
    store.messages.settle(claimed.token, accept(claimed.messages), [], [], clock.now)
    append(store, keys(100, 3), run=2)
    append(store, keys(200, 100), run=3)
    whole = [row.key for row in store.messages.list(limit=1000)]
    assert whole == keys(200, 100)[::-1] + keys(100, 3)[::-1] + keys(0, 100)[::-1]
    paged: list[str] = []
    before = None
    while page := store.messages.list(limit=37, before=before):
        paged += [row.key for row in page]
        before = page[-1].version
    assert paged == whole
    assert len(store.messages.list(limit=1000, state=State.DELIVERED)) == 100
    assert len(store.messages.list(limit=1000, run=3)) == 100
    assert [row.key for row in store.messages.list(key="K0042")] == ["K0042"]
    assert store.messages.list(key="K004") == []
    assert store.messages.list(state=State.PARKED) == []


def test_delivered_bundles_are_forgotten_the_oldest_first(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock, retention=Retention(days=1, rows=150)) as store:
        for round_ in range(3):
            append(store, keys(100 * round_, 100))
            claimed = claim(store, clock)
            store.messages.settle(claimed.token, accept(claimed.messages), [], [], clock.now)
            clock.now += 1_000
        append(store, keys(900, 100))
        store.maintain(clock.now)
        assert states(store) == {State.DELIVERED: 200, State.PENDING: 100}
        assert {row.key for row in store.messages.list(limit=1000, state=State.DELIVERED)} == {
            *keys(100, 200)
        }
        clock.now += 2 * 86_400_000
        store.maintain(clock.now)
        assert states(store) == {State.PENDING: 100}
