"""What a target's statements may say: parameters by name, all of them with a value."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from agent.contract import Doubt
from connectors._sql_writing import SqlTargetOptions
from connectors._sql_writing.named import Named, named, one_statement

INSERT = {"sql": "INSERT INTO ordtes (rifweb) VALUES (:rif)", "values": {"rif": "{{ key }}"}}


@pytest.mark.parametrize(
    ("sql", "text", "names"),
    [
        ("SELECT :a, :b, :a", "SELECT ?, ?, ?", ("a", "b", "a")),
        ("SELECT ':a', \":a\", `:a` FROM t", "SELECT ':a', \":a\", `:a` FROM t", ()),
        ("SELECT 'it''s :a', :b", "SELECT 'it''s :a', ?", ("b",)),
        ("SELECT 1 -- :a ?\n + :b /* :c */", "SELECT 1 -- :a ?\n + ? /* :c */", ("b",)),
        ("SELECT :a::numeric", "SELECT ?::numeric", ("a",)),
        ("BEGIN p(:a, x=>:b); n := 1; END;", "BEGIN p(?, x=>?); n := 1; END;", ("a", "b")),
        ("DO $x$ :a $x$", "DO $x$ :a $x$", ()),
        ("SELECT a[1:n], '10:30' FROM V$SESSION", "SELECT a[1:n], '10:30' FROM V$SESSION", ()),
    ],
)
def test_names_become_marks_outside_texts_comments_and_casts(
    sql: str, text: str, names: tuple[str, ...]
) -> None:
    assert named(sql) == Named(text, names)


def test_closing_semicolon_goes_unless_it_ends_a_block() -> None:
    assert one_statement(" DELETE FROM t; ") == "DELETE FROM t"
    assert one_statement("BEGIN p; END;") == "BEGIN p; END;"
    assert one_statement("CREATE_ORDER :a;") == "CREATE_ORDER :a"


def test_tables_that_are_written_to_are_known_by_name() -> None:
    sql = 'INSERT INTO GEST.ORDTES (A) VALUES (1) -- INSERT INTO no\n; MERGE INTO "Righe" r USING s'
    assert named(sql).tables == ("GEST.ORDTES", '"Righe"')
    assert named("UPDATE r SET a = 1 FROM ordrig r; INSERT INTO @n SELECT 1").tables == ()
    assert named(" /* x */ MERGE INTO t USING s ON 1 = 1").writes_rows
    assert not named("DELETE FROM t").writes_rows
    assert not named("CALL p(:a)").writes_rows


def test_least_is_one_statement_that_writes_and_its_outcome_may_be_in_doubt() -> None:
    assert SqlTargetOptions.model_validate({"write": [INSERT]}).doubt is Doubt.HOLD
    asking = {"write": [INSERT], "look_up": [{"sql": "SELECT 1 FROM t WHERE r = :rif"} | _key()]}
    assert SqlTargetOptions.model_validate(asking).doubt is Doubt.ASK
    assert SqlTargetOptions.model_validate(asking | {"repeatable": True}).doubt is Doubt.SEND


def _key() -> dict[str, Any]:
    return {"values": {"rif": "{{ key }}"}}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"write": []}, "at least 1 item"),
        ({"write": [{"sql": "  "}]}, "there is no statement"),
        ({"write": [{"sql": "-- nothing"}]}, "there is no statement"),
        ({"write": [{"sql": "INSERT INTO t VALUES (?)"}]}, "not a question mark"),
        ({"write": [{"sql": "INSERT INTO t VALUES (:a, :b)"}]}, "write 1: no value for :a, :b"),
        (
            {"write": [INSERT | {"sql": "DELETE FROM t"}]},
            "write 1: .* does not use :rif",
        ),
        ({"values": {"x": "1"}}, "values: no statement uses :x"),
        ({"ask": "always"}, "no look_up"),
        ({"write": [{**INSERT, "values": {"rif": "{{ nothing.x }}"}}]}, '"nothing" is unknown'),
        ({"write": [INSERT | {"returns": "n", "each": "{{ record.lines }}"}]}, "run once"),
        (
            {"write": [INSERT | {"returns": "n"}], "reference": {"sql": "SELECT 1"}},
            "give the number once",
        ),
        ({"update": [INSERT | {"returns": "n"}]}, "written first"),
    ],
)
def test_configuration_that_cannot_work_is_refused(changed: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        SqlTargetOptions.model_validate({"write": [INSERT]} | changed)


def test_own_values_come_before_those_that_all_statements_share() -> None:
    options = SqlTargetOptions.model_validate(
        {"write": [INSERT, {"sql": "CALL p(:rif)"}], "values": {"rif": "{{ id }}"}}
    )
    assert list(options.values) == ["rif"]
