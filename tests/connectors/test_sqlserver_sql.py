"""What is said to SQL Server: run by H2 in its SQL Server mode, or compared letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from connectors.odbc.sqlserver.dialect import SqlServerDialect
from tests.connectors.databases import last
from tests.connectors.on_sqlserver import SqlServerDatabase, asked
from tests.peers import h2

pytestmark = [pytest.mark.sqlserver, pytest.mark.xdist_group("postgresql")]

TABLES = (
    (
        "CREATE TABLE dbo.articoli (codice nvarchar(20) NOT NULL, listino int NOT NULL, "
        "descrizione nchar(60), prezzo money, sconto decimal(5, 2), modificato datetime2, "
        "creato datetime, id uniqueidentifier, PRIMARY KEY (codice, listino))"
    ),
    "CREATE TABLE dbo.scaglioni (codice nvarchar(20), listino int, da decimal(9, 2), prezzo money)",
)
ROW = (
    "INSERT INTO dbo.articoli VALUES (N'A1', 1, N'Dado', 1.5, 2.25, '2026-11-21T10:00:00.123', "
    "'2026-11-21T10:00:00.123', '6F9619FF-8B86-D011-B42D-00C04FC964FF')"
)
ARTICLES: dict[str, Any] = {"table": "dbo.articoli", "key": ["codice", "listino"]}
STAMP = {"columns": ["modificato"]}
CHILDREN = {"tiers": {"table": "dbo.scaglioni", "parent": ["codice", "listino"], "order": ["da"]}}

_NOT_OF_H2 = re.compile(r"\bsys\.|\bSET TRANSACTION|\bBEGIN TRANSACTION|\bROLLBACK|\bLOGINPROPERTY")
_STYLE = re.compile(r", (?:23|120|121)\)")


@pytest.fixture(scope="module")
def engine() -> Iterator[h2.Connection]:
    """H2 knows neither the styles of CONVERT nor SYSUTCDATETIME: both are taken out for it."""
    names = "DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
    with h2.running(f"MSSQLServer;{names}") as peer, closing(peer.connect()) as connection:
        connection.execute("CREATE SCHEMA dbo")
        for statement in (*TABLES, ROW.replace("'2026-11-21T", "'2026-11-21 ")):
            connection.execute(statement)
        yield connection


@pytest.fixture
def server(sqlserver_database: SqlServerDatabase) -> SqlServerDatabase:
    sqlserver_database.sql(*TABLES, ROW)
    return sqlserver_database


def test_engine_refuses_what_sql_server_would_refuse(engine: h2.Connection) -> None:
    with pytest.raises(h2.H2Error):
        engine.execute("SELECT codice FROM dbo.articoli LIMIT 1")


@pytest.mark.parametrize(
    "options",
    [
        ARTICLES,
        ARTICLES | {"page_size": 1},
        ARTICLES | {"children": CHILDREN},
        ARTICLES | {"cursor": STAMP},
        ARTICLES | {"cursor": {"columns": ["modificato", "listino"]}, "page_size": 1},
        ARTICLES | {"cursor": {"columns": ["creato"]}, "children": CHILDREN},
        {"query": "SELECT id, prezzo FROM dbo.articoli WHERE listino = 1", "key": ["id"]},
    ],
    ids=["table", "pages", "children", "stamp", "two stamps", "stamp and children", "query"],
)
def test_another_engine_understands_every_statement(
    server: SqlServerDatabase, engine: h2.Connection, options: dict[str, Any]
) -> None:
    source = server.source(**options)

    def whole_then_changes_then_keys() -> None:
        cursor = last(source.read("")).cursor
        list(source.read(cursor))
        width = len(options["key"])
        list(source.read_keys(["A1|1" if width == 2 else "6f9619ff-8b86-d011-b42d-00c04fc964ff"]))
        list(source.check())

    with closing(source):
        said = asked(source, whole_then_changes_then_keys)
    run = 0
    for statement, parameters in said:
        if not _NOT_OF_H2.search(statement):
            adapted = _STYLE.sub(")", statement).replace("SYSUTCDATETIME()", "GETDATE()")
            cursor = engine.execute(adapted, parameters)
            cursor.fetchmany(10)
            cursor.close()
            run += 1
    assert run >= 3


def test_poll_by_change_tracking_letter_by_letter(server: SqlServerDatabase) -> None:
    server.sql("ALTER TABLE dbo.articoli ENABLE CHANGE_TRACKING")
    options = ARTICLES | {"columns": ["prezzo"], "change_tracking": {"ignore_context": "0xC0DE"}}
    source = server.source(**options)
    with closing(source):
        cursor = last(source.read("")).cursor
        server.sql("UPDATE dbo.articoli SET prezzo = 2")
        said = asked(source, lambda: list(source.read(cursor)))
    versions = (
        "SELECT CHANGE_TRACKING_CURRENT_VERSION(), "
        "CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(N'[dbo].[articoli]'))"
    )
    assert [statement for statement, _ in said if "sys." not in statement] == [
        versions,
        "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "BEGIN TRANSACTION",
        versions,
        (
            "SELECT c.SYS_CHANGE_OPERATION, c.[codice], c.[listino] "
            "FROM CHANGETABLE(CHANGES [dbo].[articoli], ?) AS c "
            "WHERE c.SYS_CHANGE_CONTEXT IS NULL "
            "OR c.SYS_CHANGE_CONTEXT <> CONVERT(varbinary(128), ?, 1) "
            "ORDER BY c.[codice], c.[listino] OFFSET 0 ROWS FETCH NEXT 100001 ROWS ONLY"
        ),
        (
            "SELECT p.[codice], p.[listino], CONVERT(decimal(19, 4), p.[prezzo]) "
            "FROM [dbo].[articoli] p WHERE ((p.[codice] = CAST(? AS nvarchar(4000))) "
            "AND (p.[listino] = CAST(? AS int)))"
        ),
    ]
    assert said[-2][1] == (0, "0xc0de")


def test_poll_by_rowversion_letter_by_letter(server: SqlServerDatabase) -> None:
    server.sql("CREATE TABLE r (k int PRIMARY KEY, rv rowversion)", "INSERT INTO r (k) VALUES (1)")
    source = server.source(table="r", key=["k"], cursor={"columns": ["rv"]})
    with closing(source):
        cursor = last(source.read("")).cursor
        server.sql("INSERT INTO r (k) VALUES (2)")
        said = asked(source, lambda: list(source.read(cursor)))
    assert [statement for statement, _ in said] == [
        "SELECT CONVERT(char(18), MIN_ACTIVE_ROWVERSION(), 1)",
        "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "BEGIN TRANSACTION",
        (
            "SELECT p.[k], CONVERT(char(18), CONVERT(binary(8), p.[rv]), 1) FROM [r] p "
            "WHERE (p.[rv] >= CONVERT(binary(8), ?, 1)) AND (p.[rv] < CONVERT(binary(8), ?, 1)) "
            "ORDER BY p.[rv], p.[k] OFFSET 0 ROWS FETCH NEXT 5000 ROWS ONLY"
        ),
    ]
    assert said[-1][1] == ("0x00000000000007D2", "0x00000000000007D3")


def test_names_are_quoted_whatever_they_hold() -> None:
    assert SqlServerDialect({}).quote("a]b [c") == "[a]]b [c]"
