"""Two configurations are told apart by their sections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import load
from agent.config.sections import sections

TEXT = """
site: {name: Rossi}
connections:
  erp: {kind: memory, reading: {rows_per_second: 5}}
  shop: {kind: memory}
flows:
  prices:
    source: {connection: erp, table: here, key: [sku]}
    target: {connection: shop, receiver: here}
    entity: product
    mapping: {sku: sku, name: title}
"""
Write = Callable[[str], Path]


def differing(write: Write, old: str, new: str) -> list[str]:
    assert old in TEXT
    before, after = sections(load(write(TEXT))), sections(load(write(TEXT.replace(old, new))))
    return [name for name in before | after if before.get(name) != after.get(name)]


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ("name: Rossi", "name: Bianchi", ["site"]),
        ("rows_per_second: 5", "rows_per_second: 6", ["connections.erp"]),
        ("name: title", "name: label", ["flows.prices"]),
        ("key: [sku]", "key: [sku, list]", ["flows.prices"]),
        ("  shop: {kind: memory}", "  shop: {kind: memory} # ours", []),
    ],
)
def test_only_the_section_that_says_something_else_differs(
    write: Write, old: str, new: str, differ: list[str]
) -> None:
    assert differing(write, old, new) == differ
