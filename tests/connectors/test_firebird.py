"""Firebird over its native client: values to the last digit, texts without a character set."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from firebird.driver import connect

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._sql_large import LARGEST
from tests.connectors.databases import Database, rows
from tests.peers import process
from tests.peers.firebird import Firebird

pytestmark = pytest.mark.xdist_group("firebird")


def values(database: Database, kind: str, *literals: str) -> list[Any]:
    """The literals, stored in a column of that type and read back."""
    database.sql(f"CREATE TABLE v (id INTEGER NOT NULL PRIMARY KEY, v {kind})")
    for number, literal in enumerate(literals):
        database.sql(f"INSERT INTO v VALUES ({number}, {literal})")
    source = database.source(table="v", key=["id"])
    with closing(source):
        return [row["v"] for row in rows(source.read(""))]


def insert_bytes(peer: Firebird, text: bytes, statement: str) -> None:
    """As an old program does that knows of no character sets."""
    connection = connect(peer.address, user=peer.user, password=peer.password, charset="NONE")
    with closing(connection):
        connection.cursor().execute(statement, (text,)).close()
        connection.commit()


def test_numbers_are_exact(firebird: Database) -> None:
    literals = ["0.1000", "12345678901234.5678", "-0.0050", "NULL"]
    assert values(firebird, "NUMERIC(18,4)", *literals) == [
        Decimal("0.1000"),
        Decimal("12345678901234.5678"),
        Decimal("-0.0050"),
        None,
    ]


def test_stamps_keep_their_tenth_of_a_millisecond(firebird: Database) -> None:
    assert values(firebird, "TIMESTAMP", "'2026-11-21 10:00:00.1234'", "'0001-01-01'") == [
        "2026-11-21 10:00:00.1234",
        "0001-01-01 00:00:00.0000",
    ]


@pytest.mark.parametrize(
    ("kind", "literal", "value"),
    [
        ("DATE", "'2026-11-21'", "2026-11-21"),
        ("TIME", "'10:00:00.1234'", "10:00:00.1234"),
        ("CHAR(10)", "' AB'", " AB"),
        ("VARCHAR(10)", "'AB  '", "AB  "),
        ("VARCHAR(10) CHARACTER SET WIN1252", "'è€ò'", "è€ò"),
        ("CHAR(4) CHARACTER SET OCTETS", "x'00FF'", b"\x00\xff\x00\x00"),
        ("BLOB SUB_TYPE TEXT CHARACTER SET WIN1252", "'è€ò'", "è€ò"),
        ("BLOB", "x'00FF'", b"\x00\xff"),
        ("BOOLEAN", "TRUE", True),
        ("BIGINT", "9223372036854775807", 9223372036854775807),
        ("DOUBLE PRECISION", "0.1", 0.1),
    ],
)
def test_every_type_arrives_whole(
    firebird: Database, kind: str, literal: str, value: object
) -> None:
    assert values(firebird, kind, literal) == [value]


def test_decimals_of_sql_dialect_1_are_rounded_to_their_declared_digits(
    firebird: Database, firebird_server: Firebird
) -> None:
    old = firebird_server.with_old_database(
        "CREATE TABLE T (ID INTEGER NOT NULL PRIMARY KEY, PRICE NUMERIC(15,2), CHANGED DATE)",
        "INSERT INTO T VALUES (1, 39.57, '2026-11-21 10:00:00')",
        "INSERT INTO T VALUES (2, 1234567890123.45, '2026-11-21 11:00:00')",
        "INSERT INTO T VALUES (3, 9.95, NULL)",
    )
    there = replace(firebird, connection=firebird.connection | {"database": old.database})
    options = {"table": "t", "key": ["price"], "cursor": {"columns": ["price"], "overlap": "0"}}
    with closing(there.source(**options)) as source:
        batches = list(source.read(""))
        assert [row["price"] for row in rows(iter(batches))] == [
            Decimal("9.95"),
            Decimal("39.57"),
            Decimal("1234567890123.45"),
        ]
        assert [row["id"] for row in rows(source.read_keys(["39.57"]))] == [1]
        assert [row["id"] for row in rows(source.read(batches[-1].cursor))] == [2]


def test_table_written_in_small_letters_is_told_in_its_capitals(firebird: Database) -> None:
    firebird.sql("CREATE TABLE articoli (k INTEGER NOT NULL PRIMARY KEY)")
    as_written = Database(firebird.kind, firebird.connection, firebird.opener)
    source = as_written.source(table="articoli", key=["k"])
    with closing(source), pytest.raises(Misconfigured, match="did you mean 'ARTICOLI'"):
        list(source.read(""))


def test_long_text_comes_whole(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, note BLOB SUB_TYPE TEXT)")
    firebird.many("INSERT INTO t VALUES (?, ?)", [(1, "è€" * 100_000)])
    source = firebird.source(table="t", key=["id"])
    with closing(source):
        [row] = rows(source.read(""))
    assert row["note"] == "è€" * 100_000


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("BLOB SUB_TYPE TEXT", "x"),
        ("BLOB SUB_TYPE TEXT CHARACTER SET NONE", "x"),
        ("BLOB", b"x"),
    ],
)
def test_row_with_too_large_a_blob_is_refused_alone(
    firebird: Database, kind: str, piece: str | bytes
) -> None:
    firebird.sql(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, note {kind})")
    stored = [(1, piece * LARGEST), (2, piece * (LARGEST + 9)), (3, None)]
    firebird.many("INSERT INTO t VALUES (?, ?)", stored)
    with closing(firebird.source(table="t", key=["id"])) as source:
        [batch] = source.read("")
    assert [(row[0], row[1] and len(row[1])) for row in batch.rows] == [
        (1, LARGEST),
        (2, LARGEST + 1),
        (3, None),
    ]
    assert batch.fill
    assert [batch.fill(batch.rows[at]) for at in (0, 2)] == [batch.rows[0], batch.rows[2]]
    with pytest.raises(Rejected, match="the column NOTE") as caught:
        batch.fill(batch.rows[1])
    assert caught.value.code == "SA-2118"


def test_letters_count_not_their_bytes(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, note BLOB SUB_TYPE TEXT)")
    firebird.many("INSERT INTO t VALUES (?, ?)", [(1, "è" * (LARGEST // 2 + 9))])
    with closing(firebird.source(table="t", key=["id"])) as source:
        [batch] = source.read("")
    assert batch.fill is None
    assert batch.rows[0][1] == "è" * (LARGEST // 2 + 9)


def test_parent_of_a_child_with_too_large_a_blob_is_refused(firebird: Database) -> None:
    firebird.sql(
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)",
        "CREATE TABLE c (t INTEGER NOT NULL, note BLOB SUB_TYPE TEXT)",
        "INSERT INTO t VALUES (1)",
        "INSERT INTO t VALUES (2)",
    )
    firebird.many("INSERT INTO c VALUES (?, ?)", [(1, "x"), (2, "x" * (LARGEST + 1))])
    children = {"notes": {"table": "c", "parent": ["t"]}}
    with closing(firebird.source(table="t", key=["id"], children=children)) as source:
        [batch] = source.read("")
    assert batch.fill
    assert batch.fill(batch.rows[0]) == batch.rows[0]
    with pytest.raises(Rejected, match=r"the column notes\.NOTE"):
        batch.fill(batch.rows[1])


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("NUMERIC(12,2)", "39.50"),
        ("TIMESTAMP", "2026-11-21 10:00:00.1234"),
        ("DATE", "2026-11-21"),
        ("CHAR(10)", "AB"),
        ("BIGINT", "9007199254740993"),
        ("VARCHAR(200)", "è€😀" * 60),
    ],
)
def test_key_of_any_type_is_found_again(firebird: Database, kind: str, key: str) -> None:
    firebird.sql(
        f"CREATE TABLE t (k {kind} NOT NULL PRIMARY KEY)", f"INSERT INTO t VALUES ('{key}')"
    )
    source = firebird.source(table="t", key=["k"])
    with closing(source):
        assert [str(row["k"]) for row in rows(source.read_keys([key]))] == [key]


def test_key_longer_than_its_column_is_no_row(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (k VARCHAR(3) NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES ('A')")
    source = firebird.source(table="t", key=["k"])
    with closing(source):
        assert [row["k"] for row in rows(source.read_keys(["ABCD", "A"]))] == ["A"]


def test_key_that_is_no_number_is_refused_alone(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)")
    source = firebird.source(table="t", key=["k"])
    with closing(source), pytest.raises(Rejected) as caught:
        list(source.read_keys(["abc"]))
    assert caught.value.code == "SA-2115"


def test_text_without_a_character_set_is_read_in_the_declared_one(
    firebird: Database, firebird_database: Firebird
) -> None:
    firebird.sql(
        "CREATE TABLE t (k CHAR(9) CHARACTER SET NONE NOT NULL PRIMARY KEY, "
        "b BLOB SUB_TYPE TEXT CHARACTER SET NONE)"
    )
    insert_bytes(firebird_database, b"caff\xe8", "INSERT INTO t (k) VALUES (?)")
    insert_bytes(firebird_database, b"\x80uro", "UPDATE t SET b = ?")
    declared = replace(firebird, connection=firebird.connection | {"none_charset": "WIN1252"})
    source = declared.source(table="t", key=["k"])
    with closing(source):
        assert rows(source.read("")) == [{"k": "caffè", "b": "€uro"}]
        assert len(rows(source.read_keys(["caffè"]))) == 1


def test_undeclared_text_that_is_no_utf8_halts_with_what_to_set(
    firebird: Database, firebird_database: Firebird
) -> None:
    firebird.sql("CREATE TABLE t (k VARCHAR(9) CHARACTER SET NONE NOT NULL PRIMARY KEY)")
    insert_bytes(firebird_database, b"caff\xe8", "INSERT INTO t (k) VALUES (?)")
    source = firebird.source(table="t", key=["k"])
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2213"
    assert "none_charset" in caught.value.hint


def test_pass_sees_one_moment_and_keeps_no_writer_waiting(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)")
    firebird.many("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
    source = firebird.source(table="t", key=["k"], page_size=10)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        firebird.sql("DELETE FROM t WHERE k > 50")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 100


def test_user_without_rights_sees_every_open_writer_and_no_reader_of_its_own(
    firebird: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    firebird.sql(
        "CREATE TABLE t (sku VARCHAR(9) NOT NULL PRIMARY KEY, changed INTEGER)",
        "INSERT INTO t VALUES ('A', 10)",
        "CREATE OR ALTER USER poor PASSWORD 'poor'",
        "GRANT SELECT ON t TO poor",
    )
    monkeypatch.setenv("TEST_FIREBIRD_PASSWORD", "poor")
    poor = replace(firebird, connection=firebird.connection | {"user": "poor"})
    options = {"table": "t", "key": ["sku"], "cursor": {"columns": ["changed"], "overlap": "0"}}
    with closing(firebird.opener()) as late, closing(poor.source(**options)) as other:
        late.execute("BEGIN").close()
        late.execute("INSERT INTO t VALUES ('LATE', 5)").close()
        next(reading := other.read(""))
        with closing(poor.source(**options)) as source:
            running = source.session.dialect.open_transactions(source.session)
        reading.close()  # type: ignore[attr-defined]  # every `read` is a generator
    assert running is not None
    assert len(running) == 1


def test_hundreds_of_open_transactions_are_all_seen(
    firebird: Database, firebird_database: Firebird
) -> None:
    peer = firebird_database
    source = firebird.source(table="RDB$DATABASE", key=["RDB$RELATION_ID"])
    busy = connect(peer.address, user=peer.user, password=peer.password, charset="UTF8")
    with closing(busy), closing(source):
        for _ in range(300):
            busy.transaction_manager().begin()
        running = source.session.dialect.open_transactions(source.session)
        assert running is not None
        assert len(running) == 300
        for transaction in busy.transactions:
            transaction.close()


def test_missing_driver_is_named_with_the_command_that_installs_it(
    firebird: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("attachment", "connecting", "failures"):
        monkeypatch.delitem(sys.modules, f"connectors.firebird.{name}", raising=False)
        monkeypatch.delattr(f"connectors.firebird.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "firebird.driver", None)
    source = firebird.source(table="t", key=["k"])
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2211"
    assert "syncagent[firebird]" in caught.value.hint


def test_refused_login_halts(firebird: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_FIREBIRD_PASSWORD", "wrong horse")
    with (
        closing(firebird.source(table="t", key=["k"])) as source,
        pytest.raises(Misconfigured) as caught,
    ):
        list(source.read(""))
    assert caught.value.code == "SA-2101"
    assert "wrong horse" not in str(caught.value)


def test_table_that_the_user_may_not_read_halts(
    firebird: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    firebird.sql(
        "CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)",
        "CREATE OR ALTER USER nobody PASSWORD 'nobody'",
    )
    monkeypatch.setenv("TEST_FIREBIRD_PASSWORD", "nobody")
    nobody = replace(firebird, connection=firebird.connection | {"user": "nobody"})
    with (
        closing(nobody.source(table="t", key=["k"])) as source,
        pytest.raises(Misconfigured) as caught,
    ):
        list(source.read(""))
    assert caught.value.code == "SA-2113"


def test_database_that_is_not_there_halts(firebird: Database) -> None:
    lost = replace(firebird, connection=firebird.connection | {"database": "/no/such.fdb"})
    with (
        closing(lost.source(table="t", key=["k"])) as source,
        pytest.raises(Misconfigured) as caught,
    ):
        list(source.read(""))
    assert caught.value.code == "SA-2212"


def test_server_that_does_not_answer_is_tried_again(firebird: Database) -> None:
    away = replace(firebird, connection=firebird.connection | {"port": process.free_port()})
    with closing(away.source(table="t", key=["k"])) as source, pytest.raises(Unavailable) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2104"


def test_connection_that_the_administrator_ends_is_tried_again(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)")
    firebird.many("INSERT INTO t VALUES (?)", [(number,) for number in range(20_000)])
    source = firebird.source(table="t", key=["k"], page_size=10)
    with closing(source):
        reading = source.read("")
        next(reading)
        firebird.sql(
            "DELETE FROM MON$ATTACHMENTS WHERE MON$ATTACHMENT_ID <> CURRENT_CONNECTION "
            "AND MON$SYSTEM_FLAG = 0"
        )
        with pytest.raises(Unavailable) as caught:
            list(reading)
    assert caught.value.code == "SA-2104"
