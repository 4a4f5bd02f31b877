"""What a configuration may say about a SQL Server, and what the drivers are told."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.odbc.connecting import connection_string
from connectors.odbc.sqlserver.dialect import SqlServerDialect
from connectors.odbc.sqlserver.options import SqlServerConnection, SqlServerOptions

MICROSOFT: dict[str, Any] = {"server": "SRV", "database": "gest", "user": "sync"}
FREETDS = MICROSOFT | {"driver": "FreeTDS", "trust_server_certificate": True}
TABLE: dict[str, Any] = {"table": "t", "key": ["k"]}


def words(**options: Any) -> dict[str, str]:
    """The connection string that a driver would be given, by keyword."""
    connection = SqlServerConnection.model_validate(options)
    dialect = SqlServerDialect(connection.driver_keywords)
    string = connection_string(connection, dialect, "")
    return dict(each.split("=", 1) for each in string.split(";"))


def test_microsoft_driver_encrypts_and_checks_the_certificate() -> None:
    assert words(**MICROSOFT) == {
        "Driver": "{ODBC Driver 18 for SQL Server}",
        "Server": "SRV",
        "Database": "gest",
        "UID": "sync",
        "Encrypt": "yes",
        "TrustServerCertificate": "no",
        "APP": "SyncAgent",
    }


def test_freetds_is_told_version_and_character_set() -> None:
    assert words(**FREETDS) == {
        "Driver": "FreeTDS",
        "Server": "SRV",
        "Database": "gest",
        "UID": "sync",
        "TDS_Version": "7.4",
        "ClientCharset": "UTF-8",
        "Encryption": "require",
        "APP": "SyncAgent",
    }


@pytest.mark.parametrize("base", [MICROSOFT, FREETDS])
def test_port_stands_where_both_drivers_find_it(base: dict[str, Any]) -> None:
    told = words(**base, port=51433)
    assert told["Server"] == "{SRV,51433}"
    assert "Port" not in told


def test_windows_authentication_names_no_user() -> None:
    told = words(server="SRV", database="gest", windows_authentication=True)
    assert told["Trusted_Connection"] == "yes"
    assert not {"UID", "PWD"} & told.keys()


def test_replica_is_asked_for_with_read_only_intent() -> None:
    assert words(**MICROSOFT, replica=True)["ApplicationIntent"] == "ReadOnly"


def test_keywords_of_the_configuration_win() -> None:
    told = words(**MICROSOFT, keywords={"Encrypt": "strict", "HostNameInCertificate": "srv.firma"})
    assert told["Encrypt"] == "strict"
    assert told["HostNameInCertificate"] == "srv.firma"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (MICROSOFT | {"windows_authentication": True}, "either windows_authentication"),
        (MICROSOFT | {"driver": "FreeTDS"}, "checks no certificate"),
        (MICROSOFT | {"driver": "/usr/lib/odbc/libtdsodbc.so"}, "checks no certificate"),
        (MICROSOFT | {"encrypt": "maybe"}, "encrypt"),
    ],
)
def test_connection_that_cannot_work_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        SqlServerConnection.model_validate(options)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (TABLE | {"cursor": {"columns": ["c"]}, "change_tracking": {}}, "either cursor"),
        ({"query": "SELECT 1 AS k", "key": ["k"], "change_tracking": {}}, "of a table"),
        ({"query": "WITH x AS (SELECT 1 AS k) SELECT k FROM x", "key": ["k"]}, "make a view"),
        (TABLE | {"change_tracking": {"ignore_context": "0xABC"}}, "pairs of digits"),
        (TABLE | {"change_tracking": {"ignore_context": "è" * 65}}, "128 bytes"),
    ],
)
def test_flow_that_cannot_work_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        SqlServerOptions.model_validate(options)
