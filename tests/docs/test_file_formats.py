"""What the pages about files show is run as it stands: the file, the flow, and what travels."""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.assembly import flow_plans
from agent.clock import SystemClock
from agent.config import load
from tests.connectors.dbf_tables import table

PAGES = Path(__file__).resolve().parents[2] / "docs" / "connectors"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELLS = re.compile(r"^\|(.*)\|$", re.MULTILINE)


def from_hex(page: str) -> bytes:
    return bytes.fromhex(dict(FENCE.findall(page))["hex"])


def from_text(page: str) -> bytes:
    return dict(FENCE.findall(page))["data"].encode()


def from_table(page: str) -> bytes:
    """The page's first table: name, type, length and decimals of each column, then the rows."""
    lines = [[cell.strip() for cell in line.split("|")] for line in CELLS.findall(page)]
    columns = []
    for head in lines[0]:
        name, kind, size = head.split()
        length, _, decimals = size.partition(",")
        columns.append((name, kind, int(length), int(decimals or 0)))
    records = [
        b" "
        + b"".join(
            cell.rjust(length).encode("cp850")
            if kind == "N"
            else cell.ljust(length).encode("cp850")
            for cell, (_, kind, length, _) in zip(cells, columns, strict=True)
        )
        for cells in lines[2:4]
    ]
    return table(columns, records, language=0x02)


@pytest.mark.parametrize(
    ("name", "content"),
    [("fixed", from_hex), ("json", from_text), ("xml", from_text), ("dbf", from_table)],
)
def test_example_of_the_page_gives_what_the_page_says(
    name: str, content: Callable[[str], bytes], tmp_path: Path
) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    blocks = dict(FENCE.findall(page))
    (tmp_path / "config.yaml").write_text(blocks["yaml"], encoding="utf-8")
    dropped = tmp_path / re.findall(r"^`(drop/[^`]+)`", page, re.MULTILINE)[0]
    dropped.parent.mkdir()
    dropped.write_bytes(content(page))
    dropped.with_name(f"{dropped.name}.ok").touch()
    an_hour_ago = time.time() - 3600
    os.utime(dropped, (an_hour_ago, an_hour_ago))

    (plan,) = flow_plans(load(tmp_path / "config.yaml"), SystemClock()).values()
    source = plan.make_source()
    (batch,) = source.read("")
    map_row = plan.mapping.bind(batch.columns)
    travels = [json.loads(map_row(row).body) for row in batch.rows]
    source.close()
    assert travels == [json.loads(line) for line in blocks["json"].splitlines()]
