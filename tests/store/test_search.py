"""Records are found by what people have in hand, in a bounded number of steps."""

from __future__ import annotations

import pytest

from agent.model import Change, Op
from agent.store import Store
from agent.store.search import _NUMBER, _NUMBERED
from tests.store.conftest import StandingClock
from tests.store.test_messages import accept, append, claim


def know(store: Store, *keys: str, flow: str = "f") -> None:
    store.known.put(flow, [(key, b"r" * 16, b"d" * 16, None) for key in keys])


def test_a_beginning_finds_every_spelling_of_a_key(store: Store) -> None:
    know(store, "VIT-10", "vit-1", "Vit-1b", "VAT-1", "VIT")
    assert store.search.keys("f", "vIt-1", 10) == ["vit-1", "VIT-10", "Vit-1b"]
    assert store.search.keys("f", "VIT", 2) == ["VIT", "vit-1"]


def test_the_second_column_of_a_key_is_found_where_the_first_has_few_values(store: Store) -> None:
    know(store, "L1|VIT-1", "L1|VIT-2", "L2|VIT-1", "L2|VIT-1|10", "L3|TAS-1")
    assert store.search.keys("f", "vit-1", 10) == ["L1|VIT-1", "L2|VIT-1", "L2|VIT-1|10"]
    assert store.search.keys("f", "l2", 10) == ["L2|VIT-1", "L2|VIT-1|10"]


def test_what_has_a_message_and_is_not_known_any_more_is_found(store: Store) -> None:
    append(store, "TAS-1", "TAS-1")
    append(store, "TAS-1", flow="g")
    assert store.search.keys("f", "tas", 10) == ["TAS-1"]


def test_a_key_with_letters_of_other_lands_is_found(store: Store) -> None:
    know(store, "Größe-1|Ærø", "GRÖSSE")
    assert store.search.keys("f", "gRÖß", 10) == ["Größe-1|Ærø"]


def test_a_number_of_the_other_side_leads_to_its_record(store: Store, clock: StandingClock) -> None:
    append(store, "a")
    accept(store, claim(store, clock), clock, reference="ORD/2026-17b")
    assert store.search.bound("ord/2026-17B", 10) == [("shop", "product", "a", "ORD/2026-17b")]
    assert store.search.bound("ORD/2026", 10) == []


def test_an_order_is_found_by_the_number_in_it(store: Store) -> None:
    body = b'{"number":"#1001","total":"9.00"}'
    order = Change(Op.UPSERT, "order", "gid://9", body, b"n" * 16, None)
    store.messages.append("orders", "erp", 1, 0, [order], held=False, coalesce=False)
    assert store.search.numbered("#1001", 10) == [("orders", "gid://9")]
    assert store.search.numbered("1001", 10) == []


def test_a_refused_row_that_is_no_json_is_no_trouble(store: Store) -> None:
    store.refusals.park("orders", "erp", 1, "9", "order", b"\xff{no json", "SA-3101", "empty")
    assert store.search.keys("orders", "9", 10) == ["9"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT min(key) FROM known WHERE flow = ?1 AND key >= ?2 AND key < ?3",
        "SELECT min(key) FROM message WHERE flow = ?1 AND key >= ?2 AND key < ?3",
        "SELECT 1 FROM binding WHERE ?1 AND reference >= ?2 AND reference < ?3 LIMIT 1",
        f"SELECT key FROM message WHERE {_NUMBER} = ?2 AND ?1 AND ?3 AND {_NUMBERED}",
        "SELECT version FROM message WHERE ?1 AND ?3 AND edited_from = ?2",
    ],
)
def test_no_question_of_the_search_reads_a_whole_table(store: Store, query: str) -> None:
    plan = store._database.rows(f"EXPLAIN QUERY PLAN {query}", (1, "a", "b"))
    assert [line[3].partition(" ")[0] for line in plan] == ["SEARCH"], plan


def test_known_keys_of_a_range_are_listed(store: Store) -> None:
    know(store, "A1", "A2", "A21", "A3", "B1")
    assert store.search.between("f", "A2", "A3", 10) == ["A2", "A21", "A3"]
    assert store.search.between("f", "A2", "A2", 10) == ["A2", "A21"]
    assert store.search.between("f", "A2", "", 10) == ["A2", "A21", "A3", "B1"]
    assert store.search.between("f", "", "B", 2) == ["A1", "A2"]
