"""IBM i over Mapepire: the same source as over ODBC, over web sockets and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import connectors
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors.mapepire import MapepireConnection
from connectors.mapepire.driver import MapepireError
from connectors.mapepire.failures import explain
from tests.connectors.on_derby import PASSWORD_VARIABLE, Library, LibraryBench
from tests.contract.source_suite import SourceSuite
from tests.peers import derby, mapepire, process
from tests.peers.derby import Derby
from tests.peers.mapepire import Mapepire
from tests.waiting import until

pytestmark = pytest.mark.xdist_group("derby")


@pytest.fixture
def server(derby_server: Derby, tmp_path: Path) -> Iterator[Mapepire]:
    with mapepire.running(derby_server, tmp_path) as peer:
        yield peer


@pytest.fixture
def library(derby_server: Derby, server: Mapepire, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv(PASSWORD_VARIABLE, derby.PASSWORD)
    connection = {
        "server": "127.0.0.1",
        "port": server.port,
        "user": derby.USER,
        "password": f"env:{PASSWORD_VARIABLE}",
        "ca_file": str(server.authority),
        "connect_timeout": "1m",
    }
    return Library(derby_server, connectors.load("mapepire"), connection)


class TestMapepire(SourceSuite):
    @pytest.fixture
    def bench(self, library: Library) -> LibraryBench:
        return LibraryBench(library)


@pytest.fixture
def prices(library: Library) -> Library:
    library.sql(
        "CREATE TABLE {lib}.PRICES (COD CHAR(8) NOT NULL PRIMARY KEY, PRICE DECIMAL(31,4), "
        "SEQ BIGINT, NOTE CHAR(4) FOR BIT DATA, FROM_DAY DATE, CHANGED TIMESTAMP)",
        "INSERT INTO {lib}.PRICES VALUES ('00123', 123456789012345678901234567.8901, "
        "9223372036854775807, X'C1C2C3C4', DATE('2026-11-21'), "
        "TIMESTAMP('2026-11-21 10:00:00.123456'))",
        "INSERT INTO {lib}.PRICES (COD) VALUES ('B')",
    )
    return library


def read(library: Library, **options: Any) -> list[tuple[Any, ...]]:
    given = {"key": ["COD"]} | options
    with closing(library.source("PRICES", **given)) as source:
        return [row for batch in source.read("") for row in batch.rows]


def test_numbers_that_json_would_round_arrive_exact(prices: Library) -> None:
    first, second = read(prices)
    assert first[0] == "00123"
    assert Decimal(first[1]) == Decimal("123456789012345678901234567.8901")
    assert int(first[2]) == 2**63 - 1
    assert first[3:] == (b"\xc1\xc2\xc3\xc4", "2026-11-21", "2026-11-21 10:00:00.123456")
    assert second == ("B", None, None, None, None, None)


def test_number_is_a_key_and_a_bound(prices: Library) -> None:
    prices.many(
        "INSERT INTO {lib}.PRICES (COD, PRICE) VALUES (?, ?)",
        [(str(number), Decimal(number)) for number in range(10)],
    )
    with closing(prices.source("PRICES", key=["PRICE"], page_size=3)) as source:
        rows = [row for batch in source.read("") for row in batch.rows]
        [found] = list(source.read_keys(["7", "no number"]))
    assert len(rows) == 12
    assert [row[0] for row in found.rows] == ["7"]


def test_rows_come_in_pages_and_the_job_is_left(prices: Library, server: Mapepire) -> None:
    prices.many(
        "INSERT INTO {lib}.PRICES (COD) VALUES (?)", [(f"X{number}",) for number in range(1500)]
    )
    server.asked.clear()
    assert len(read(prices, paging="stream", page_size=5000)) == 1502
    until(lambda: server.types()[-1] == "exit")  # it is told, and not waited for
    assert server.types()[0] == "connect"
    assert "sqlmore" in server.types()
    properties = server.asked[0]["props"]
    for wanted in ("transaction isolation=read committed", "true autocommit=true", "read only"):
        assert wanted in properties


def test_statement_that_is_not_read_to_its_end_is_closed(prices: Library, server: Mapepire) -> None:
    prices.many(
        "INSERT INTO {lib}.PRICES (COD) VALUES (?)", [(f"X{number}",) for number in range(1500)]
    )
    with closing(prices.source("PRICES", key=["COD"], paging="stream", page_size=10)) as source:
        reading = source.read("")
        next(reading)
        reading.close()  # type: ignore[attr-defined]  # every `read` is a generator
    assert "sqlclose" in server.types()


def test_query_is_read_and_described(prices: Library) -> None:
    query = f"SELECT COD, PRICE FROM {prices.name}.PRICES WHERE PRICE > 0"
    with closing(prices.source(query=query, key=["COD"])) as source:
        [batch] = list(source.read(""))
    assert [(row[0], Decimal(row[1])) for row in batch.rows] == [
        ("00123", Decimal("123456789012345678901234567.8901"))
    ]


def test_wrong_password_is_sent_once(
    prices: Library, server: Mapepire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG_PASSWORD", "not this")
    server.asked.clear()
    source = prices.source("PRICES", key=["COD"], connection={"password": "env:WRONG_PASSWORD"})
    with closing(source), pytest.raises(Misconfigured) as raised:
        list(source.read(""))
    assert raised.value.code == "SA-2101"
    assert server.types() == ["connect"]


def test_certificate_that_is_not_trusted_is_never_accepted(prices: Library) -> None:
    source = prices.source("PRICES", key=["COD"], connection={"ca_file": None})
    with closing(source), pytest.raises(Misconfigured) as raised:
        list(source.read(""))
    assert raised.value.code == "SA-5231"


def test_server_that_is_not_there_is_waited_for(prices: Library) -> None:
    away = {"port": process.free_port()}
    source = prices.source("PRICES", key=["COD"], connection=away)
    with closing(source), pytest.raises(Unavailable) as raised:
        list(source.read(""))
    assert raised.value.code == "SA-2104"


def test_missing_file_is_named(prices: Library) -> None:
    source = prices.source("PRICESX", key=["COD"])
    with closing(source), pytest.raises(Misconfigured, match=r"did you mean .*PRICES'"):
        list(source.check())


def test_isolation_that_is_not_safe_is_named(prices: Library) -> None:
    source = prices.source("PRICES", key=["COD"], connection={"isolation": "ur"})
    with closing(source):
        assert "rolled back" in dict(each[:2] for each in source.check())["isolation"]


def test_journal_is_followed(library: Library) -> None:
    library.sql(
        "CREATE TABLE {lib}.ARTICO (CODE CHAR(6) NOT NULL PRIMARY KEY, RRN_ BIGINT)",
        "INSERT INTO {lib}.ARTICO VALUES ('A', 1)",
        "INSERT INTO STANDIN.JOURNALED VALUES ('{lib}', 'ARTICO', '{lib}', 'JRN')",
        "INSERT INTO STANDIN.RECEIVERS VALUES ('{lib}', 'JRN', '{lib}', '{lib}R', 1, 'ATTACHED', "
        "1, 1, CAST(NULL AS VARCHAR(10)), CAST(NULL AS VARCHAR(10)))",
    )
    options: dict[str, Any] = {"key": ["CODE"], "journal": f"{library.name}/JRN"}
    with closing(library.source("ARTICO", **options)) as source:
        [batch] = list(source.read(""))
    library.sql(
        "INSERT INTO {lib}.ARTICO VALUES ('B', 2)",
        "INSERT INTO STANDIN.ENTRIES VALUES ('{lib}R', 2, 'R', 'PT', 2, 0, '{lib}', 'ARTICO')",
        "UPDATE STANDIN.RECEIVERS SET LAST_SEQ = 2 WHERE NAME = '{lib}R'",
    )
    with closing(library.source("ARTICO", **options)) as source:
        changed, end = list(source.read(batch.cursor))
        assert (list(changed.rows), changed.reread) == ([("B",)], [2])
        assert list(source.read(end.cursor)) == []


@pytest.mark.parametrize(
    ("state", "number", "raised", "code"),
    [
        ("42704", -204, Misconfigured, "SA-2110"),
        ("42703", -206, Misconfigured, "SA-2111"),
        ("42501", -551, Misconfigured, "SA-2113"),
        ("57033", -913, Unavailable, "SA-2121"),
        ("22018", -420, Rejected, "SA-2115"),
        ("42601", -104, Misconfigured, "SA-2112"),
        ("08S01", 0, Unavailable, "SA-2104"),
        ("HYT00", 0, Unavailable, "SA-2105"),
        ("38501", -443, Unavailable, "SA-2114"),
    ],
)
def test_error_means_what_a_person_or_time_can_mend(
    state: str, number: int, raised: type[SyncError], code: str
) -> None:
    found = explain(MapepireError(state, number, "words"), "as400", "")
    assert (type(found), found.code) == (raised, code)


def test_property_can_be_overridden_by_its_own_name() -> None:
    given = {"server": "a", "user": "u", "password": "env:X", "properties": {"access": "all"}}
    found = MapepireConnection.model_validate(given | {"naming": "system", "libraries": ["A", "B"]})
    assert found.job_properties["access"] == "all"
    assert found.job_properties["libraries"] == ",A,B"
