"""Orders into a target that cannot be asked: what people see and decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.api.server import ApiServer
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.daemon import Agent
from agent.errors import Rejected, Unavailable
from connectors.memory import RECEIVERS, TABLES, Receiver, Table, loses_answer
from tests.waiting import until

CONFIG = """
connections:
  shop: {kind: memory}
  erp: {kind: memory, delivery: {backoff_base: 10ms, backoff_cap: 20ms}}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  orders:
    source: {connection: shop, table: NAME, key: [NUMBER]}
    target: {connection: erp, receiver: NAME, doubt: hold}
    entity: order
    mapping:
      number: NUMBER
      customer: CUSTOMER
      placed_at: PLACED
      lines: {each: LINES, fields: {line: LINE, sku: SKU, quantity: QUANTITY}}
"""
LINES = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "10"}]


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Receiver]:
    name = str(tmp_path)
    TABLES[name] = Table(("NUMBER", "CUSTOMER", "PLACED", "LINES"), [])
    RECEIVERS[name] = Receiver()
    yield RECEIVERS[name]
    del TABLES[name], RECEIVERS[name]


@pytest.fixture
def site(tmp_path: Path, erp: Receiver) -> Iterator[Path]:
    """A running agent that commands find; its configuration."""
    del erp
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.replace("NAME", str(tmp_path)))
    agent = Agent.open(path)
    agent.start()
    server = ApiServer(agent, tmp_path, ApiSettings())
    server.start()
    yield path
    server.stop()
    agent.stop()
    agent.close()


def place(site: Path, number: str) -> None:
    table = TABLES[str(site.parent)]
    table.rows.append((number, "C1", "2026-11-22T10:00:00Z", LINES))
    table.wake()


@pytest.fixture
def said(site: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What `syncagent orders …` prints."""

    def command(*words: str) -> str:
        arguments = ["orders", *words, "--config", str(site)]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


@pytest.fixture
def in_doubt(site: Path, erp: Receiver, said: Callable[..., str]) -> None:
    """An order that was written, and whose answer was lost."""
    erp.script.append(loses_answer(Unavailable("SA-5901", "the answer was lost")))
    place(site, "W-1")
    until(lambda: "in doubt" in said("list"))


@pytest.mark.usefixtures("in_doubt")
def test_an_order_in_doubt_is_shown_as_it_was_taken_over(said: Callable[..., str]) -> None:
    (order,) = json.loads(said("list", "--json"))["orders"]
    assert (order["key"], order["code"], order["state"]) == ("W-1", "SA-5010", "parked")
    shown = said("show", "W-1")
    assert "SA-5010" in shown
    assert '"quantity": "10"' in shown


@pytest.mark.usefixtures("in_doubt")
def test_an_order_that_is_there_is_confirmed_with_its_number(
    said: Callable[..., str], erp: Receiver
) -> None:
    assert said("confirm", "W-1", "--document", "2026/117") == "order W-1 counts as written\n"
    assert json.loads(said("list", "--json"))["orders"] == []
    (order,) = json.loads(said("list", "--all", "--json"))["orders"]
    assert (order["state"], order["reference"]) == ("delivered", "2026/117")
    assert len(erp.effects) == 1


@pytest.mark.usefixtures("in_doubt")
def test_an_order_that_is_not_there_is_written_again(
    said: Callable[..., str], erp: Receiver
) -> None:
    assert said("retry", "W-1") == "order W-1 is written again\n"
    until(lambda: len(erp.requests) == 2)
    until(lambda: json.loads(said("list", "--json"))["orders"] == [])


def test_an_order_that_nobody_knows_is_said_so(said: Callable[..., str]) -> None:
    with pytest.raises(Rejected, match="no order X-9 that waits for a person"):
        said("confirm", "X-9")
