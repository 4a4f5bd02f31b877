"""SQL Server behind FreeTDS: every type arrives right or as text, every error as what it is."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._sql_large import LARGEST
from tests.connectors.databases import rows
from tests.connectors.on_sqlserver import SqlServerDatabase
from tests.peers.sqlserver import SqlServer
from tests.peers.tds.wire import PRELOGIN, UNSUPPORTED, Hangup, Wire, prelogin

pytestmark = [pytest.mark.sqlserver, pytest.mark.xdist_group("postgresql")]


@pytest.fixture
def server(sqlserver_database: SqlServerDatabase) -> SqlServerDatabase:
    return sqlserver_database


def on_the_stand_in(server: SqlServer) -> None:
    if server.behind is None:
        pytest.skip("asks the stand-in for what a real server does by itself")


def values(server: SqlServerDatabase, kind: str, *literals: str) -> list[Any]:
    """The literals, stored in a column of that type and read back."""
    server.sql(f"CREATE TABLE v (id int PRIMARY KEY, v {kind})")
    for number, literal in enumerate(literals):
        server.sql(f"INSERT INTO v VALUES ({number}, {literal})")
    source = server.source(table="v", key=["id"])
    with closing(source):
        return [row["v"] for row in rows(source.read(""))]


@pytest.mark.parametrize(
    ("kind", "literals", "expected"),
    [
        ("int", ["-2147483648", "NULL"], [-2147483648, None]),
        ("bigint", ["9007199254740993"], [9007199254740993]),
        ("tinyint", ["255"], [255]),
        ("bit", ["1", "0", "NULL"], [True, False, None]),
        ("decimal(28, 9)", ["1234567890123456789.123456789"], ["1234567890123456789.123456789"]),
        ("decimal(9, 2)", ["-0.50"], ["-0.50"]),
        ("money", ["922337203685477.5807", "-0.0001"], ["922337203685477.5807", "-0.0001"]),
        ("smallmoney", ["39.5"], ["39.5000"]),
        ("float", ["0.1", "123456789.123"], [0.1, 123456789.123]),
        ("nvarchar(9)", ["N'è€😀'", "N''", "NULL"], ["è€😀", "", None]),
        ("varchar(9)", ["'Caffè €'"], ["Caffè €"]),
        ("nchar(10)", ["N'AB'", "N''"], ["AB", ""]),
        ("nvarchar(max)", ["REPLICATE(CAST(N'è€' AS nvarchar(max)), 40000)"], ["è€" * 40000]),
        ("varbinary(max)", ["0x00FF10"], [b"\x00\xff\x10"]),
        ("date", ["'2026-11-21'", "'0001-01-01'"], ["2026-11-21", "0001-01-01"]),
        ("time", ["'10:00:00.123456'"], ["10:00:00.1234560"]),
        ("datetime", ["'2026-11-21T10:00:00.123'"], ["2026-11-21 10:00:00.123"]),
        ("smalldatetime", ["'2026-11-21T10:00:00'"], ["2026-11-21 10:00:00"]),
        ("datetime2", ["'9999-12-31 23:59:59.999999'"], ["9999-12-31 23:59:59.9999990"]),
        ("datetimeoffset", ["'2026-11-21 10:00:00.5 +02:00'"], ["2026-11-21 08:00:00.5000000Z"]),
        (
            "uniqueidentifier",
            ["'6F9619FF-8B86-D011-B42D-00C04FC964FF'"],
            ["6f9619ff-8b86-d011-b42d-00c04fc964ff"],
        ),
    ],
)
def test_each_type_arrives_without_loss(
    server: SqlServerDatabase, kind: str, literals: list[str], expected: list[Any]
) -> None:
    found = values(server, kind, *literals)
    if "decimal" in kind or "money" in kind:
        assert all(isinstance(value, Decimal) for value in found)
        expected = [Decimal(text) for text in expected]
    assert found == expected


@pytest.mark.parametrize("kind", ["nvarchar(max)", "varchar(max)", "varbinary(max)"])
def test_row_with_too_large_a_cell_is_refused_alone(server: SqlServerDatabase, kind: str) -> None:
    cell = f"CAST(REPLICATE(CAST('x' AS varchar(max)), {{}}) AS {kind})"
    small, large = cell.format(5), cell.format(LARGEST + 1)
    server.sql(
        f"CREATE TABLE v (id int PRIMARY KEY, v {kind})",
        f"INSERT INTO v VALUES (1, {small}), (2, {large}), (3, NULL)",
    )
    with closing(server.source(table="v", key=["id"])) as source:
        [batch] = source.read("")
    assert batch.fill
    assert [row[1] and len(row[1]) for row in (batch.rows[0], batch.rows[2])] == [5, None]
    assert [batch.fill(batch.rows[at]) for at in (0, 2)] == [batch.rows[0], batch.rows[2]]
    with pytest.raises(Rejected, match="the column v") as caught:
        batch.fill(batch.rows[1])
    assert caught.value.code == "SA-2118"


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("bigint", "9007199254740993"),
        ("decimal(12, 2)", "39.5"),
        ("money", "39.5"),
        ("date", "2026-11-21"),
        ("datetime", "2026-11-21 10:00:00.123"),
        ("datetime2", "2026-11-21 10:00:00.1234560"),
        ("datetimeoffset", "2026-11-21 08:00:00.1234560Z"),
        ("nvarchar(300)", "è" * 200),
        ("varchar(20)", "Caffè €"),
        ("nchar(10)", "AB"),
        ("uniqueidentifier", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("bit", "1"),
    ],
)
def test_key_of_each_type_is_found_by_its_text(
    server: SqlServerDatabase, kind: str, key: str
) -> None:
    stored = key.replace(" ", "T", 1) if kind == "datetime" else key
    server.sql(f"CREATE TABLE t (k {kind} PRIMARY KEY, v int)")
    server.sql(f"INSERT INTO t VALUES (N'{stored}', 7)")
    source = server.source(table="t", key=["k"])
    with closing(source):
        assert [row["v"] for row in rows(source.read_keys([key]))] == [7]


@pytest.mark.parametrize("kind", ["datetime", "datetime2", "datetimeoffset", "smalldatetime"])
def test_stamp_of_each_type_is_a_mark(server: SqlServerDatabase, kind: str) -> None:
    server.sql(
        f"CREATE TABLE t (k int PRIMARY KEY, changed {kind})",
        "INSERT INTO t VALUES (1, '2026-01-01T10:00:00'), (2, '2026-01-01T11:00:00')",
        "INSERT INTO t VALUES (3, '2999-01-01T10:00:00')",
    )
    options = {"table": "t", "key": ["k"], "cursor": {"columns": ["changed"], "overlap": "0"}}
    source = server.source(**options)
    with closing(source):
        *_, last = source.read("")
    source = server.source(**options)
    with closing(source):
        assert [row["k"] for row in rows(source.read(last.cursor))] == [2, 3]


def test_key_that_a_driver_would_cut_is_refused(server: SqlServerDatabase) -> None:
    server.sql("CREATE TABLE t (k nvarchar(max), v int)")
    server.sql("INSERT INTO t VALUES (REPLICATE(CAST(N'x' AS nvarchar(max)), 4000), 7)")
    source = server.source(table="t", key=["k"])
    with closing(source), pytest.raises(Rejected) as caught:
        list(source.read_keys(["x" * 4001]))
    assert caught.value.code == "SA-2115"


def test_key_that_cannot_be_of_its_type_is_rejected(server: SqlServerDatabase) -> None:
    server.sql("CREATE TABLE t (k int PRIMARY KEY)")
    source = server.source(table="t", key=["k"])
    with closing(source), pytest.raises(Rejected) as caught:
        list(source.read_keys(["abc"]))
    assert caught.value.code == "SA-2115"


def test_many_keys_of_many_columns_fit_one_statement(server: SqlServerDatabase) -> None:
    key = ["a", "b", "c", "d", "e"]
    server.sql(f"CREATE TABLE t ({', '.join(f'{name} int' for name in key)})")
    server.sql("INSERT INTO t VALUES (1, 2, 3, 4, 5)")
    source = server.source(table="t", key=key)
    with closing(source):
        keys = [f"{number}|2|3|4|5" for number in range(500)]
        assert len(rows(source.read_keys(keys))) == 1


def test_whole_pass_sees_one_moment(server: SqlServerDatabase) -> None:
    server.sql("CREATE TABLE t (k int PRIMARY KEY)")
    server.many("INSERT INTO t VALUES (?)", [(number,) for number in range(1, 301)])
    source = server.source(table="t", key=["k"], page_size=100)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        server.sql("UPDATE t SET k = -k WHERE k > 200")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 300


def test_wrong_password_is_not_retried_and_not_repeated_in_the_error(
    server: SqlServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_PASSWORD", "wr;on}g")
    login = {"user": "nobody_of_ours", "password": "env:TEST_PASSWORD"}
    strict = replace(server, connection=server.connection | login)
    with pytest.raises(Misconfigured) as caught:
        list(strict.source(table="t", key=["k"]).read(""))
    assert caught.value.code == "SA-2101"
    assert "wr;on}g" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"port": 1}, Unavailable, "SA-2104"),
        ({"driver": "No Such Driver"}, Misconfigured, "SA-2102"),
    ],
)
def test_each_way_of_not_connecting_has_its_own_error(
    server: SqlServerDatabase, change: dict[str, Any], error: type[Exception], code: str
) -> None:
    broken = replace(server, connection=server.connection | change)
    with pytest.raises(error) as caught:
        list(broken.source(table="t", key=["k"]).read(""))
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert "\n" not in str(caught.value)


def test_statement_that_takes_too_long_is_ended(
    server: SqlServerDatabase, sqlserver_server: SqlServer
) -> None:
    on_the_stand_in(sqlserver_server)
    impatient = replace(server, connection=server.connection | {"query_timeout": "1s"})
    source = impatient.source(query="SELECT 1 AS k FROM pg_sleep(20)", key=["k"])
    with closing(source), pytest.raises(Unavailable) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2105"


def test_connection_is_encrypted_where_the_configuration_does_not_say_no(
    server: SqlServerDatabase,
) -> None:
    change = {"encrypt": "yes", "trust_server_certificate": True}
    careful = replace(server, connection=server.connection | change)
    source = careful.source(query="SELECT N'è€' AS k", key=["k"])
    with closing(source):
        assert rows(source.read("")) == [{"k": "è€"}]


def test_password_is_not_sent_to_a_server_that_cannot_encrypt(server: SqlServerDatabase) -> None:
    heard: list[int] = []

    def answer_in_the_open(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(Hangup, ConnectionError):
            line = Wire(connection)
            heard.append(line.receive()[0])
            line.send(prelogin(UNSUPPORTED))
            heard.append(line.receive()[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer_in_the_open, args=[listener])
        answering.start()
        port = listener.getsockname()[1]
        change = {"encrypt": "yes", "trust_server_certificate": True, "port": port}
        careful = replace(server, connection=server.connection | change)
        with pytest.raises(Unavailable):
            list(careful.source(table="t", key=["k"]).read(""))
        answering.join()
    assert heard == [PRELOGIN]


def test_server_that_never_answers_the_login_is_unavailable(server: SqlServerDatabase) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        change = {"port": silent.getsockname()[1], "connect_timeout": "1s"}
        mute = replace(server, connection=server.connection | change)
        with pytest.raises(Unavailable) as caught:
            list(mute.source(table="t", key=["k"]).read(""))
    assert caught.value.code in {"SA-2104", "SA-2105"}


@pytest.mark.parametrize(
    ("number", "error", "code"),
    [
        (1205, Unavailable, "SA-2114"),  # a deadlock chose us
        (1222, Unavailable, "SA-2105"),  # a lock was waited for too long
        (596, Unavailable, "SA-2104"),  # an administrator ended the session
        (40613, Unavailable, "SA-2104"),  # Azure moves the database
        (229, Misconfigured, "SA-2113"),  # no SELECT permission
        (4060, Unavailable, "SA-2104"),  # the database recovers after a restart
        (102, Misconfigured, "SA-2112"),  # syntax
    ],
)
def test_errors_of_the_server_are_sorted_by_their_number(
    server: SqlServerDatabase,
    sqlserver_server: SqlServer,
    number: int,
    error: type[Exception],
    code: str,
) -> None:
    on_the_stand_in(sqlserver_server)
    source = server.source(query=f"SELECT sys.fail({number}) AS k", key=["k"])
    with closing(source), pytest.raises(error) as caught:
        list(source.read(""))
    assert caught.value.code == code  # type: ignore[attr-defined]


def test_query_that_the_server_does_not_understand_is_named(server: SqlServerDatabase) -> None:
    source = server.source(query="SELECT nothing FROM nowhere", key=["k"])
    with closing(source), pytest.raises(Misconfigured, match="nowhere") as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2110"
