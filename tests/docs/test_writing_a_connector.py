"""The connector on the page keeps the contract, as every other source does."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connectors" / "writing.md"


@dataclass
class JsonLinesBench:
    folder: Path
    kind: Kind

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder)}

    @property
    def options(self) -> dict[str, Any]:
        return {"file": "articles.jsonl", "columns": COLUMNS, "key": KEY, "batch_size": 50}

    def put(self, rows: Sequence[Row]) -> None:
        lines = (
            f'{{"sku": {json.dumps(sku)}, "name": {json.dumps(name)}, "price": {price}}}\n'
            for sku, name, price in rows
        )
        (self.folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def kind(tmp_path: Path) -> Iterator[Kind]:
    """What the page's module ends with."""
    (code,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    path = tmp_path / "jsonlines.py"
    path.write_text(code, encoding="utf-8")
    spec = spec_from_file_location("jsonlines_of_the_page", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # where pydantic looks the annotations up
    try:
        spec.loader.exec_module(module)
        yield module.KIND
    finally:
        del sys.modules[spec.name]


class TestJsonLinesSource(SourceSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path, kind: Kind) -> JsonLinesBench:
        return JsonLinesBench(tmp_path, kind)
