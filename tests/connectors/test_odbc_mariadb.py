"""MariaDB behind its own driver: each way in which this driver is known to change a value."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.errors import Misconfigured, Unavailable
from tests.connectors.databases import Database, rows

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("mariadb")]


def values(database: Database, kind: str, *literals: str) -> list[Any]:
    """The literals, stored in a column of that type and read back."""
    database.sql(f"CREATE TABLE v (id int PRIMARY KEY, v {kind})")
    for number, literal in enumerate(literals):
        database.sql(f"INSERT INTO v VALUES ({number}, {literal})")
    source = database.source(table="v", key=["id"])
    with closing(source):
        return [row["v"] for row in rows(source.read(""))]


def test_zero_date_comes_as_text_and_does_not_end_the_pass(mariadb: Database) -> None:
    zero_and_partial = ["'2026-11-21'", "'0000-00-00'", "'2026-00-00'"]
    mariadb.sql("SET GLOBAL sql_mode = ''")
    assert values(mariadb, "date", *zero_and_partial) == ["2026-11-21", "0000-00-00", "2026-00-00"]


def test_datetime_keeps_microseconds(mariadb: Database) -> None:
    assert values(mariadb, "datetime(6)", "'2026-11-21 10:00:00.123456'") == [
        "2026-11-21 10:00:00.123456"
    ]


def test_time_beyond_a_day_comes_as_text(mariadb: Database) -> None:
    assert values(mariadb, "time", "'838:59:59'", "'08:30:00'") == ["838:59:59", "08:30:00"]


def test_decimal_is_exact(mariadb: Database) -> None:
    exact = ["0.1000000000", "12345678901234567890.1234567890", "-0.0050000000"]
    assert values(mariadb, "decimal(38,10)", *exact) == [Decimal(text) for text in exact]


def test_unsigned_big_integer_is_exact(mariadb: Database) -> None:
    assert values(mariadb, "bigint unsigned", "18446744073709551615") == [18446744073709551615]


def test_bits_booleans_years_enums_and_json(mariadb: Database) -> None:
    mariadb.sql(
        "CREATE TABLE t (id int PRIMARY KEY, b bit(1), s tinyint(1), y year, e enum('a','b'), "
        "j json)",
        "INSERT INTO t VALUES (1, b'1', 1, 2026, 'b', '{\"a\": 1}')",
    )
    source = mariadb.source(table="t", key=["id"])
    with closing(source):
        [row] = rows(source.read(""))
    assert row == {"id": 1, "b": True, "s": 1, "y": 2026, "e": "b", "j": '{"a": 1}'}


def test_long_text_and_emoji_arrive_whole(mariadb: Database) -> None:
    assert values(mariadb, "longtext", "REPEAT('è€😀', 30000)") == ["è€😀" * 30000]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("varchar(300)", "è€😀" * 60),
        ("varchar(300)", "a" * 128),
        ("char(10)", "AB"),
        ("bigint", "9007199254740993"),
        ("bigint unsigned", "18446744073709551615"),
        ("decimal(12,2)", "39.50"),
        ("date", "2026-11-21"),
        ("datetime(6)", "2026-11-21 10:00:00.123456"),
        ("time(3)", "10:00:00.123"),
    ],
)
def test_key_of_each_type_is_found_by_its_text(mariadb: Database, kind: str, key: str) -> None:
    mariadb.sql(f"CREATE TABLE t (k {kind} PRIMARY KEY)", f"INSERT INTO t VALUES ('{key}')")
    source = mariadb.source(table="t", key=["k"], page_size=1)
    with closing(source):
        assert [str(row["k"]) for row in rows(source.read_keys([key]))] == [key]
        assert [str(row["k"]) for row in rows(source.read(""))] == [key]


def test_neighbours_beyond_the_precision_of_a_float_are_told_apart(mariadb: Database) -> None:
    keys = [str(9007199254740992 + number) for number in range(4)]
    mariadb.sql("CREATE TABLE t (k bigint PRIMARY KEY)")
    mariadb.many("INSERT INTO t VALUES (?)", [(int(key),) for key in keys])
    source = mariadb.source(table="t", key=["k"], page_size=1)
    with closing(source):
        assert [str(row["k"]) for row in rows(source.read(""))] == keys
        assert [str(row["k"]) for row in rows(source.read_keys([keys[1]]))] == [keys[1]]


def test_keys_that_the_collation_counts_as_equal_are_all_read(mariadb: Database) -> None:
    mariadb.sql("CREATE TABLE t (k varchar(9) COLLATE utf8mb4_general_ci, n int)")
    mariadb.many("INSERT INTO t VALUES (?, ?)", [("abc", 1), ("ABC", 2), ("àbc", 3), ("abd", 4)])
    source = mariadb.source(table="t", key=["k"], page_size=1)
    with closing(source):
        assert sorted(row["n"] for row in rows(source.read(""))) == [1, 2, 3, 4]


def test_whole_pass_of_many_pages_sees_one_moment(mariadb: Database) -> None:
    mariadb.sql("CREATE TABLE t (k int PRIMARY KEY)", "INSERT INTO t SELECT seq FROM seq_1_to_2000")
    source = mariadb.source(table="t", key=["k"], page_size=100)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        mariadb.sql("UPDATE t SET k = -k WHERE k > 1000")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 2000


def test_long_key_beside_an_accent_in_the_statement_is_refused_not_broken(
    mariadb: Database,
) -> None:
    mariadb.sql("CREATE TABLE t (k varchar(300) PRIMARY KEY, `quantità` int)")
    mariadb.sql(f"INSERT INTO t VALUES ('{'è' * 127}', 1), ('{'è' * 128}', 2)")
    source = mariadb.source(table="t", key=["k"])
    with closing(source):
        assert [row["quantità"] for row in rows(source.read_keys(["è" * 127]))] == [1]
        with pytest.raises(Misconfigured) as caught:
            list(source.read_keys(["è" * 128]))
    assert caught.value.code == "SA-2116"


def test_wrong_password_is_not_retried_and_not_repeated_in_the_error(
    mariadb: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_MARIADB_PASSWORD", "wr;on}g")
    with pytest.raises(Misconfigured) as caught:
        list(mariadb.source(table="t", key=["k"]).read(""))
    assert caught.value.code == "SA-2101"
    assert "wr;on}g" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize("password", ["semi;colon", "br{a}ces}", "sp ace", "per%41cent+", "è€"])
def test_password_with_special_characters_gets_in(
    mariadb: Database, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    mariadb.sql(f"CREATE OR REPLACE USER odd@'127.0.0.1' IDENTIFIED BY '{password}'")
    mariadb.sql("GRANT SELECT ON *.* TO odd@'127.0.0.1'")
    monkeypatch.setenv("TEST_MARIADB_PASSWORD", password)
    odd = replace(mariadb, connection=mariadb.connection | {"user": "odd"})
    source = odd.source(query="SELECT 1 AS k", key=["k"])
    with closing(source):
        assert rows(source.read("")) == [{"k": 1}]


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"database": "no_such_database"}, Misconfigured, "SA-2101"),
        ({"port": 1}, Unavailable, "SA-2104"),
        ({"driver": "/no/such/driver.so"}, Misconfigured, "SA-2102"),
    ],
)
def test_each_way_of_not_connecting_has_its_own_error(
    mariadb: Database, change: dict[str, Any], error: type[Exception], code: str
) -> None:
    broken = replace(mariadb, connection=mariadb.connection | change)
    with pytest.raises(error) as caught:
        list(broken.source(table="t", key=["k"]).read(""))
    assert caught.value.code == code  # type: ignore[attr-defined]


def test_table_without_permission_says_so(mariadb: Database) -> None:
    mariadb.sql(
        "CREATE TABLE t (k int PRIMARY KEY, secret int)",
        "CREATE OR REPLACE USER poor@'127.0.0.1' IDENTIFIED BY 'test'",
        f"GRANT SELECT (k) ON {mariadb.connection['database']}.t TO poor@'127.0.0.1'",
    )
    poor = replace(mariadb, connection=mariadb.connection | {"user": "poor"})
    source = poor.source(query="SELECT k, secret FROM t", key=["k"])
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2113"


def test_statement_that_takes_too_long_is_ended(mariadb: Database) -> None:
    impatient = replace(mariadb, connection=mariadb.connection | {"query_timeout": "1s"})
    query = "SELECT a.seq AS k FROM seq_1_to_100000 a, seq_1_to_100000 b WHERE a.seq + b.seq = 0"
    source = impatient.source(query=query, key=["k"])
    with closing(source), pytest.raises(Unavailable) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2105"


def test_mysql_is_another_name_for_the_same_dialect(mariadb: Database) -> None:
    mysql = replace(mariadb, connection=mariadb.connection | {"dialect": "mysql"})
    source = mysql.source(query="SELECT 1 AS k", key=["k"])
    with closing(source):
        assert rows(source.read("")) == [{"k": 1}]
