"""Oracle's ODBC driver cannot be had here: what is said to it, compared as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors._sql import Relation
from connectors.odbc import OdbcConnection
from connectors.odbc.connecting import connection_string
from connectors.odbc.failures import explain
from connectors.odbc.oracle import OracleOdbcDialect


class Server:
    """What an Oracle 11 server answers: its version, a table's columns, a query's."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.asked.append((sql, tuple(parameters)))
        if "PRODUCT_COMPONENT_VERSION" in sql:
            return [("11.2.0.4.0",)]
        return [
            ("COD", "CHAR", None, None, "N"),
            ("PREZZO", "NUMBER", 12, 4, "Y"),
            ("PESO", "NUMBER", None, None, "Y"),
            ("MODIFICATO", "DATE", None, None, "Y"),
            ("VISTO", "TIMESTAMP(6) WITH TIME ZONE", None, 6, "Y"),
        ]

    def run(self, sql: str) -> None:
        raise AssertionError(sql)

    def describe(self, _sql: str) -> Sequence[tuple[Any, ...]]:
        return [
            ("COD", str, None, 10, 10, 0, False),
            ("PESO", float, None, 8, 15, 0, True),
            ("PREZZO", Decimal, None, 12, 12, 4, True),
            ("MODIFICATO", datetime, None, 19, 19, 0, True),
        ]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"server": "db", "database": "ERP"}, "DBQ=//db:1521/ERP"),
        ({"server": "db", "port": 1522, "database": "ERP"}, "DBQ=//db:1522/ERP"),
        ({"server": "ERP_TNS"}, "DBQ=ERP_TNS"),
    ],
)
def test_database_is_named_as_the_driver_wants_it(given: dict[str, Any], where: str) -> None:
    options = OdbcConnection.model_validate(
        {"dialect": "oracle", "driver": "Oracle 19", "user": "r", **given}
    )
    assert connection_string(options, OracleOdbcDialect(), "pw") == (
        f"Driver={{Oracle 19}};{where};UID=r;PWD=pw"
    )


def test_types_come_from_the_catalogue_of_the_schema() -> None:
    server, dialect = Server(), OracleOdbcDialect()
    columns = dialect.columns(server, Relation(table="GEST.ARTICOLI"))
    assert [(column.name, column.type, column.nullable) for column in columns] == [
        ("COD", "CHAR", False),
        ("PREZZO", "NUMBER", True),
        ("PESO", "FLOAT", True),
        ("MODIFICATO", "DATE", True),
        ("VISTO", "TIMESTAMP WITH TIME ZONE", True),
        ("ORA_ROWSCN", "NUMBER", False),
    ]
    assert server.asked[-1][1] == ("GEST", "ARTICOLI")
    assert [dialect.value(column, f'p."{column.name}"') for column in columns[1:4]] == [
        'p."PREZZO"',
        """TO_CHAR(p."PESO", 'TM9')""",
        """TO_CHAR(p."MODIFICATO", 'YYYY-MM-DD HH24:MI:SS')""",
    ]


def test_stamps_of_a_query_are_read_whatever_they_are() -> None:
    dialect = OracleOdbcDialect()
    *_, stamp = dialect.columns(Server(), Relation(query="SELECT * FROM V"))
    assert dialect.value(stamp, "p.X") == (
        "TO_CHAR(CAST(p.X AS TIMESTAMP(9)), 'YYYY-MM-DD HH24:MI:SS.FF')"
    )
    assert dialect.bound(stamp) == "TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF')"


def test_old_server_is_asked_with_rownum() -> None:
    dialect = OracleOdbcDialect()
    dialect.prove(Server())
    assert dialect.limited("SELECT 1 FROM DUAL", 5) == (
        "SELECT * FROM (SELECT 1 FROM DUAL) WHERE ROWNUM <= 5"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[HY000] [Oracle][ODBC][Ora]ORA-01555: snapshot too old\n (1555) (SQLFetch)", "SA-2223"),
        ("[28000] [Oracle][ODBC][Ora]ORA-01017: denied\n (1017) (SQLDriverConnect)", "SA-2101"),
        ("[S0002] [Oracle][ODBC][Ora]ORA-00942: no table\n (942) (SQLExecDirectW)", "SA-2110"),
    ],
)
def test_errors_are_sorted_by_oracles_own_number(text: str, code: str) -> None:
    error = Exception(text[1:6], text)
    assert explain(error, "db", "pw", OracleOdbcDialect.codes).code == code
