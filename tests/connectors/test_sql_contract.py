"""Every SQL source keeps the contract of a source, on the real database and its real driver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from agent.contract import Kind
from tests.connectors import databases
from tests.connectors.databases import Database
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite
from tests.peers.postgresql import PostgreSQL


@dataclass
class SqlBench:
    database: Database

    def __post_init__(self) -> None:
        table, sku, name, price = map(self.database.quote, ("articles", *COLUMNS))
        self.database.sql(
            f"CREATE TABLE {table} ({sku} VARCHAR(20) NOT NULL PRIMARY KEY, {name} VARCHAR(60), "
            f"{price} DECIMAL(12,4))"
        )

    @property
    def kind(self) -> Kind:
        return self.database.kind

    @property
    def connection(self) -> dict[str, Any]:
        return self.database.connection

    @property
    def options(self) -> dict[str, Any]:
        return {"table": "articles", "key": list(KEY), "page_size": 50}

    def put(self, rows: Sequence[Row]) -> None:
        table = self.database.quote("articles")
        self.database.sql(f"DELETE FROM {table}")
        self.database.many(
            f"INSERT INTO {table} VALUES (?, ?, ?)", [(*row[:2], str(row[2])) for row in rows]
        )


class TestSqlSource(SourceSuite):
    @pytest.fixture
    def bench(self, database: Database) -> SqlBench:
        return SqlBench(database)


@pytest.mark.xdist_group("postgresql")
class TestGenericDialect(SourceSuite):
    """A dialect that knows nothing, in front of an engine that could do more."""

    @pytest.fixture
    def bench(self, postgresql_database: PostgreSQL) -> SqlBench:
        return SqlBench(databases.on_postgresql(postgresql_database, "generic"))
