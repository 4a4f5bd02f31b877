"""Workbooks keep the contract of a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from agent.contract import Kind
from connectors._drop import rows as drop_rows
from connectors.excel.source import KIND
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite


@dataclass
class ExcelBench:
    folder: Path
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {"files": "articles*.xlsx", "key": list(KEY)}

    def put(self, rows: Sequence[Row]) -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Articles")
        for row in (COLUMNS, *rows):
            sheet.append(row)
        dropped = self.folder / "articles.tmp"
        book.save(dropped)
        dropped.rename(self.folder / "articles.xlsx")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 50)


class TestExcelSource(SourceSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> ExcelBench:
        (tmp_path / "drop").mkdir()
        return ExcelBench(tmp_path / "drop")
