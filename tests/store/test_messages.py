"""Messages: superseding, order per key, leases, what people decide."""

from pathlib import Path

from agent.model import Message, Op, Receipt, State
from agent.store import NOT_KNOWN, Claim, Retention, Store, Unknown
from tests.store.conftest import StandingClock, a_change

LEASE = 60_000


def append(store: Store, *keys: str, run: int = 1, flow: str = "f", **options: bool | int) -> None:
    chosen = {"held": False, "coalesce": True, **options}
    lane = int(chosen.pop("lane", 0))
    store.messages.append(
        flow,
        "shop",
        run,
        lane,
        [a_change(key) for key in keys],
        held=bool(chosen["held"]),
        coalesce=bool(chosen["coalesce"]),
    )


def claim(store: Store, clock: StandingClock, limit: int = 100) -> Claim:
    return store.messages.claim("shop", limit, now=clock.now, lease_ms=LEASE)


def keys(messages: list[Message]) -> list[str]:
    return [message.key for message in messages]


def accept(store: Store, claimed: Claim, clock: StandingClock, reference: str = "") -> None:
    receipts = [Receipt(message.id, True, reference) for message in claimed.messages]
    store.messages.settle(claimed.token, receipts, [], [], clock.now)


def states(store: Store) -> list[tuple[str, State]]:
    return [(row.key, row.state) for row in reversed(store.messages.list())]


def test_newer_unsent_change_supersedes_the_older_one(store: Store, clock: StandingClock) -> None:
    append(store, "a", "b")
    append(store, "a")
    old, _, new = reversed(store.messages.list())
    assert (old.state, old.size, new.state) == (State.SUPERSEDED, 0, State.PENDING)
    assert keys(claim(store, clock).messages) == ["b", "a"]
    assert store.messages.open_load("shop") == (2, 2 * len(b'{"price":"1.00"}'))


