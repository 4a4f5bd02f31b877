"""CSV files keep the contract of a source, in each encoding that is read differently."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from connectors._drop import rows as drop_rows
from connectors.csv import KIND
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite


@dataclass
class CsvBench:
    folder: Path
    encoding: str
    line_end: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {"files": "articles*.csv", "key": list(KEY), "encoding": self.encoding}

    def put(self, rows: Sequence[Row]) -> None:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator=self.line_end)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        dropped = self.folder / "articles.tmp"
        dropped.write_bytes(text.getvalue().encode(self.encoding))
        dropped.rename(self.folder / "articles.csv")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 50)


@pytest.mark.parametrize(
    ("encoding", "line_end"), [("utf-8", "\n"), ("cp1252", "\r\n"), ("utf-16", "\r\n")]
)
class TestCsvSource(SourceSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path, encoding: str, line_end: str) -> CsvBench:
        (tmp_path / "drop").mkdir()
        return CsvBench(tmp_path / "drop", encoding, line_end)
