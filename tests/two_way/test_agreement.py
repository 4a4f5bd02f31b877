"""What follows when a side has changed a record: pure rules, no store."""

from __future__ import annotations

from typing import Any

import pytest

from agent.two_way import Agreement, Deletes, Policy, settle_conflicts, take
from agent.two_way.agreement import same

ERP, SHOP = 0, 1
MINUTE = 60_000
ROSSI = {"name": "Rossi", "email": "a@rossi.it", "price_list": "BASE"}


def in_step(**changes: Any) -> Agreement:
    """Both sides have the record, and each knows it."""
    data = {**ROSSI, **changes}
    known = take(Agreement(), ERP, data, 0, Policy())
    return known.queued(SHOP).arrived(SHOP, data)


def changed(
    known: Agreement, side: int, at: int = 0, policy: Policy | None = None, **changes: Any
) -> Agreement:
    """The side changes some fields of what it has."""
    has = known.sides[side].has
    assert has is not None
    return take(known, side, {**has, **changes}, at, policy or Policy())


def test_a_new_record_goes_to_the_other_side() -> None:
    known = take(Agreement(), ERP, ROSSI, 0, Policy())
    assert known.wanted == ROSSI
    assert known.lacking() == [SHOP]


def test_what_came_from_us_is_no_change() -> None:
    known = in_step()
    assert take(known, SHOP, dict(ROSSI), 1, Policy()).lacking() == []


def test_what_came_from_us_is_no_change_though_its_answer_was_lost() -> None:
    known = changed(in_step(), ERP, name="Rossi srl").queued(SHOP)
    known = known.tried(SHOP, known.wanted)
    again = take(known, SHOP, {**ROSSI, "name": "Rossi srl"}, 5, Policy())
    assert again.sides[SHOP].has == {**ROSSI, "name": "Rossi srl"}
    assert again.lacking() == []


def test_what_was_never_tried_there_cannot_be_ours() -> None:
    known = take(Agreement(), ERP, ROSSI, 0, Policy()).queued(SHOP)
    known = take(known, SHOP, {**ROSSI, "email": "other@rossi.it"}, 0, Policy())
    assert known.wanted == ROSSI
    assert known.sides[SHOP].has == {**ROSSI, "email": "other@rossi.it"}


def test_changes_of_different_fields_come_together() -> None:
    known = changed(in_step(), ERP, name="Rossi srl").queued(SHOP)
    known = changed(known, SHOP, email="b@rossi.it")
    assert known.wanted == {**ROSSI, "name": "Rossi srl", "email": "b@rossi.it"}
    assert known.lacking() == [ERP, SHOP]


def test_a_change_upon_what_we_wrote_is_no_conflict() -> None:
    known = changed(in_step(), ERP, name="Rossi srl").queued(SHOP)
    known = known.arrived(SHOP, {**ROSSI, "name": "Rossi srl"})
    known = changed(known, SHOP, name="Rossi spa", policy=Policy(hold=True))
    assert known.wanted is not None
    assert known.wanted["name"] == "Rossi spa"
    assert not known.conflicts


