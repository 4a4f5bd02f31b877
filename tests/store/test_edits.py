"""A refused message is written anew by a person; the original is kept beside it."""

from __future__ import annotations

from agent.model import Change, Objection, Op, Receipt, State
from agent.store import MessageRow, Store
from tests.store.conftest import StandingClock, a_change
from tests.store.test_messages import accept, append, claim

NEW = b'{"price":"2.00"}'


def refused(store: Store, clock: StandingClock, coalesce: bool = True) -> MessageRow:
    append(store, "a", coalesce=coalesce)
    taken = claim(store, clock)
    (message,) = taken.messages
    refusal = Receipt(message.id, accepted=False, code="X1", reason="too dear")
    store.messages.settle(taken.token, [], [refusal], [], clock.now)
    return row(store, message.id)


def row(store: Store, message_id: str) -> MessageRow:
    found = store.messages.get(message_id)
    assert found
    return found


def test_the_edited_one_is_sent_and_the_original_is_kept(
    store: Store, clock: StandingClock
) -> None:
    old = refused(store, clock)
    new_id = store.edits.replace(old.id, NEW, "the comma was wrong", "anna")
    assert new_id
    new, old = row(store, new_id), row(store, old.id)
    assert (new.state, new.edited_from, new.decided_by) == (
        State.PENDING,
        old.id,
        "anna: the comma was wrong",
    )
    assert (old.state, old.decided_by, old.reason) == (State.SUPERSEDED, "anna", "too dear")
    assert store.messages.body(old.id) == b'{"price":"1.00"}'
    assert store.edits.edit_of(old.id) == new_id
    assert store.edits.edit_of(new_id) == ""
    (sent,) = claim(store, clock).messages
    assert (sent.body, sent.doubtful, sent.attempts, sent.version) == (NEW, False, 0, new.version)
    assert store.messages.counts() == {"f": {State.PENDING: 1, State.SUPERSEDED: 1}}
    assert store.messages.open_load("shop") == (1, len(NEW))


def test_the_next_change_of_the_source_wins_over_an_edit(
    store: Store, clock: StandingClock
) -> None:
    edited = store.edits.replace(refused(store, clock).id, NEW, "why", "anna")
    assert edited
    append(store, "a")
    assert row(store, edited).state is State.SUPERSEDED
    (sent,) = claim(store, clock).messages
    assert sent.body == b'{"price":"1.00"}'


def test_what_a_check_keeps_back_can_be_edited(store: Store, clock: StandingClock) -> None:
    objection = Objection("SA-3402", "15.00 too much")
    objected = Change(Op.UPSERT, "order", "a", b"{}", b"n" * 16, None, objection)
    store.messages.append("f", "shop", 1, 0, [objected], held=False, coalesce=False)
    (parked,) = store.messages.list()
    assert store.edits.replace(parked.id, NEW, "why", "anna")
    (sent,) = claim(store, clock).messages
    assert sent.body == NEW


def test_only_what_waits_for_a_person_can_be_edited(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    (pending,) = store.messages.list()
    assert store.edits.replace(pending.id, NEW, "why", "anna") is None
    accept(store, claim(store, clock), clock)
    assert store.edits.replace(pending.id, NEW, "why", "anna") is None
    store.refusals.park("f", "shop", 1, "b", "product", b"[]", "SA-3101", "empty")
    (refused_row,) = store.messages.list(key="b")
    assert store.edits.replace(refused_row.id, NEW, "why", "anna") is None


def test_what_has_a_newer_state_behind_it_cannot_be_edited(
    store: Store, clock: StandingClock
) -> None:
    old = refused(store, clock, coalesce=False)
    append(store, "a", coalesce=False)
    assert store.edits.replace(old.id, NEW, "why", "anna") is None
    assert row(store, old.id).state is State.PARKED


def test_what_came_first_goes_first(store: Store, clock: StandingClock) -> None:
    first = refused(store, clock, coalesce=False)
    append(store, "a", coalesce=False)
    (second, _) = store.messages.list()
    change = a_change("a")
    store.decisions.ignore([second.id], "not wanted", "anna")
    assert store.edits.replace(first.id, NEW, "why", "anna")
    store.messages.append("f", "shop", 1, 0, [change], held=False, coalesce=False)
    (sent,) = claim(store, clock).messages
    assert sent.body == NEW
