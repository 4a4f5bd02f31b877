"""An order that changes after it was written is written anew or told to a person, never lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from agent.api.server import ApiServer
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.daemon import Agent
from connectors.memory import TABLES, Table
from tests.waiting import until

CONFIG = """
connections:
  shop: {{kind: memory}}
  erp: {{kind: sqlite, file: erp.db}}
store: {{path: store.db, disk_low: 1B, backup: off}}
flows:
  orders:
    source: {{connection: shop, table: "{table}", key: [NUMBER]}}
    entity: order
    {selection}
    mapping:
      number: NUMBER
      customer: {{value: C1}}
      placed_at: {{value: "2026-11-22T10:00:00Z"}}
      lines: {{each: LINES, fields: {{line: LINE, sku: SKU, quantity: QUANTITY}}}}
      attributes: {{fields: {{status: STATUS}}}}
    target:
      connection: erp
      values: {{rif: "{{{{ key }}}}"}}
      look_up: [{{sql: SELECT numero FROM ordini WHERE rif = :rif}}]
      write:
        - sql: INSERT INTO ordini (rif, stato) VALUES (:rif, 'aperto') RETURNING numero
          returns: numero
      {more}
"""
UPDATE = """update:
        - sql: UPDATE ordini SET stato = :stato WHERE numero = :numero
          values: {stato: "{{ record.attributes.status }}", numero: "{{ reference | integer }}"}"""
DELETE = """delete:
        - sql: UPDATE ordini SET stato = 'annullato' WHERE numero = :numero
          values: {numero: "{{ reference | integer }}"}"""
CALLED_OFF = "delete_when: row.STATUS == 'cancelled'"
LINES = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "3"}]


class Company:
    """A shop, a database that takes its orders, a running agent, and what people ask it."""

    def __init__(self, folder: Path, table: Table, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._table, self._capsys = folder, table, capsys

    def says(self, status: str) -> None:
        """The shop's order as it is from now on."""
        self._table.rows[:] = [("W-1", LINES, status)]
        self._table.wake()

    def asked(self, *words: str) -> str:
        """What `syncagent orders …` prints."""
        arguments = ["orders", *words, "--config", str(self._folder / "config.yaml")]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return self._capsys.readouterr().out

    def waiting(self) -> list[tuple[str, str, str]]:
        """Key, state and code of the orders that a person has to look at."""
        orders = json.loads(self.asked("list", "--json"))["orders"]
        return [(each["key"], each["state"], each["code"]) for each in orders]

    def documents(self) -> list[str]:
        """The states of the documents in the ERP."""
        with closing(sqlite3.connect(self._folder / "erp.db")) as erp:
            return [state for (state,) in erp.execute("SELECT stato FROM ordini")]


@pytest.fixture
def running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., AbstractContextManager[Company]]:
    """A company whose order W-1 is a document already."""

    @contextmanager
    def run(*, selection: str = "", more: str = "") -> Iterator[Company]:
        name = str(tmp_path)
        TABLES[name] = Table(("NUMBER", "LINES", "STATUS"), [])
        with closing(sqlite3.connect(tmp_path / "erp.db")) as erp:
            erp.execute("CREATE TABLE ordini (numero INTEGER PRIMARY KEY, rif TEXT, stato TEXT)")
        path = tmp_path / "config.yaml"
        path.write_text(CONFIG.format(table=name, selection=selection, more=more))
        agent = Agent.open(path)
        agent.start()
        server = ApiServer(agent, tmp_path, ApiSettings())
        server.start()
        try:
            company = Company(tmp_path, TABLES[name], capsys)
            company.says("new")
            until(lambda: company.documents() == ["aperto"])
            yield company
        finally:
            server.stop()
            agent.stop()
            agent.close()
            del TABLES[name]

    return run


def test_a_cancelled_order_waits_for_a_person_where_nothing_says_how_to_write_it(
    running: Callable[..., AbstractContextManager[Company]],
) -> None:
    with running() as company:
        company.says("cancelled")
        until(lambda: company.waiting() == [("W-1", "parked", "SA-5308")])
        assert company.documents() == ["aperto"]
        shown = company.asked("show", "W-1")
        assert "it was written as 1 and has changed since" in shown
        assert '"status": "cancelled"' in shown
        assert company.asked("confirm", "W-1") == "order W-1 counts as written\n"
        assert company.waiting() == []


def test_a_cancelled_order_is_written_where_the_target_says_how(
    running: Callable[..., AbstractContextManager[Company]],
) -> None:
    with running(more=UPDATE) as company:
        company.says("cancelled")
        until(lambda: company.documents() == ["cancelled"])
        until(lambda: company.waiting() == [])


def test_an_order_that_is_called_off_waits_for_a_person_as_well(
    running: Callable[..., AbstractContextManager[Company]],
) -> None:
    with running(selection=CALLED_OFF) as company:
        company.says("cancelled")
        until(lambda: company.waiting() == [("W-1", "parked", "SA-5309")])
        assert company.documents() == ["aperto"]


def test_an_order_that_is_called_off_is_cancelled_where_the_target_says_how(
    running: Callable[..., AbstractContextManager[Company]],
) -> None:
    with running(selection=CALLED_OFF, more=DELETE) as company:
        company.says("cancelled")
        until(lambda: company.documents() == ["annullato"])
        until(lambda: company.waiting() == [])
