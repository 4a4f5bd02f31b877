"""What is set aside until a day comes back then, unless something newer stands for it."""

from __future__ import annotations

import pytest

from agent.model import Op, Receipt, State
from agent.store import Store
from agent.store.maintenance import Retention
from tests.store.conftest import StandingClock, a_change

DAY = 86_400_000


def append(store: Store, *keys: str, coalesce: bool = True) -> None:
    changes = [a_change(key) for key in keys]
    store.messages.append("f", "shop", 1, 0, changes, held=False, coalesce=coalesce)


def refuse(store: Store, clock: StandingClock) -> None:
    claim = store.messages.claim("shop", 10, now=clock.now, lease_ms=1000)
    refused = [Receipt(each.id, False, code="E1", reason="too dear") for each in claim.messages]
    store.messages.settle(claim.token, [], refused, [], clock.now)


def set_aside(store: Store, clock: StandingClock, days: int | None = 30) -> str:
    """The newest open message."""
    row = next(each for each in store.messages.list() if each.done_at is None)
    until = None if days is None else clock.now + days * DAY
    assert store.decisions.ignore([row.id], "not now", "anna", until) == 1
    return row.id


def test_it_is_refused_as_before_when_its_day_has_come(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    refuse(store, clock)
    aside = set_aside(store, clock)
    (row,) = store.messages.resolved()
    assert (row.reason, row.decided_by) == ("not now", "anna")
    assert row.aside_until == clock.now + 30 * DAY
    clock.now += 30 * DAY - 1
    assert store.decisions.take_back(clock.now) == (0, ())
    clock.now += 1
    assert store.decisions.take_back(clock.now) == (1, ())
    (cause,) = store.causes.parked()
    assert (cause.code, cause.count, cause.keys, cause.reason) == ("E1", 1, ("a",), "too dear")
    found = store.messages.get(aside)
    assert found
    assert (found.state, found.decided_by, found.aside_until) == (State.PARKED, "", None)
    assert store.decisions.take_back(clock.now) == (0, ())
    assert store.decisions.retry([aside]) == 1


def test_for_good_is_for_good(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    refuse(store, clock)
    set_aside(store, clock, None)
    assert store.decisions.take_back(2**60) == (0, ())


def test_what_was_never_refused_waits_to_be_sent_again(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    set_aside(store, clock)
    clock.now += 30 * DAY
    assert store.decisions.take_back(clock.now).messages == 1
    (message,) = store.messages.claim("shop", 10, now=clock.now, lease_ms=1000).messages
    assert (message.key, message.doubtful) == ("a", False)


def test_what_may_have_arrived_is_doubted_when_it_comes_back(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a")
    store.messages.claim("shop", 10, now=clock.now, lease_ms=1000)
    clock.now += 1000
    set_aside(store, clock)
    clock.now += 30 * DAY
    store.decisions.take_back(clock.now)
    (message,) = store.messages.claim("shop", 10, now=clock.now, lease_ms=1000).messages
    assert message.doubtful


@pytest.mark.parametrize("many", [1, 300], ids=["alone", "in a bundle"])
def test_it_stays_away_where_something_newer_was_taken_over(
    store: Store, clock: StandingClock, many: int
) -> None:
    append(store, "a")
    refuse(store, clock)
    aside = set_aside(store, clock)
    append(store, "a", *(f"b{number}" for number in range(1, many)))
    assert store.decisions.take_back(2**60) == (0, ())
    found = store.messages.get(aside)
    assert found
    assert (found.state, found.aside_until) == (State.IGNORED, None)


def test_it_stays_away_where_something_newer_waited_already(
    store: Store, clock: StandingClock
) -> None:
    append(store, "a", coalesce=False)
    refuse(store, clock)
    (refused,) = store.messages.list()
    append(store, "a", coalesce=False)
    store.decisions.ignore([refused.id], "not now", "anna", clock.now + DAY)
    assert store.decisions.take_back(2**60) == (0, ())


def test_it_is_kept_longer_than_what_is_over(store: Store, clock: StandingClock) -> None:
    store.retention = Retention(days=14, rows=0)
    append(store, "a", "b")
    refuse(store, clock)
    set_aside(store, clock)
    set_aside(store, clock, None)
    clock.now += 20 * DAY
    assert store.history.reaches(clock.now)
    store.maintain(clock.now)
    assert [row.key for row in store.messages.list()] == ["b"]
    assert not store.history.reaches(clock.now), "what is kept longer proves nothing"
    clock.now += 10 * DAY
    assert store.decisions.take_back(clock.now).messages == 1


def park_row(store: Store, body: bytes = b"{}") -> bool:
    return store.refusals.park("f", "shop", 1, "a", "product", body, "SA-3001", "no price")


def test_a_row_is_looked_at_again(store: Store, clock: StandingClock) -> None:
    park_row(store)
    set_aside(store, clock)
    assert not park_row(store), "it is known, and set aside"
    clock.now += 30 * DAY
    assert store.decisions.take_back(clock.now) == (0, (("f", "a"),))
    assert store.refusals.of("f") == {}
    assert park_row(store), "a look at it finds it refused anew"
    assert store.messages.counts() == {"f": {State.PARKED: 1, State.SUPERSEDED: 1}}


@pytest.mark.parametrize("how", ["mended", "refused differently", "changed"])
def test_a_row_that_changed_is_not_looked_at_again(
    store: Store, clock: StandingClock, how: str
) -> None:
    park_row(store)
    set_aside(store, clock)
    if how == "mended":
        store.refusals.clear("f", ["a"])
    elif how == "changed":
        append(store, "a")
    else:
        park_row(store, b'{"PRICE": "x"}')
    assert store.decisions.take_back(2**60).rows == ()


def test_of_a_deleted_record_too(store: Store, clock: StandingClock) -> None:
    deletion = a_change("a", op=Op.DELETE)
    store.messages.append("f", "shop", 1, 0, [deletion], held=False, coalesce=True)
    refuse(store, clock)
    set_aside(store, clock)
    assert store.decisions.take_back(clock.now + 30 * DAY).messages == 1
