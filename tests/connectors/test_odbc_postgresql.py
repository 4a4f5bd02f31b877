"""PostgreSQL behind psqlODBC: each way in which this driver is known to change a value."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.errors import Misconfigured, Rejected, Unavailable
from tests.connectors.databases import Database, rows
from tests.peers.postgresql import STRICT_USER

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("postgresql")]

IN_TRANSACTION = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND state LIKE 'idle in transaction%'"
)


def values(database: Database, kind: str, *literals: str) -> list[Any]:
    """The literals, stored in a column of that type and read back."""
    database.sql(f"CREATE TABLE v (id int PRIMARY KEY, v {kind})")
    for number, literal in enumerate(literals):
        database.sql(f"INSERT INTO v VALUES ({number}, {literal})")
    source = database.source(table="v", key=["id"])
    with closing(source):
        return [row["v"] for row in rows(source.read(""))]


def test_numeric_is_exact_with_its_scale(postgresql: Database) -> None:
    exact = ["0.10", "12345678901234567890.123456789", "-0.005"]
    assert values(postgresql, "numeric", *exact) == [Decimal(text) for text in exact]


def test_nan_arrives_as_what_it_is(postgresql: Database) -> None:
    [nan] = values(postgresql, "numeric", "'NaN'")
    assert isinstance(nan, Decimal)
    assert nan.is_nan()


def test_double_keeps_all_its_digits(postgresql: Database) -> None:
    assert values(postgresql, "double precision", "0.1", "123456789.123") == [0.1, 123456789.123]


def test_boolean_is_a_boolean(postgresql: Database) -> None:
    assert values(postgresql, "boolean", "true", "false", "NULL") == [True, False, None]


def test_char_comes_without_its_padding(postgresql: Database) -> None:
    assert values(postgresql, "char(10)", "'AB'", "''") == ["AB", ""]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("VALID UNTIL '2031-05-04'", [dt.date(2031, 5, 4)]),
        ("VALID UNTIL 'infinity'", []),
        ("", []),
    ],
)
def test_check_tells_until_when_the_password_is_valid(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch, until: str, told: list[dt.date]
) -> None:
    postgresql.sql(
        f"DROP ROLE IF EXISTS {STRICT_USER}",
        f"CREATE ROLE {STRICT_USER} LOGIN SUPERUSER PASSWORD 'right' {until}",
        "CREATE TABLE p (id int PRIMARY KEY)",
    )
    monkeypatch.setenv("TEST_PASSWORD", "right")
    login = {"user": STRICT_USER, "password": "env:TEST_PASSWORD"}
    there = replace(postgresql, connection=postgresql.connection | login)
    with closing(there.source(table="p", key=["id"])) as source:
        found = {finding.subject: finding.until for finding in source.check()}
    postgresql.sql(f"DROP ROLE {STRICT_USER}")
    assert [until for subject, until in found.items() if subject == "password"] == told
    assert "first row" in found


def test_padded_char_key_is_found_again(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (code char(10) PRIMARY KEY)", "INSERT INTO t VALUES ('AB')")
    source = postgresql.source(table="t", key=["code"])
    with closing(source):
        assert rows(source.read_keys(["AB", "A"])) == [{"code": "AB"}]


def test_uuid_is_lower_case_and_found_again(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (id uuid PRIMARY KEY)")
    key = str(uuid.uuid4())
    postgresql.sql(f"INSERT INTO t VALUES ('{key}')")
    source = postgresql.source(table="t", key=["id"])
    with closing(source):
        assert rows(source.read("")) == [{"id": key}]
        assert rows(source.read_keys([key])) == [{"id": key}]


def test_dates_come_as_iso_text_so_that_nothing_is_lost(postgresql: Database) -> None:
    assert values(postgresql, "date", "'2026-11-21'", "'infinity'", "'0044-03-15 BC'") == [
        "2026-11-21",
        "infinity",
        "0044-03-15 BC",
    ]


def test_timestamps_keep_microseconds_and_come_in_utc(postgresql: Database) -> None:
    [stamp] = values(postgresql, "timestamptz", "'2026-11-21 10:00:00.123456+02'")
    assert stamp == "2026-11-21 08:00:00.123456Z"
    assert dt.datetime.fromisoformat(stamp).utcoffset() == dt.timedelta(0)


def test_long_text_and_emoji_arrive_whole(postgresql: Database) -> None:
    assert values(postgresql, "text", "repeat('è€😀', 30000)") == ["è€😀" * 30000]


def test_bytes_are_bytes(postgresql: Database) -> None:
    assert values(postgresql, "bytea", r"'\x00ff10'") == [b"\x00\xff\x10"]


def test_other_types_come_as_their_text(postgresql: Database) -> None:
    postgresql.sql("CREATE TYPE mood AS ENUM ('good', 'bad')")
    postgresql.sql("CREATE TABLE t (k mood PRIMARY KEY, j jsonb, a int[], i interval)")
    postgresql.sql("INSERT INTO t VALUES ('bad', '{\"a\": 1}', '{1,2}', '1 day')")
    source = postgresql.source(table="t", key=["k"])
    with closing(source):
        expected = [{"k": "bad", "j": '{"a": 1}', "a": "{1,2}", "i": "P1D"}]
        assert rows(source.read("")) == expected
        assert rows(source.read_keys(["bad"])) == expected


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("bigint", "9007199254740993"),
        ("numeric(12,2)", "39.50"),
        ("date", "2026-11-21"),
        ("timestamp", "2026-11-21 10:00:00.123456"),
        ("varchar(300)", "è" * 200),
        ("boolean", "true"),
    ],
)
def test_key_of_each_type_is_found_by_its_text(postgresql: Database, kind: str, key: str) -> None:
    postgresql.sql(f"CREATE TABLE t (k {kind} PRIMARY KEY)", f"INSERT INTO t VALUES ('{key}')")
    source = postgresql.source(table="t", key=["k"])
    with closing(source):
        [row] = rows(source.read_keys([key]))
        assert str(row["k"]).lower() == key


def test_key_that_cannot_be_of_its_type_is_rejected(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (k int PRIMARY KEY)")
    source = postgresql.source(table="t", key=["k"])
    with closing(source), pytest.raises(Rejected, match="abc") as caught:
        list(source.read_keys(["abc"]))
    assert caught.value.code == "SA-2115"


def test_whole_pass_sees_one_moment(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (k int PRIMARY KEY)")
    postgresql.sql("INSERT INTO t SELECT generate_series(1, 20000)")
    source = postgresql.source(table="t", key=["k"], page_size=5000)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        postgresql.sql("UPDATE t SET k = -k WHERE k > 10000")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 20000


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (INSERT INTO t VALUES (1) RETURNING k) SELECT k FROM gone",
        "SELECT writes() AS k",
    ],
)
def test_query_that_writes_is_refused_by_the_server(postgresql: Database, query: str) -> None:
    postgresql.sql(
        "CREATE TABLE t (k int PRIMARY KEY)",
        "CREATE FUNCTION writes() RETURNS int AS 'INSERT INTO t VALUES (1) RETURNING k' "
        "LANGUAGE sql",
    )
    source = postgresql.source(query=query, key=["k"])
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2112"
    with closing(postgresql.opener()) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == 0


def test_wrong_password_is_not_retried_and_not_repeated_in_the_error(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql.sql(
        f"DROP ROLE IF EXISTS {STRICT_USER}", f"CREATE ROLE {STRICT_USER} LOGIN PASSWORD 'right'"
    )
    monkeypatch.setenv("TEST_PASSWORD", "wr;on}g")
    login = {"user": STRICT_USER, "password": "env:TEST_PASSWORD"}
    strict = replace(postgresql, connection=postgresql.connection | login)
    with pytest.raises(Misconfigured) as caught:
        list(strict.source(table="t", key=["k"]).read(""))
    assert caught.value.code == "SA-2101"
    assert "wr;on}g" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize("password", ["semi;colon", "br{a}ces}", "sp ace", "per%41cent+", "è€"])
def test_password_with_special_characters_gets_in(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    postgresql.sql(
        f"DROP ROLE IF EXISTS {STRICT_USER}",
        f"CREATE ROLE {STRICT_USER} LOGIN PASSWORD '{password}'",
    )
    monkeypatch.setenv("TEST_PASSWORD", password)
    login = {"user": STRICT_USER, "password": "env:TEST_PASSWORD"}
    strict = replace(postgresql, connection=postgresql.connection | login)
    source = strict.source(query="SELECT 1 AS k", key=["k"])
    with closing(source):
        assert rows(source.read("")) == [{"k": 1}]
    postgresql.sql(f"DROP ROLE {STRICT_USER}")


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"database": "no_such_database"}, Misconfigured, "SA-2101"),
        ({"port": 1}, Unavailable, "SA-2104"),
        ({"driver": "No Such Driver"}, Misconfigured, "SA-2102"),
    ],
)
def test_each_way_of_not_connecting_has_its_own_error(
    postgresql: Database, change: dict[str, Any], error: type[Exception], code: str
) -> None:
    broken = replace(postgresql, connection=postgresql.connection | change)
    with pytest.raises(error) as caught:
        list(broken.source(table="t", key=["k"]).read(""))
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert "\n" not in str(caught.value)


def test_table_without_permission_says_so(postgresql: Database) -> None:
    postgresql.sql(
        "CREATE TABLE t (k int PRIMARY KEY)",
        "DROP ROLE IF EXISTS nobody",
        "CREATE ROLE nobody LOGIN",
    )
    poor = replace(postgresql, connection=postgresql.connection | {"user": "nobody"})
    source = poor.source(table="t", key=["k"])
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2113"
    postgresql.sql("DROP ROLE nobody")


def test_statement_that_takes_too_long_is_ended(postgresql: Database) -> None:
    impatient = replace(postgresql, connection=postgresql.connection | {"query_timeout": "1s"})
    source = impatient.source(query="SELECT 1 AS k FROM pg_sleep(20)", key=["k"])
    with closing(source), pytest.raises(Unavailable) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2105"


def test_ansi_driver_is_refused_by_the_canary(postgresql: Database) -> None:
    ansi = Path(postgresql.connection["driver"]).with_name("psqlodbca.so")
    spoiling = replace(postgresql, connection=postgresql.connection | {"driver": str(ansi)})
    with pytest.raises(Misconfigured) as caught:
        list(spoiling.source(query="SELECT 1 AS k", key=["k"]).read(""))
    assert caught.value.code == "SA-2106"


def test_type_that_changes_between_two_polls_is_noticed(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (k int PRIMARY KEY, v date)", "INSERT INTO t VALUES (1, now())")

    def poll(cursor: str) -> str:
        source = postgresql.source(table="t", key=["k"], cursor={"columns": ["v"]})
        with closing(source):
            return [batch.cursor for batch in source.read(cursor)][-1]

    cursor = poll("")
    postgresql.sql(
        "ALTER TABLE t ALTER v TYPE timestamp", "UPDATE t SET v = '2026-11-21 10:00:00.000001'"
    )
    assert "2026-11-21 10:00:00.000001" in poll(poll(cursor))


def test_poll_that_is_not_read_to_its_end_leaves_no_transaction_open(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (k int PRIMARY KEY, v int)")
    postgresql.sql("INSERT INTO t SELECT g, 0 FROM generate_series(1, 20000) g")
    options = {"table": "t", "key": ["k"], "cursor": {"columns": ["v"]}, "page_size": 100}
    with closing(postgresql.source(**options)) as source:
        cursor = [batch.cursor for batch in source.read("")][-1]
    with closing(postgresql.source(**options)) as source:
        reading = source.read(cursor)
        assert len(next(reading).rows) == 100
        reading.close()
        with closing(postgresql.source(query=IN_TRANSACTION, key=["pid"])) as other:
            assert rows(other.read("")) == []


def test_connection_that_broke_while_nobody_used_it_is_replaced(postgresql: Database) -> None:
    for _ in range(2):
        source = postgresql.source(query="SELECT 1 AS k", key=["k"])
        with closing(source):
            assert rows(source.read("")) == [{"k": 1}]
        postgresql.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connection_that_breaks_in_a_pass_is_unavailable(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (k int PRIMARY KEY, v text)")
    postgresql.sql("INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 50000) g")
    source = postgresql.source(table="t", key=["k"], page_size=100)
    with closing(source):
        reading = source.read("")
        next(reading)
        postgresql.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with pytest.raises(Unavailable):
            list(reading)
