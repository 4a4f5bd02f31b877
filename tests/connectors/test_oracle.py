"""Oracle: what H2 executes in its Oracle mode, what it cannot as text, the driver on real sockets.

With `SYNCAGENT_TEST_ORACLE` (see tests/peers/oracle.py) the fixture `oracle` is a real server.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import oracledb
import pytest
from pydantic import ValidationError

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql import SqlOptions
from connectors._sql_dialect import Column
from connectors._sql_large import LARGEST, STAND_IN
from connectors._sql_oracle import AT_CONNECT, OracleDialect
from connectors._sql_session import Session
from connectors._sql_table import Table
from connectors.oracle import KIND, OracleConnection
from connectors.oracle.connecting import exactly, numbered, type_word
from connectors.oracle.failures import explain
from tests.connectors.databases import Database, rows
from tests.connectors.oracle_on_h2 import on_h2
from tests.connectors.test_sql_contract import SqlBench
from tests.contract.source_suite import SourceSuite
from tests.peers import h2, process

on_one_machine = pytest.mark.xdist_group("h2")


# What H2 executes


@on_one_machine
class TestOracle11(SourceSuite):
    """Before Oracle 12 ROWNUM takes the place of FETCH NEXT."""

    @pytest.fixture
    def bench(self) -> Iterator[SqlBench]:
        with h2.running("Oracle") as peer:
            yield SqlBench(on_h2(peer, release=11))


@on_one_machine
@pytest.mark.parametrize(
    ("kind", "literal", "value"),
    [
        ("NUMBER(12,4)", "39.5", Decimal("39.5")),
        ("NUMBER(18)", "123456789012345678", 123456789012345678),
        ("NUMBER", "0.1", Decimal("0.1")),
        ("DATE", "TIMESTAMP '2026-11-21 10:00:00'", "2026-11-21 10:00:00"),
        ("CHAR(10)", "' AB'", " AB"),
        ("VARCHAR2(10)", "'AB  '", "AB  "),
        ("VARCHAR2(10)", "''", None),
        ("CLOB", "'è€'", "è€"),
        ("RAW(10)", "HEXTORAW('00FF')", b"\x00\xff"),
    ],
)
def test_every_type_arrives_whole(oracle: Database, kind: str, literal: str, value: object) -> None:
    oracle.sql(f"CREATE TABLE t (id NUMBER(9) PRIMARY KEY, v {kind})")
    oracle.sql(f"INSERT INTO t VALUES (1, {literal})", "INSERT INTO t VALUES (2, NULL)")
    source = oracle.source(table="t", key=["id"])
    with closing(source):
        assert [row["v"] for row in rows(source.read(""))] == [value, None]


@on_one_machine
def test_row_with_too_large_a_text_is_refused_alone(oracle: Database) -> None:
    oracle.sql(
        "CREATE TABLE t (id NUMBER(9) PRIMARY KEY, note CLOB)",
        f"INSERT INTO t VALUES (1, RPAD('x', {LARGEST}, 'x'))",
        f"INSERT INTO t VALUES (2, RPAD('x', {LARGEST + 9}, 'x'))",
    )
    with closing(oracle.source(table="t", key=["id"])) as source:
        [batch] = source.read("")
    assert [len(row[1]) for row in batch.rows] == [LARGEST, LARGEST + 1]
    assert batch.fill
    assert batch.fill(batch.rows[0]) == batch.rows[0]
    with pytest.raises(Rejected, match="the column NOTE") as caught:
        batch.fill(batch.rows[1])
    assert caught.value.code == "SA-2118"


@on_one_machine
def test_stamp_keeps_all_its_digits(oracle: Database) -> None:
    oracle.sql(
        "CREATE TABLE t (k TIMESTAMP(9) PRIMARY KEY)",
        "INSERT INTO t VALUES (TIMESTAMP '2026-11-21 10:00:00.123456789')",
    )
    source = oracle.source(table="t", key=["k"])
    with closing(source):
        assert [row["k"] for row in rows(source.read(""))] == ["2026-11-21 10:00:00.123456789"]


@on_one_machine
@pytest.mark.parametrize(
    ("kind", "literal", "key"),
    [
        ("CHAR(10)", "'AB'", "AB"),
        ("VARCHAR2(10)", "'O''Brien'", "O'Brien"),
        ("NUMBER(12,2)", "39.50", "39.5"),
        ("DATE", "TIMESTAMP '2026-11-21 10:00:00'", "2026-11-21 10:00:00"),
        ("DATE", "TIMESTAMP '2026-11-21 10:00:00'", "2026-11-21T10:00:00Z"),
        ("TIMESTAMP(6)", "TIMESTAMP '2026-11-21 10:00:00'", "2026-11-21 10:00:00"),
        ("TIMESTAMP(6)", "TIMESTAMP '2026-11-21 10:00:00.25'", "2026-11-21T10:00:00.25"),
        ("RAW(10)", "HEXTORAW('00FF')", "00FF"),
    ],
)
def test_key_of_any_type_is_found_again(
    oracle: Database, kind: str, literal: str, key: str
) -> None:
    oracle.sql(f"CREATE TABLE t (k {kind} PRIMARY KEY)", f"INSERT INTO t VALUES ({literal})")
    source = oracle.source(table="t", key=["k"])
    with closing(source):
        assert len(rows(source.read_keys([key]))) == 1


@on_one_machine
def test_key_that_is_no_number_is_refused_before_it_is_asked_for(oracle: Database) -> None:
    oracle.sql("CREATE TABLE t (k NUMBER(9) PRIMARY KEY)")
    source = oracle.source(table="t", key=["k"])
    with closing(source), pytest.raises(Rejected, match="'abc' is no value of K") as caught:
        list(source.read_keys(["abc"]))
    assert caught.value.code == "SA-2115"


@on_one_machine
@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP(6)"])
def test_stamps_are_followed_with_an_overlap_of_five_minutes(oracle: Database, kind: str) -> None:
    oracle.sql(f"CREATE TABLE t (sku VARCHAR2(9) PRIMARY KEY, changed {kind})")
    for sku, clock in [("OLD", "09:50:00"), ("NEAR", "09:56:00"), ("NEW", "10:00:00")]:
        oracle.sql(f"INSERT INTO t VALUES ('{sku}', TIMESTAMP '2026-11-21 {clock}')")
    oracle.sql("INSERT INTO t VALUES ('FUTURE', TIMESTAMP '2999-01-01 00:00:00')")
    options = {"table": "t", "key": ["sku"], "cursor": {"columns": ["changed"]}}
    with closing(oracle.source(**options)) as source:
        cursor = list(source.read(""))[-1].cursor
    with closing(oracle.source(**options)) as source:
        seen = [row["sku"] for row in rows(source.read(cursor))]
    assert sorted(seen) == ["FUTURE", "NEAR", "NEW"]


@pytest.fixture
def numbered_blocks() -> Iterator[Database]:
    """H2 has no change numbers; a column of that name shows what is asked of them."""
    with h2.running("Oracle") as peer:
        database = on_h2(peer)
        database.sql("CREATE TABLE t (sku VARCHAR2(9) PRIMARY KEY, ora_rowscn NUMBER(18))")
        yield database


@on_one_machine
def test_change_number_of_the_block_finds_the_row_that_was_committed_late(
    numbered_blocks: Database,
) -> None:
    """A neighbour in the block shows the same number: read too, and dropped by its digest."""
    numbered_blocks.many("INSERT INTO t VALUES (?, ?)", [("A", 100), ("B", 100), ("C", 200)])
    options = {"table": "t", "key": ["sku"], "cursor": {"columns": ["ORA_ROWSCN"]}}
    with closing(numbered_blocks.source(**options)) as source:
        cursor = list(source.read(""))[-1].cursor
    numbered_blocks.sql("UPDATE t SET ora_rowscn = 300 WHERE sku IN ('A', 'B')")
    with closing(numbered_blocks.source(**options)) as source:
        found = rows(source.read(cursor))
    assert found == [{"sku": "C"}, {"sku": "A"}, {"sku": "B"}]


# What H2 cannot execute, as text


class Described:
    """A connection that tells columns and runs nothing."""

    def __init__(self, *columns: tuple[str, str, bool]) -> None:
        self.description = columns

    def execute(self, _sql: str, _parameters: Sequence[Any] = ()) -> Described:
        return self

    def fetchone(self) -> None:
        return None

    def fetchmany(self, _size: int, /) -> list[Any]:
        return []

    def fetchall(self) -> list[Any]:
        return []

    def close(self) -> None:
        pass


class Ended(Described):
    """A connection that its server ended."""

    def execute(self, _sql: str, _parameters: Sequence[Any] = ()) -> Described:
        raise oracledb.DatabaseError("DPY-4011: the database or network closed the connection")


def table(release: int, *columns: tuple[str, str, bool]) -> Table:
    dialect = OracleDialect()
    dialect.release = release
    session = Session(Described(*columns), dialect, oracledb.Error, _unexplained)
    options = SqlOptions(table="GEST.ARTICOLI", key=("COD",))
    return Table(session, options, chosen=(), needed=("COD",))


def _unexplained(error: Exception) -> SyncError:
    raise error


def _away(error: Exception) -> SyncError:
    return Unavailable("SA-2104", str(error))


ARTICLE = ("COD", "VARCHAR2", False)
NEWEST = 'SELECT p."COD" FROM "GEST"."ARTICOLI" p ORDER BY p.ORA_ROWSCN DESC'


@pytest.mark.parametrize(
    ("release", "statement"),
    [
        (19, f"{NEWEST} FETCH NEXT 1 ROWS ONLY"),
        (11, f"SELECT * FROM ({NEWEST}) WHERE ROWNUM <= 1"),
    ],
)
def test_newest_row_is_asked_for_in_the_servers_own_words(release: int, statement: str) -> None:
    articles = table(release, ARTICLE)
    order = [f"{articles.sql('ORA_ROWSCN')} DESC"]
    assert articles.select(articles.values(), order=order, rows=1).text == statement


@pytest.mark.parametrize(
    ("kind", "read", "bound", "parameter"),
    [
        (
            "TIMESTAMP WITH TIME ZONE",
            """TO_CHAR(SYS_EXTRACT_UTC(p."X"), 'YYYY-MM-DD HH24:MI:SS.FF"Z"')""",
            "FROM_TZ(TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF'), 'UTC')",
            "2026-11-21 10:00:00.5",
        ),
        (
            "TIMESTAMP WITH LOCAL TIME ZONE",
            """TO_CHAR(p."X", 'YYYY-MM-DD HH24:MI:SS.FF"Z"')""",
            "FROM_TZ(TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF'), 'UTC')",
            "2026-11-21 10:00:00.5",
        ),
    ],
)
def test_zoned_stamps_are_read_and_compared_in_utc(
    kind: str, read: str, bound: str, parameter: str
) -> None:
    dialect, column = OracleDialect(), Column("X", kind)
    assert dialect.value(column, 'p."X"') == read
    assert dialect.bound(column) == bound
    assert dialect.parameter(column, "2026-11-21 10:00:00.5Z") == parameter


def test_session_depends_on_no_language_calendar_or_zone() -> None:
    settings = " ".join(AT_CONNECT)
    for name in (
        "NLS_NUMERIC_CHARACTERS",
        "NLS_DATE_FORMAT",
        "NLS_TIMESTAMP_FORMAT",
        "NLS_CALENDAR",
        "NLS_SORT",
        "NLS_COMP",
        "TIME_ZONE",
    ):
        assert f"{name} = '" in settings


# The driver


def test_question_marks_become_numbers_except_in_texts_names_and_comments() -> None:
    opaque = """SELECT "a?", 'è ? o''?', b FROM t -- ?\n/* ? */ WHERE"""
    assert numbered(f"{opaque} c = ? AND d > CAST(? AS CHAR(9))") == (
        f"{opaque} c = :1 AND d > CAST(:2 AS CHAR(9))"
    )


def test_bytes_that_are_too_large_stay_in_the_database() -> None:
    """H2 knows neither function; `STAND_IN` is what gets a row refused."""
    stand_in = f"TO_BLOB(HEXTORAW('{STAND_IN.encode().hex()}'))"
    column, dialect = Column("FOTO", "BLOB"), OracleDialect()
    assert dialect.large(column)
    assert dialect.value(column, 'p."FOTO"') == (
        f'CASE WHEN DBMS_LOB.GETLENGTH(p."FOTO") > {LARGEST} THEN {stand_in} ELSE p."FOTO" END'
    )


def test_types_are_named_as_oracle_names_them() -> None:
    assert type_word(oracledb.DB_TYPE_VARCHAR.name) == "VARCHAR2"
    assert type_word(oracledb.DB_TYPE_DATE.name) == "DATE"
    assert type_word(oracledb.DB_TYPE_TIMESTAMP_TZ.name) == "TIMESTAMP WITH TIME ZONE"
    assert type_word(oracledb.DB_TYPE_TIMESTAMP_LTZ.name) == "TIMESTAMP WITH LOCAL TIME ZONE"


class Fetching:
    """A cursor that tells how it was asked to fetch."""

    arraysize = 7

    def var(self, kind: object, *, arraysize: int) -> tuple[object, int]:
        return kind, arraysize


@pytest.mark.parametrize(
    ("kind", "precision", "scale", "fetched"),
    [
        (oracledb.DB_TYPE_NUMBER, 12, 4, Decimal),
        (oracledb.DB_TYPE_NUMBER, 9, 0, int),
        (oracledb.DB_TYPE_NUMBER, 0, -127, Decimal),
        (oracledb.DB_TYPE_CLOB, None, None, oracledb.DB_TYPE_LONG),
        (oracledb.DB_TYPE_BLOB, None, None, oracledb.DB_TYPE_LONG_RAW),
    ],
)
def test_numbers_are_fetched_exact_and_large_objects_whole(
    kind: oracledb.DbType, precision: int | None, scale: int | None, fetched: object
) -> None:
    column = SimpleNamespace(type_code=kind, precision=precision, scale=scale)
    assert exactly(Fetching(), column) == (fetched, 7)


def test_texts_are_fetched_as_the_driver_does() -> None:
    column = SimpleNamespace(type_code=oracledb.DB_TYPE_VARCHAR, precision=None, scale=None)
    assert exactly(Fetching(), column) is None


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (1017, Misconfigured, "SA-2101"),
        (28000, Misconfigured, "SA-2101"),
        (942, Misconfigured, "SA-2110"),
        (904, Misconfigured, "SA-2111"),
        (1031, Misconfigured, "SA-2113"),
        (1555, Unavailable, "SA-2223"),
        (3113, Unavailable, "SA-2104"),
        (1722, Rejected, "SA-2115"),
        (4031, Unavailable, "SA-2114"),
    ],
)
def test_errors_of_the_server_are_sorted_by_what_must_be_done(
    number: int, kind: type[SyncError], code: str
) -> None:
    from oracledb.errors import _Error  # noqa: PLC0415 - only the driver makes them otherwise

    said = _Error(f"ORA-{number:05}: the password hunter2 is of no use", code=number)
    explained = explain(said.exc_type(said), "db:1521", "hunter2")
    assert isinstance(explained, kind)
    assert explained.code == code
    assert "hunter2" not in explained.reason
    assert "http" not in explained.reason


def source_at(port: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TEST_ORACLE_PASSWORD", "hunter2")
    connection = OracleConnection.model_validate(
        {
            "server": "127.0.0.1",
            "port": port,
            "service": "erp",
            "user": "reader",
            "password": "env:TEST_ORACLE_PASSWORD",
        }
    )
    assert KIND.source
    return KIND.source(connection, KIND.source_options.model_validate({"table": "T", "key": ["K"]}))


def test_listener_that_is_not_there_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        closing(source_at(process.free_port(), monkeypatch)) as source,
        pytest.raises(Unavailable) as caught,
    ):
        list(source.read(""))
    assert caught.value.code == "SA-2104"


def test_session_of_one_run_serves_the_next_with_the_same_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = process.free_port()
    session = Session(Described(), OracleDialect(), oracledb.Error, _unexplained)
    first = source_at(port, monkeypatch)
    first.session = session
    first.close()
    with closing(source_at(port, monkeypatch)) as second:
        assert second.session is session
    with closing(source_at(process.free_port(), monkeypatch)) as other, pytest.raises(Unavailable):
        _ = other.session


def test_session_that_no_longer_answers_is_replaced_by_a_login(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = process.free_port()
    session = Session(Ended(), OracleDialect(), oracledb.Error, _away)
    first = source_at(port, monkeypatch)
    first.session = session
    first.close()
    with (
        closing(source_at(port, monkeypatch)) as second,
        pytest.raises(Unavailable, match=f"127.0.0.1:{port}"),
    ):
        _ = second.session


@contextmanager
def listener(refusal: bytes) -> Iterator[int]:
    """A listener that answers every call with a refusal, as Oracle's does."""
    packet = b"\x22\x00" + len(refusal).to_bytes(2, "big") + refusal
    header = (len(packet) + 8).to_bytes(2, "big") + b"\x00\x00\x04\x00\x00\x00"

    def answer() -> None:
        caller, _ = server.accept()
        with caller:
            caller.recv(8192)
            caller.sendall(header + packet)
            caller.recv(8192)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        answering = threading.Thread(target=answer)
        answering.start()
        yield server.getsockname()[1]
        answering.join()


def test_service_that_the_listener_does_not_know_yet_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        listener(b"(DESCRIPTION=(ERR=12514)(VSNNUM=318767104))") as port,
        closing(source_at(port, monkeypatch)) as source,
        pytest.raises(Unavailable, match="erp") as caught,
    ):
        list(source.read(""))
    assert caught.value.code == "SA-2104"


def test_missing_driver_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "connectors.oracle.connecting")
    monkeypatch.delattr("connectors.oracle.connecting")
    monkeypatch.setitem(sys.modules, "oracledb", None)
    with closing(source_at(1, monkeypatch)) as source, pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2221"
    assert "syncagent[oracle]" in caught.value.hint


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"server": "db"},
        {"server": "db", "service": "a", "sid": "b"},
        {"server": "db", "service": "a", "dsn": "db/a"},
    ],
)
def test_exactly_one_way_to_the_database_is_given(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="give either"):
        OracleConnection.model_validate({"user": "u", "password": "env:X", **given})
