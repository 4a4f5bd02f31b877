"""The file target under the engine: what a killed life left, in doubt or not, and the page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml

from agent.config import load
from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Message, Op, State
from agent.store import Store
from tests.delivery.world import ManualClock
from tests.file.folders import ORDER, deliver, delivered, lying, message, take, target

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connectors" / "file.md"


class Agent:
    """A store, and lives of a delivery from it into one folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.clock = ManualClock()
        self.folder = folder
        self._path = path / "state.db"
        self.store = Store.open(self._path, self.clock)

    def order(self, key: str) -> None:
        body = json.dumps(ORDER | {"number": f"W-{key}"}).encode()
        change = Change(Op.UPSERT, "order", key, body, bytes(16), None)
        self.store.messages.append("orders", "erp", 1, 1, [change], held=False, coalesce=False)

    def claim(self) -> list[Message]:
        """What a life claimed that will not settle it."""
        now = self.clock.now_ms()
        return self.store.messages.claim("erp", 10, now=now, lease_ms=600_000).messages

    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self._path, self.clock)

    def deliver(self) -> None:
        self.clock.advance(3_600)
        Delivery(
            name="erp",
            store=self.store,
            makers={"": lambda: target(self.folder)},
            settings=DeliverySettings(senders=1),
            clock=self.clock,
            random=Random(1),
        ).run_until_idle()

    def state(self) -> tuple[State, str, str]:
        (row,) = self.store.messages.list()
        return row.state, row.code, row.reference


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    folder = tmp_path / "import"
    folder.mkdir()
    assert list(target(folder).check())
    agent = Agent(tmp_path, folder)
    yield agent
    agent.store.close()


def test_order_of_a_killed_life_whose_file_was_taken_is_delivered_without_another(
    agent: Agent,
) -> None:
    agent.order("17")
    assert delivered(target(agent.folder), *agent.claim())
    assert take(agent.folder) == [b'{"number":"W-17"}\n']
    agent.restart()
    agent.deliver()
    assert agent.state() == (State.DELIVERED, "", "ORD_17.json")
    assert lying(agent.folder) == []


def test_order_of_a_life_that_did_nothing_is_handed_over(agent: Agent) -> None:
    agent.order("17")
    agent.claim()
    agent.restart()
    agent.deliver()
    assert agent.state() == (State.DELIVERED, "", "ORD_17.json")
    assert take(agent.folder) == [b'{"number":"W-17"}\n']


def test_order_of_which_the_ledger_cannot_tell_waits_for_a_person(agent: Agent) -> None:
    agent.order("17")
    assert delivered(target(agent.folder), *agent.claim())
    assert len(take(agent.folder)) == 1
    shutil.rmtree(agent.folder / ".syncagent")
    agent.restart()
    agent.deliver()
    assert agent.state()[:2] == (State.PARKED, "SA-5010")
    assert lying(agent.folder) == []
    assert agent.store.decisions.retry(state=State.PARKED) == 1, "a person says: it is not there"
    agent.deliver()
    assert agent.state() == (State.DELIVERED, "", "ORD_17.json")
    assert take(agent.folder) == [b'{"number":"W-17"}\n']


def test_order_waits_for_the_folder_and_is_not_doubted(agent: Agent, tmp_path: Path) -> None:
    agent.order("17")
    agent.folder.rename(tmp_path / "away")
    agent.deliver()
    assert agent.state()[:2] == (State.PENDING, "SA-5320")
    (tmp_path / "away").rename(agent.folder)
    shutil.rmtree(agent.folder / ".syncagent")
    agent.deliver()
    assert agent.state()[0] is State.DELIVERED, "a ledger is asked only where there is doubt"


def test_example_of_the_page_gives_the_file_of_the_page(tmp_path: Path) -> None:
    said = yaml.load(_block("yaml"), yaml.BaseLoader)
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "IMPORT.INI").touch()
    said["connections"]["erp"]["folder"] = str(folder)
    said["site"] = {"name": "Rossi", "time_zone": "Europe/Rome"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    sender = load(tmp_path / "config.yaml").build_target("orders")
    lines = [ORDER["lines"][0] | {"price": "0.125"}, ORDER["lines"][1]]
    order = message("W-17", lines=lines, placed_at="2026-11-22T10:30:00Z")
    (receipt,) = deliver(sender, order)
    assert receipt.reference == "ORD_W-17.csv", receipt.reason
    assert (folder / "ORD_W-17.csv").read_bytes().decode("cp1252").replace("\r\n", "\n") == (
        _block("csv")
    )


def _block(language: str) -> str:
    """The first block of a language on the page."""
    text = PAGE.read_text(encoding="utf-8")
    return text.split(f"```{language}\n")[1].partition("```")[0]
