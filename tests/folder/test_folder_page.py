"""The examples on the page of the kind run as they stand there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from tests.faults.site import live
from tests.folder.files import JPEG, PDF, sha256

PAGE = (Path(__file__).parents[2] / "docs/connectors/folder.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopProcess]:
    monkeypatch.setenv("SHOP_TEST_TOKEN", "a-token")
    with ShopProcess(tmp_path / "shop.db", None) as shop:
        yield shop


def shown(folder: Path, shop: ShopProcess, example: str) -> dict[str, dict[str, Any]]:
    """What the shop holds after a run of this example; the files lie there long enough."""
    text = example.replace("https://sync.example.com/sync", shop.url)
    text = text.replace("credential:shop", "env:SHOP_TEST_TOKEN")
    config = folder / "config.yaml"
    config.write_text(text + "\nstore: {disk_low: 1MB, backup: off}\n", encoding="utf-8")
    live(config)
    with closing(ShopDatabase(shop.database, readonly=True)) as database:
        return database.records("media")


def put(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def test_first_example_brings_pictures_and_data_sheets(tmp_path: Path, shop: ShopProcess) -> None:
    put(tmp_path, "pictures/00123.jpg", JPEG + b"main")
    put(tmp_path, "pictures/00123_2.jpg", JPEG + b"second")
    put(tmp_path, "sheets/it/00123.pdf", PDF)
    put(tmp_path, "sheets/readme.txt", b"no sheet")
    example = EXAMPLES[0].replace("kind: folder\n", "kind: folder\n    settle: 0s\n")
    records = shown(tmp_path, shop, example)
    assert {key: data["sha256"] for key, data in records.items()} == {
        "00123|0": sha256(JPEG + b"main"),
        "00123|2": sha256(JPEG + b"second"),
        "00123|it": sha256(PDF),
    }
    assert records["00123|it"] == {
        "sku": "00123",
        "kind": "datasheet",
        "language": "it",
        "file_name": "00123.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": sha256(PDF),
    }


def test_second_example_finds_pictures_by_the_path_in_a_column(
    tmp_path: Path, shop: ShopProcess
) -> None:
    put(tmp_path, "images/viti/a1.jpg", JPEG)
    with closing(sqlite3.connect(tmp_path / "erp.db")) as erp, erp:
        erp.execute("CREATE TABLE articoli (codart TEXT, foto TEXT)")
        erp.execute(r"INSERT INTO articoli VALUES ('00123', 'VITI\A1.JPG'), ('00124', '')")
    example = EXAMPLES[1].replace("kind: folder,", "kind: folder, settle: 0s,")
    (record,) = shown(tmp_path, shop, example).values()
    assert (record["sku"], record["sha256"]) == ("00123", sha256(JPEG))
