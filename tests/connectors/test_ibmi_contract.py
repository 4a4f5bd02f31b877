"""IBM i over ODBC keeps the contract of a source, in front of Derby as far as Derby goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from agent.contract import Kind
from tests.connectors.on_derby import Library
from tests.contract.source_suite import KEY, Row, SourceSuite

pytestmark = pytest.mark.xdist_group("derby")


@dataclass
class IbmiBench:
    library: Library
    paging: str = "pages"

    def __post_init__(self) -> None:
        self.library.sql(
            'CREATE TABLE {lib}.ARTICLES ("sku" CHAR(20) NOT NULL PRIMARY KEY, '
            '"name" VARCHAR(60), "price" DECIMAL(12,4))'
        )

    @property
    def kind(self) -> Kind:
        return self.library.kind

    @property
    def connection(self) -> dict[str, Any]:
        return self.library.connection

    @property
    def options(self) -> dict[str, Any]:
        table = f"{self.library.name}/ARTICLES"
        return {"table": table, "key": list(KEY), "page_size": 50, "paging": self.paging}

    def put(self, rows: Sequence[Row]) -> None:
        self.library.sql("TRUNCATE TABLE {lib}.ARTICLES")
        self.library.many("INSERT INTO {lib}.ARTICLES VALUES (?, ?, ?)", rows)


class TestIbmiPageByPage(SourceSuite):
    @pytest.fixture
    def bench(self, ibmi: Library) -> IbmiBench:
        return IbmiBench(ibmi)


class TestIbmiInOneStream(SourceSuite):
    @pytest.fixture
    def bench(self, ibmi: Library) -> IbmiBench:
        return IbmiBench(ibmi, "stream")