@pytest.mark.parametrize(
    ("at", "policy", "winner"),
    [
        (10 * MINUTE, Policy(), "shop"),
        (-10 * MINUTE, Policy(), "erp"),
        (MINUTE // 2, Policy(), "erp"),
        (10 * MINUTE, Policy(winner=ERP), "erp"),
        (-10 * MINUTE, Policy(winner=SHOP), "shop"),
    ],
    ids=["newer", "older", "clocks too close", "the ERP wins", "the shop wins"],
)
def test_of_two_changes_of_one_field_one_wins(at: int, policy: Policy, winner: str) -> None:
    known = changed(in_step(), ERP, at=0, name="erp").queued(SHOP)
    known = changed(known, SHOP, at=at, policy=policy, name="shop")
    assert known.wanted is not None
    assert known.wanted["name"] == winner
    assert known.lacking() == ([ERP, SHOP] if winner == "shop" else [])


def test_a_conflict_waits_for_a_person_with_both_values() -> None:
    hold = Policy(hold=True)
    known = changed(in_step(), ERP, policy=hold, name="erp").queued(SHOP)
    known = changed(known, SHOP, policy=hold, name="shop", email="new@rossi.it")
    assert known.conflicts == {"name": ("erp", "shop")}
    assert known.lacking() == []
    decided = settle_conflicts(known, SHOP, 5)
    assert decided.wanted == {**ROSSI, "name": "shop", "email": "new@rossi.it"}
    assert decided.lacking() == [ERP]


def test_what_a_person_decides_is_sent_though_it_had_been_on_its_way() -> None:
    hold = Policy(hold=True)
    known = changed(in_step(), ERP, policy=hold, name="erp").queued(SHOP)
    known = changed(known, SHOP, policy=hold, name="shop")
    assert settle_conflicts(known, ERP, 5).lacking() == [SHOP]


def test_a_conflict_ends_when_both_sides_say_the_same() -> None:
    hold = Policy(hold=True)
    known = changed(in_step(), ERP, policy=hold, name="erp").queued(SHOP)
    known = changed(known, SHOP, policy=hold, name="shop")
    known = changed(known, ERP, policy=hold, name="shop")
    assert not known.conflicts
    assert known.wanted is not None
    assert known.wanted["name"] == "shop"


def test_what_only_the_other_side_may_change_is_written_back() -> None:
    policy = Policy(owners={"price_list": ERP})
    known = changed(in_step(), SHOP, policy=policy, price_list="GOLD", email="b@rossi.it")
    assert known.wanted == {**ROSSI, "email": "b@rossi.it"}
    assert known.lacking() == [ERP, SHOP]


def test_what_a_side_cuts_is_not_brought_back() -> None:
    known = changed(in_step(), ERP, name="A very long name").queued(SHOP)
    known = known.arrived(SHOP, known.wanted).looked_at(SHOP, {**ROSSI, "name": "A very lon"})
    assert known.lacking() == []
    assert take(known, SHOP, {**ROSSI, "name": "A very lon"}, 9, Policy()).lacking() == []


@pytest.mark.parametrize(
    ("told", "shown", "made_of_it"),
    [
        ("A very long name", "A very lon", True),
        ("rossi@x.it", "ROSSI@x.it", True),
        ("1.2345", "1.23", True),
        ("1.2345", "1.24", True),
        ("1.2345", "2.23", False),
        (None, "IT", True),
        ("Rossi", "Rossi srl", False),
        ("Rossi", "", False),
        ("Rossi", "Verdi", False),
    ],
)
def test_what_a_system_makes_of_a_value_is_told_from_what_its_users_enter(
    told: Any, shown: Any, made_of_it: bool
) -> None:
    known = in_step(phone="x").arrived(SHOP, {**ROSSI, "phone": told})
    known = take(known, ERP, {**ROSSI, "phone": told}, 0, Policy())
    known = known.looked_at(SHOP, {**ROSSI, "phone": shown})
    known = take(known, SHOP, {**ROSSI, "phone": shown}, 1, Policy())
    assert known.wanted is not None
    assert (known.wanted["phone"] == told) is made_of_it


def test_a_field_that_is_not_read_back_is_written_once() -> None:
    known = take(Agreement(), ERP, ROSSI, 0, Policy()).queued(SHOP).arrived(SHOP, ROSSI)
    known = take(known, SHOP, {"name": "Rossi"}, 1, Policy())
    assert known.lacking() == []


def test_an_empty_field_that_the_other_side_does_not_have_is_no_reason_to_write() -> None:
    known = take(in_step(), SHOP, {**ROSSI, "nickname": None, "note": ""}, 5, Policy())
    assert known.lacking() == []
    known = take(known, SHOP, {**ROSSI, "nickname": "Mario", "note": ""}, 6, Policy())
    assert known.lacking() == [ERP]
    told = known.queued(ERP).arrived(ERP, known.wanted)
    told = take(told, SHOP, {**ROSSI, "nickname": None, "note": ""}, 7, Policy())
    assert told.lacking() == [ERP], "what was told is emptied"


@pytest.mark.parametrize("deletes", list(Deletes))
def test_a_delete_is_passed_on_as_the_policy_says(deletes: Deletes) -> None:
    known = take(in_step(active=True), ERP, None, 1, Policy(deletes=deletes))
    if deletes is Deletes.PROPAGATE:
        assert known.wanted is None
    elif deletes is Deletes.DEACTIVATE:
        assert known.wanted is not None
        assert known.wanted["active"] is False
    assert known.lacking() == ([] if deletes is Deletes.IGNORE else [SHOP])


def test_a_change_weighs_more_than_a_delete() -> None:
    policy = Policy(deletes=Deletes.PROPAGATE)
    known = changed(in_step(), SHOP, email="b@rossi.it").queued(ERP)
    known = take(known, ERP, None, 1, policy)
    assert known.wanted == {**ROSSI, "email": "b@rossi.it"}
    assert known.lacking() == [ERP]


def test_a_record_changed_while_its_delete_was_on_the_way_comes_back() -> None:
    policy = Policy(deletes=Deletes.PROPAGATE)
    known = take(in_step(), ERP, None, 1, policy).queued(SHOP)
    known = changed(known, SHOP, policy=policy, email="b@rossi.it")
    assert known.wanted == {**ROSSI, "email": "b@rossi.it"}
    assert known.lacking() == [ERP, SHOP]


def test_what_was_left_alone_comes_back_with_its_next_change() -> None:
    known = take(in_step(), ERP, None, 1, Policy(deletes=Deletes.IGNORE))
    known = changed(known, SHOP, email="b@rossi.it")
    assert known.lacking() == [ERP]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1.50", "1.5", True),
        ("0.00", "0", True),
        ("00123", "123", False),
        ("1.5.0", "1.5", False),
        (None, "", True),
        ("Rossi ", "Rossi", True),
        ([{"price": "1.0"}], [{"price": "1.00"}], True),
        ({"a": None}, {}, True),
        (False, None, False),
        (1, True, True),
    ],
)
def test_values_that_mean_the_same(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is alike
