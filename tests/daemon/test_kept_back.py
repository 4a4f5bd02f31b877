"""An order that does not add up is taken over and kept back, until it is corrected or accepted."""

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
from agent.errors import Rejected
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.waiting import until

CONFIG = """
connections:
  shop: {kind: memory}
  erp: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  orders:
    source: {connection: shop, table: NAME, key: [NUMBER]}
    target: {connection: erp, receiver: NAME}
    entity: order
    totals: 0.02
    mapping:
      number: NUMBER
      customer: {value: C1}
      placed_at: {value: "2026-11-22T10:00:00Z"}
      lines: {each: LINES, fields: {line: LINE, sku: SKU, quantity: QUANTITY, price: PRICE}}
      total_net: NET
"""
LINES = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "10", "PRICE": "12.15"}]


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Receiver]:
    name = str(tmp_path)
    TABLES[name] = Table(("NUMBER", "LINES", "NET"), [])
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


def place(site: Path, number: str, net: str) -> None:
    table = TABLES[str(site.parent)]
    table.rows[:] = [row for row in table.rows if isinstance(row, tuple) and row[0] != number]
    table.rows.append((number, LINES, net))
    table.wake()


@pytest.fixture
def said(site: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What `syncagent …` prints."""

    def command(*words: str) -> str:
        arguments = [*words, "--config", str(site)]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


@pytest.fixture
def kept_back(site: Path, said: Callable[..., str]) -> None:
    """An order whose total is 50 cents more than its lines, and one that adds up."""
    place(site, "W-1", "122.00")
    place(site, "W-2", "121.50")
    until(lambda: json.loads(said("orders", "list", "--all", "--json"))["orders"][1:])


def refused(said: Callable[..., str]) -> int:
    """What all runs say that they refused; one that goes on has no counts yet."""
    runs = json.loads(said("runs", "--json"))["runs"]
    return sum(run["counts"].get("refused", 0) for run in runs)


def written(erp: Receiver) -> dict[str, str]:
    return {key: json.loads(body)["total_net"] for (_, key), body in erp.holds.items()}


@pytest.mark.usefixtures("kept_back")
def test_an_order_that_does_not_add_up_waits_and_says_why(
    said: Callable[..., str], erp: Receiver
) -> None:
    until(lambda: "W-2" in written(erp))
    (order,) = json.loads(said("orders", "list", "--json"))["orders"]
    assert (order["key"], order["state"], order["code"]) == ("W-1", "parked", "SA-3402")
    assert order["reason"] == "total_net is 122.00, lines give 121.50: 0.50 too much"
    assert '"total_net": "122"' in said("orders", "show", "W-1"), "the order itself is at hand"
    until(lambda: refused(said) == 1)
    assert list(written(erp)) == ["W-2"]


@pytest.mark.usefixtures("kept_back")
def test_an_accepted_order_is_written_as_it_is_and_tells_who_accepted_it(
    said: Callable[..., str], erp: Receiver
) -> None:
    told = said("orders", "accept", "W-1", "--reason", "a rounding agreed by phone")
    assert told == "order W-1 is written as it is\n"
    until(lambda: "W-1" in written(erp))
    until(lambda: json.loads(said("orders", "list", "--json"))["orders"] == [])
    shown = json.loads(said("orders", "show", "W-1", "--json"))
    assert shown["state"] == "delivered"
    assert shown["decided_by"].endswith(": a rounding agreed by phone")
    with pytest.raises(Rejected, match="no order W-1 that waits"):
        said("orders", "accept", "W-1", "--reason", "again")


@pytest.mark.usefixtures("kept_back")
def test_a_corrected_order_takes_its_place(
    site: Path, said: Callable[..., str], erp: Receiver
) -> None:
    place(site, "W-1", "121.50")
    until(lambda: "W-1" in written(erp))
    assert written(erp)["W-1"] == "121.5"
    until(lambda: json.loads(said("orders", "list", "--json"))["orders"] == [])
    assert len([key for _, key in erp.holds if key == "W-1"]) == 1


@pytest.mark.usefixtures("kept_back")
def test_sending_again_does_not_overrule_the_check(said: Callable[..., str], erp: Receiver) -> None:
    with pytest.raises(Rejected, match=r"kept back: total_net is 122\.00") as caught:
        said("orders", "retry", "W-1")
    assert "orders accept W-1" in caught.value.hint
    said("outbox", "retry", "--flow", "orders")
    until(lambda: "W-2" in written(erp))
    (order,) = json.loads(said("orders", "list", "--json"))["orders"]
    assert order["state"] == "parked"
    assert list(written(erp)) == ["W-2"]


@pytest.mark.usefixtures("kept_back")
def test_a_preview_says_it_before_anything_is_taken_over(said: Callable[..., str]) -> None:
    (row,) = json.loads(said("preview", "orders", "--key", "W-1", "--json"))["rows"]
    assert row["fate"] == "refused"
    assert row["reason"] == "SA-3402 total_net is 122.00, lines give 121.50: 0.50 too much"
