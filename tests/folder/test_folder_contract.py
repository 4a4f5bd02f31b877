"""A folder of files keeps the contract of a source; its table is what the names say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.contract import AnySource, Kind
from connectors.folder import KIND, source
from tests.contract import source_suite
from tests.contract.source_suite import KEY, Row, SourceSuite, take
from tests.folder.files import JPEG

ARTICLES: list[Row] = [
    (f"{number:05d}", name, Decimal(number) / 4)
    for number, name in enumerate(
        ['Tubo 1-2"', "Caffè; ristretto", "~", "due\nrighe", "O'Brien", "€uro", "a|b\\c"] * 30, 1
    )
]
"""The rows of the suite, as far as the name of a file can hold them: no `/`, never empty."""


@dataclass
class FolderBench:
    folder: Path
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {"files": "{sku}_{price}_{name}.jpg", "key": list(KEY)}

    def put(self, rows: Sequence[Row]) -> None:
        wanted = {f"{sku}_{price}_{name}.jpg" for sku, name, price in rows}
        for file in self.folder.iterdir():
            if file.name not in wanted:
                file.unlink()
        for name in wanted:
            if not (self.folder / name).exists():
                (self.folder / name).write_bytes(JPEG)


@pytest.fixture(autouse=True)
def names_that_files_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_suite, "ARTICLES", ARTICLES)
    monkeypatch.setattr(source, "BATCH", 50)


class TestFolderSource(SourceSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> FolderBench:
        (tmp_path / "files").mkdir()
        return FolderBench(tmp_path / "files")

    def test_filling_in_a_row_adds_what_is_dear_and_keeps_the_rest(
        self, bench: FolderBench, source: AnySource
    ) -> None:
        bench.put(ARTICLES)
        for batch in take(source, source.read("")).batches:
            for row in batch.rows:
                assert batch.fill
                filled = batch.fill(row)
                assert len(filled) == len(batch.columns)
                assert filled[:-2] == row[:-2]
                assert None not in filled
            assert len(batch.digests) == len(batch.rows)
