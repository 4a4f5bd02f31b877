"""What the engine writes about a run and about a message, and by what it is found again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import telemetry
from agent.daemon import Agent
from agent.telemetry.files import LogFile
from agent.telemetry.reading import Wanted, lines
from connectors.memory import RECEIVERS, TABLES, Receiver, Table

CONFIG = """
connections:
  here: {kind: memory}
  there: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: here, table: TABLE, key: [CODE]}
    target: {connection: there, receiver: RECEIVER}
    entity: product
    mapping: {sku: CODE, name: NAME}
  customers:
    source: {connection: here, table: TABLE, key: [CODE]}
    target: {connection: there, receiver: RECEIVER}
    entity: customer
    mapping: {code: CODE, name: NAME}
"""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log of an agent whose target refused one of two records of each flow."""
    name = str(tmp_path)
    TABLES[name] = Table(("CODE", "NAME"), [("A", "Vite"), ("B", "Mario Bianchi")])
    RECEIVERS[name] = Receiver(refuses={"B": "Mario Bianchi is there twice"})
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.replace("TABLE", name).replace("RECEIVER", name))
    path = tmp_path / "syncagent.log"
    agent = Agent.open(config)
    telemetry.configure(level="debug", others=[LogFile(path, most_bytes=10**6, files=2)])
    for flow in ("products", "customers"):
        agent.run_here(agent.request(flow, "full"), lambda *_: None)
    deadline = time.monotonic() + 20
    while agent.deliveries["there"].status().parked < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    agent.close()
    yield path
    del TABLES[name], RECEIVERS[name]


def the_one(log: Path, wanted: Wanted) -> dict[str, Any]:
    (found,) = lines(log, wanted)
    return found


def test_refused_message_has_a_line_with_its_id_key_and_reason(log: Path) -> None:
    line = the_one(log, Wanted(flow="products", key="B"))
    assert (line["event"], line["code"]) == ("message refused", "refused")
    assert line["reason"] == "Mario Bianchi is there twice"
    assert the_one(log, Wanted(message_id=line["message_id"])) == line


def test_what_the_other_side_says_about_people_is_not_written(log: Path) -> None:
    line = the_one(log, Wanted(flow="customers", key="B"))
    assert line["code"] == "refused"
    assert "reason" not in line
    assert "Mario" not in "".join(json.dumps(each) for each in lines(log, Wanted(flow="customers")))


def test_delivered_message_is_told_to_who_asks_for_details(log: Path) -> None:
    line = the_one(log, Wanted(flow="products", key="A"))
    assert (line["event"], line["level"]) == ("message delivered", "debug")
    assert line["reference"] == "product/A"


def test_lines_of_a_run_carry_its_number(log: Path) -> None:
    line = the_one(log, Wanted(run=1))
    assert (line["event"], line["flow"], line["entity"]) == ("run ended", "products", "product")
