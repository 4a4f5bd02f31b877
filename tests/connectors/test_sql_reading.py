"""What is true for every SQL database: keys, pages, children, names, changes of the schema."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from agent.errors import Misconfigured
from connectors._sql import SqlOptions
from tests.connectors.databases import Database, rows


def test_duplicate_key_at_the_edge_of_a_page_is_not_lost(database: Database) -> None:
    database.sql("CREATE TABLE t (sku VARCHAR(9), n INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 1), ("B", 2), ("B", 3), ("B", 4), ("C", 5)])
    source = database.source(table="t", key=["sku"], page_size=2)
    found = rows(source.read(""))
    source.close()
    assert sorted((row["sku"], int(row["n"])) for row in found) == [
        ("A", 1), ("B", 2), ("B", 3), ("B", 4), ("C", 5),
    ]  # fmt: skip


def test_row_without_a_key_is_still_read(database: Database) -> None:
    database.sql("CREATE TABLE t (a VARCHAR(9), b INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 1), (None, 2), ("B", None), ("C", 3)])
    source = database.source(table="t", key=["a", "b"], page_size=1)
    found = rows(source.read(""))
    source.close()
    assert sorted(str(row["a"]) for row in found) == ["A", "B", "C", "None"]


def test_key_of_several_columns_is_paged_in_order(database: Database) -> None:
    database.sql("CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR(9) NOT NULL, PRIMARY KEY (a, b))")
    keys = [(number, letter) for number in range(7) for letter in "xyz"]
    database.many("INSERT INTO t VALUES (?, ?)", keys)
    source = database.source(table="t", key=["a", "b"], page_size=4)
    found = [(int(row["a"]), row["b"]) for row in rows(source.read(""))]
    single = [(int(row["a"]), row["b"]) for row in rows(source.read_keys(["3|y", "6|z", "6|q"]))]
    source.close()
    assert found == keys
    assert sorted(single) == [(3, "y"), (6, "z")]


def test_children_come_nested_in_their_order_without_a_query_for_each_row(
    database: Database,
) -> None:
    database.sql(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer VARCHAR(20))",
        "CREATE TABLE line (order_id INTEGER, pos INTEGER, sku VARCHAR(9), qty DECIMAL(9,2))",
    )
    database.many("INSERT INTO orders VALUES (?, ?)", [(n, f"C{n}") for n in range(1, 8)])
    lines = [(n, pos, f"S{pos}", "1.50") for n in (1, 3, 7) for pos in (2, 1)]
    database.many("INSERT INTO line VALUES (?, ?, ?, ?)", [*lines, (99, 1, "orphan", "1")])
    child = {
        "table": "line",
        "parent": ["order_id"],
        "order": ["pos"],
        "columns": ["pos", "sku", "qty"],
    }
    options = {"table": "orders", "key": ["id"], "page_size": 3, "children": {"lines": child}}
    source = database.source(**options)
    found = {int(row["id"]): row["lines"] for row in rows(source.read(""))}
    single = {int(row["id"]): row["lines"] for row in rows(source.read_keys(["7", "2"]))}
    source.close()
    assert sorted(found) == list(range(1, 8))
    assert [len(found[n]) for n in range(1, 8)] == [2, 0, 2, 0, 0, 0, 2]
    assert [line["sku"] for line in found[3]] == ["S1", "S2"]
    assert Decimal(found[3][0]["qty"]) == Decimal("1.5")
    assert single == {7: found[7], 2: ()}


def test_query_is_read_like_a_table(database: Database) -> None:
    database.sql("CREATE TABLE t (sku VARCHAR(9), n INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 1), ("B", 2), ("C", 3)])
    query = "SELECT sku, n * 10 AS tens FROM t WHERE sku <> 'B' -- not sold\n;"
    source = database.source(query=query, key=["sku"], page_size=1)
    found = [(row["sku"], int(row["tens"])) for row in rows(source.read(""))]
    single = [row["sku"] for row in rows(source.read_keys(["C", "B"]))]
    source.close()
    assert found == [("A", 10), ("C", 30)]
    assert single == ["C"]


def test_chosen_columns_always_include_the_key(database: Database) -> None:
    database.sql(
        "CREATE TABLE t (sku VARCHAR(9), a INTEGER, b INTEGER)", "INSERT INTO t VALUES ('A', 1, 2)"
    )
    source = database.source(table="t", key=["sku"], columns=["b"])
    [row] = rows(source.read(""))
    source.close()
    assert list(row) == ["sku", "b"]


def test_empty_table_is_a_complete_pass(database: Database) -> None:
    database.sql("CREATE TABLE t (sku VARCHAR(9))")
    source = database.source(table="t", key=["sku"])
    [batch] = source.read("")
    source.close()
    assert (list(batch.rows), batch.complete, batch.whole) == ([], True, True)


def test_misspelt_column_is_named_with_what_was_meant(database: Database) -> None:
    database.sql("CREATE TABLE t (article_code VARCHAR(9))")
    source = database.source(table="t", key=["artcle_code"])
    with pytest.raises(Misconfigured, match=r"(?i)did you mean 'article_code'") as caught:
        list(source.read(""))
    source.close()
    assert caught.value.code == "SA-2111"


def test_misspelt_table_is_named_with_what_was_meant(database: Database) -> None:
    database.sql("CREATE TABLE articles (sku VARCHAR(9))")
    source = database.source(table="artcles", key=["sku"])
    with pytest.raises(Misconfigured, match=r"(?i)did you mean '(public\.)?articles'") as caught:
        list(source.read(""))
    source.close()
    assert caught.value.code == "SA-2110"


def test_wrong_query_is_refused_in_the_words_of_the_database(database: Database) -> None:
    database.sql("CREATE TABLE t (sku VARCHAR(9))")
    source = database.source(query="SELECT no_such_column FROM nowhere", key=["sku"])
    with pytest.raises(Misconfigured, match=r"(?i)nowhere"):
        list(source.read(""))
    source.close()


def test_column_that_vanishes_under_a_run_is_named(database: Database) -> None:
    database.sql(
        "CREATE TABLE t (sku VARCHAR(9), old_name INTEGER)", "INSERT INTO t VALUES ('A', 1)"
    )
    source = database.source(table="t", key=["sku"])
    assert len(rows(source.read(""))) == 1
    database.sql("DROP TABLE t", "CREATE TABLE t (sku VARCHAR(9), new_name INTEGER)")
    with pytest.raises(Misconfigured, match=r"(?i)old_name"):
        list(source.read(""))
    source.close()


def test_names_that_need_quotes_are_quoted(database: Database) -> None:
    quote = database.quote
    database.sql(
        f"CREATE TABLE {quote('ORDER')} ({quote('Cod. Art')} VARCHAR(9), "
        f"{quote('select')} INTEGER)",
        f"INSERT INTO {quote('ORDER')} VALUES ('A', 1)",
    )
    source = database.source(table="ORDER", key=["Cod. Art"])
    [row] = rows(source.read(""))
    source.close()
    assert row["Cod. Art"] == "A"
    assert int(row["select"]) == 1


def test_accents_in_names_and_queries_are_understood(database: Database) -> None:
    quantity = database.quote("quantità")
    database.sql(f"CREATE TABLE articolo (cod VARCHAR(9), {quantity} INTEGER)")
    database.many("INSERT INTO articolo VALUES (?, ?)", [("è€", 1), ("e", 2)])
    source = database.source(table="articolo", key=["cod"])
    [row] = rows(source.read_keys(["è€"]))
    source.close()
    assert int(row["quantità"]) == 1
    source = database.source(query="SELECT * FROM articolo WHERE cod = 'è€'", key=["cod"])
    [row] = rows(source.read(""))
    source.close()
    assert row["cod"] == "è€"


def test_key_with_quotes_and_separators_is_found_again(database: Database) -> None:
    database.sql("CREATE TABLE t (a VARCHAR(20), b VARCHAR(20))")
    database.many("INSERT INTO t VALUES (?, ?)", [("O'Brien|x", "b\\c"), ("O'Brien", "x|b\\c")])
    source = database.source(table="t", key=["a", "b"])
    found = [row["a"] for row in rows(source.read_keys(["O'Brien\\|x|b\\\\c"]))]
    source.close()
    assert found == ["O'Brien|x"]


def test_a_thousand_keys_are_found_in_chunks(database: Database) -> None:
    database.sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    database.many("INSERT INTO t VALUES (?)", [(number,) for number in range(1200)])
    source = database.source(table="t", key=["id"])
    found = rows(source.read_keys([str(number) for number in range(0, 2400, 2)]))
    source.close()
    assert sorted(int(row["id"]) for row in found) == list(range(0, 1200, 2))


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM t", "SELECT 1; DROP TABLE t", "UPDATE t SET a = 1", "", "EXEC something"],
)
def test_query_that_is_not_one_select_is_refused(query: str) -> None:
    with pytest.raises(ValidationError, match="the query must be"):
        SqlOptions.model_validate({"query": query, "key": ["a"]})


def test_semicolon_inside_a_text_is_no_second_statement() -> None:
    options = SqlOptions.model_validate({"query": "SELECT ';' AS a -- ;\n;", "key": ["a"]})
    assert options.query == "SELECT ';' AS a -- ;"


@pytest.mark.parametrize("given", [{}, {"table": "t", "query": "SELECT 1"}])
def test_exactly_one_of_table_and_query_is_given(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either table or query"):
        SqlOptions.model_validate({**given, "key": ["a"]})


def test_children_name_as_many_parent_columns_as_the_key_has() -> None:
    child = {"table": "c", "parent": ["a"]}
    with pytest.raises(ValidationError, match="parent names 1 columns, the key has 2"):
        SqlOptions.model_validate({"table": "t", "key": ["a", "b"], "children": {"lines": child}})