def test_message_in_flight_is_not_superseded_and_goes_first(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a")
    first = claim(store, clock)
    append(store, "a")
    assert claim(store, clock).messages == []
    accept(store, first, clock)
    assert keys(claim(store, clock).messages) == ["a"]


def test_failed_message_gives_way_to_the_newer_one_behind_it(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a", "b")
    first = claim(store, clock)
    append(store, "a", "b")
    refused, unknown = first.messages
    store.messages.settle(
        first.token,
        [],
        [Receipt(refused.id, False, code="X1", reason="no")],
        [Unknown(unknown.id, clock.now + 5000, "SA-5001", "timed out")],
        clock.now,
    )
    second = claim(store, clock)
    assert {message.version for message in second.messages}.isdisjoint(
        {refused.version, unknown.version}
    )
    assert store.messages.counts() == {"f": {State.PENDING: 2, State.SUPERSEDED: 2}}


def test_flow_that_does_not_coalesce_sends_every_message_in_order(
    store: Store, clock: StandingClock
) -> None:
    for _ in range(3):
        append(store, "order", coalesce=False)
    seen = []
    while (claimed := claim(store, clock)).messages:
        assert len(claimed.messages) == 1
        seen.append(claimed.messages[0].version)
        accept(store, claimed, clock)
    assert len(seen) == 3
    assert seen == sorted(seen)


def test_key_waits_behind_its_parked_message_and_others_go_on(
    store: Store, clock: StandingClock
) -> None:
    append(store, "poison", coalesce=False)
    claimed = claim(store, clock)
    poison = claimed.messages[0].id
    store.messages.settle(claimed.token, [], [Receipt(poison, False)], [], clock.now)
    append(store, "poison", "other", coalesce=False)
    assert keys(claim(store, clock).messages) == ["other"]
    assert store.decisions.ignore([poison], "wrong customer", "anna") == 1
    row = store.messages.get(poison)
    assert row
    assert (row.state, row.reason, row.decided_by) == (State.IGNORED, "wrong customer", "anna")
    assert keys(claim(store, clock).messages) == ["poison"]


def test_parked_message_is_sent_again_when_a_person_says_so(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a", "b")
    claimed = claim(store, clock)
    refusals = [Receipt(message.id, False, code="X1") for message in claimed.messages]
    store.messages.settle(claimed.token, [], refusals, [], clock.now)
    assert claim(store, clock).messages == []
    assert store.decisions.retry(["nobody-1", claimed.messages[0].id]) == 1
    assert store.decisions.retry(flow="f", code="X1", state=State.PARKED) == 1
    again = claim(store, clock)
    assert [(each.key, each.attempts) for each in again.messages] == [("a", 1), ("b", 1)]


def test_lease_runs_out_and_a_late_acceptance_still_counts(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a", "b")
    late = claim(store, clock)
    assert store.messages.next_due("shop") == clock.now + LEASE
    clock.now += LEASE
    again = claim(store, clock)
    assert [message.id for message in again.messages] == [message.id for message in late.messages]
    receipts = [Receipt(late.messages[0].id, True), Receipt(late.messages[1].id, False)]
    store.messages.settle(late.token, receipts[:1], receipts[1:], [], clock.now)
    assert states(store) == [("a", State.DELIVERED), ("b", State.PENDING)]


def test_unknown_message_comes_again_when_it_is_due(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    claimed = claim(store, clock)
    unknown = [Unknown(claimed.messages[0].id, clock.now + 5000, "SA-5001", "timed out")]
    store.messages.settle(claimed.token, [], [], unknown, clock.now)
    assert claim(store, clock).messages == []
    assert store.messages.next_due("shop") == clock.now + 5000
    clock.now += 5000
    assert claim(store, clock).messages[0].attempts == 1


def test_lower_lane_goes_first_and_excluded_flows_wait(store: Store, clock: StandingClock) -> None:
    append(store, "price", flow="prices", lane=3)
    append(store, "stock", flow="stocks", lane=2)
    append(store, "order", flow="orders", lane=1)
    claimed = store.messages.claim(
        "shop", 2, now=clock.now, lease_ms=LEASE, exclude_flows=["stocks"]
    )
    assert keys(claimed.messages) == ["order", "price"]


def test_held_run_waits_for_release(store: Store, clock: StandingClock) -> None:
    append(store, "a", "b", run=7, held=True)
    assert claim(store, clock).messages == []
    assert store.messages.open_load("shop")[0] == 0, "it waits for a person, not for the shop"
    assert store.decisions.release(7) == 2
    assert keys(claim(store, clock).messages) == ["a", "b"]


def known_digests(store: Store) -> dict[str, bytes]:
    found = store.known.find("f", ["changed", "gone", "new"])
    return {key: row.record_digest for key, row in found.items()}


def test_dropped_run_leaves_known_as_it_was_before(store: Store) -> None:
    old, new = b"o" * 16, b"n" * 16
    ids = store.known.put("f", [(key, old, old, None) for key in ("changed", "gone")])
    store.known.put("f", [(key, new, new, None) for key in ("changed", "new")])
    store.known.remove("f", ids[1:])
    changes = [
        a_change("changed", previous=old, digest=new),
        a_change("gone", op=Op.DELETE, previous=old, digest=b""),
        a_change("new", digest=new),
    ]
    store.messages.append("f", "shop", 7, 0, changes, held=True, coalesce=True)
    assert store.decisions.drop(7, by="anna") == 3
    assert known_digests(store) == {"changed": old, "gone": old}
    assert store.known.count("f") == 2
    assert store.messages.counts() == {"f": {State.IGNORED: 3}}


def test_dropping_what_superseded_an_unsent_change_forgets_that_change_too(store: Store) -> None:
    first, second, third = b"1" * 16, b"2" * 16, b"3" * 16
    store.known.put("f", [("changed", third, third, None)])
    for previous, digest, held in ((first, second, False), (second, third, True)):
        change = a_change("changed", previous=previous, digest=digest)
        store.messages.append("f", "shop", 7, 0, [change], held=held, coalesce=True)
    store.decisions.drop(7)
    assert known_digests(store) == {"changed": first}, "the second never reached the shop"


def test_dropping_what_superseded_a_change_that_may_have_arrived_trusts_nothing(
    store: Store, clock: StandingClock
) -> None:
    append(store, "changed")
    claim(store, clock)
    clock.now += LEASE
    store.known.put("f", [("changed", b"2" * 16, b"2" * 16, None)])
    change = a_change("changed", previous=b"n" * 16, digest=b"2" * 16)
    store.messages.append("f", "shop", 7, 0, [change], held=True, coalesce=True)
    store.decisions.drop(7)
    assert known_digests(store) == {"changed": NOT_KNOWN}


def park(store: Store, body: bytes = b'{"PRICE":"x"}', code: str = "SA-3002") -> bool:
    return store.refusals.park("f", "shop", 1, "a", "product", body, code, "price: not a number")


def test_refused_row_is_parked_once_and_changed_in_place(store: Store) -> None:
    assert park(store)
    assert not park(store)
    assert park(store, b'{"PRICE":"y"}')
    (row,) = store.messages.list(state=State.PARKED)
    assert store.messages.body(row.id) == b'{"PRICE":"y"}'
    assert store.refusals.of("f").keys() == {"a"}
    assert store.decisions.retry([row.id]) == 0, "there is no record that could be sent"
    store.refusals.clear("f", ["a", "b"])
    assert store.refusals.of("f") == {}


def test_refused_row_that_a_person_ignored_stays_ignored_until_it_changes(store: Store) -> None:
    park(store)
    store.decisions.ignore([store.messages.list()[0].id], "known", "anna")
    assert not park(store)
    assert park(store, b'{"PRICE":"y"}')


def test_reference_of_the_target_is_kept_until_the_record_is_deleted(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a")
    accept(store, claim(store, clock), clock, reference="gid-1")
    assert store.bindings.reference("shop", "product", "a") == "gid-1"
    deletion = a_change("a", op=Op.DELETE)
    store.messages.append("f", "shop", 2, 0, [deletion], held=False, coalesce=True)
    accept(store, claim(store, clock), clock)
    assert store.bindings.reference("shop", "product", "a") == ""


def test_last_body_is_that_of_the_newest_change_taken_over(store: Store) -> None:
    for price in (b"1", b"2"):
        store.messages.append("f", "shop", 1, 0, [a_change("a", price)], held=False, coalesce=True)
    park(store)
    assert store.messages.last_body("f", "a") == b"2"
    deletion = a_change("a", op=Op.DELETE)
    store.messages.append("f", "shop", 2, 0, [deletion], held=False, coalesce=True)
    assert store.messages.last_body("f", "a") is None


def test_key_twice_in_one_append_keeps_its_order(store: Store) -> None:
    append(store, "a", "b", "a")
    assert states(store) == [
        ("a", State.SUPERSEDED),
        ("b", State.PENDING),
        ("a", State.PENDING),
    ]


def test_claim_and_next_due_never_scan_the_backlog(store: Store) -> None:
    plan = store._database.rows(
        "EXPLAIN QUERY PLAN SELECT due_at, version FROM message WHERE target = ? AND lane = ?"
        " AND flow = ? AND due_at <= ? ORDER BY due_at, version LIMIT ?",
        (1, 1, 1, 1, 1),
    )
    (step,) = (line[3] for line in plan)
    assert step.startswith("SEARCH message USING COVERING INDEX message_due (target=? AND lane=?")


def test_maintenance_forgets_by_number_and_age_and_shrinks_the_file(
    store: Store, path: Path, clock: StandingClock
) -> None:
    body = b"x" * 200
    for start in range(0, 30_000, 5_000):
        changes = [a_change(f"{number:06d}", body) for number in range(start, start + 5_000)]
        store.messages.append("f", "shop", 1, 0, changes, held=False, coalesce=True)
    for _ in range(5):
        accept(store, claim(store, clock, 5_000), clock)
    wal = path.with_name("state.db-wal")
    before = path.stat().st_size + wal.stat().st_size
    store.retention = Retention(days=14, rows=2_000)
    store.maintain(clock.now)
    assert store.messages.counts() == {"f": {State.PENDING: 5_000, State.DELIVERED: 2_000}}
    after = path.stat().st_size + wal.stat().st_size
    assert after < 10 * 2**20
    assert after < before / 2
    clock.now += 15 * 86_400_000
    store.maintain(clock.now)
    assert store.messages.counts() == {"f": {State.PENDING: 5_000}}
    assert len(claim(store, clock, 10_000).messages) == 5_000
