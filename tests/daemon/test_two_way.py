"""Contacts that a CRM and an ERP both change: two SQLite files, the whole agent between them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.api.client import connect
from agent.api.server import ApiServer
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.daemon import Agent
from tests.waiting import until

CONFIG = """
connections:
  crm: {kind: sqlite, file: crm.db}
  erp: {kind: sqlite, file: erp.db}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  to_erp:
    source: {connection: crm, table: contact, key: [id]}
    entity: customer
    mapping: {code: id, name: name, email: email}
    target:
      connection: erp
      values: {nome: "{{ record.name }}", mail: "{{ record.email }}", rif: "{{ key }}"}
      look_up: [{sql: SELECT codice FROM clienti WHERE rif = :rif}]
      write:
        - sql: INSERT INTO clienti (nome, mail, rif) VALUES (:nome, :mail, :rif) RETURNING codice
          returns: codice
      update:
        - sql: UPDATE clienti SET nome = :nome, mail = :mail WHERE codice = :codice
          values: {codice: "{{ reference | integer }}"}
    schedule: {every: 1s}
  to_crm:
    source: {connection: erp, table: clienti, key: [codice]}
    entity: customer
    mapping: {code: codice, name: nome, email: mail}
    two_way: {with: to_erp, conflicts: RULE, apart: [code], match: [email]}
    target:
      connection: crm
      values: {name: "{{ record.name }}", email: "{{ record.email }}", mark: "{{ key }}"}
      look_up: [{sql: SELECT id FROM contact WHERE mark = :mark}]
      write:
        - sql: INSERT INTO contact (name, email, mark) VALUES (:name, :email, :mark) RETURNING id
          returns: id
      update:
        - sql: UPDATE contact SET name = :name, email = :email WHERE id = :id
          values: {id: "{{ reference | integer }}"}
    schedule: {every: 1s}
"""
TABLES = {
    "crm": "CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT, email TEXT, mark TEXT)",
    "erp": "CREATE TABLE clienti (codice INTEGER PRIMARY KEY, nome TEXT, mail TEXT, rif TEXT)",
}
IN_CRM = "SELECT name, email FROM contact ORDER BY email"
IN_ERP = "SELECT nome, mail FROM clienti ORDER BY mail"


class Site:
    """The two systems, and the agent that runs between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.agent: Agent

    def sql(self, system: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / f"{system}.db", timeout=10)) as db, db:
            return db.execute(statement, values).fetchall()

    def both(self, *expected: tuple[str, str]) -> bool:
        return self.sql("crm", IN_CRM) == self.sql("erp", IN_ERP) == list(expected)


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    found = Site(tmp_path)
    for system, table in TABLES.items():
        found.sql(system, table)
    found.sql("crm", "INSERT INTO contact (name, email) VALUES ('Rossi', 'rossi@x.it')")
    found.sql("erp", "INSERT INTO clienti (nome, mail) VALUES ('Rossi', 'ROSSI@x.it')")
    found.sql("erp", "INSERT INTO clienti (nome, mail) VALUES ('Bianchi', 'bianchi@x.it')")
    rule = getattr(request, "param", "newest")
    (tmp_path / "config.yaml").write_text(CONFIG.replace("RULE", rule))
    agent = found.agent = Agent.open(tmp_path / "config.yaml")
    agent.start()
    server = ApiServer(agent, tmp_path, ApiSettings())
    server.start()
    yield found
    server.stop()
    agent.stop()
    agent.close()


def in_step(site: Site) -> None:
    """Both sides have both, and nothing is being written any more."""
    until(lambda: len(site.sql("crm", IN_CRM)) == 2 and len(site.sql("erp", IN_ERP)) == 2)
    until(lambda: not any(site.agent.store.messages.next_due(each) for each in ("crm", "erp")))


def test_records_that_both_have_are_known_and_others_are_created_once(site: Site) -> None:
    in_step(site)
    time.sleep(2.5)  # two rounds more: nothing comes back as an echo
    both = [("Bianchi", "bianchi@x.it"), ("Rossi", "rossi@x.it")]
    assert site.sql("crm", IN_CRM) == site.sql("erp", IN_ERP) == both


def test_what_one_side_changes_the_other_one_shows(site: Site) -> None:
    in_step(site)
    site.sql("crm", "UPDATE contact SET name = 'Rossi srl' WHERE name = 'Rossi'")
    site.sql("erp", "UPDATE clienti SET mail = 'b@x.it' WHERE nome = 'Bianchi'")
    until(lambda: site.sql("erp", "SELECT 1 FROM clienti WHERE nome = 'Rossi srl'"))
    until(lambda: site.sql("crm", "SELECT 1 FROM contact WHERE email = 'b@x.it'"))
    assert len(site.sql("crm", IN_CRM)) == len(site.sql("erp", IN_ERP)) == 2


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_a_person_decides_where_both_changed_the_same(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    in_step(site)
    # Between two looks: whichever side is read first, the other one is looked at before writing.
    with closing(sqlite3.connect(site.folder / "crm.db")) as crm, crm:
        crm.execute("BEGIN IMMEDIATE")
        crm.execute("UPDATE contact SET name = 'Verdi crm' WHERE name = 'Bianchi'")
        site.sql("erp", "UPDATE clienti SET nome = 'Verdi erp' WHERE nome = 'Bianchi'")

    def asked(*words: str) -> str:
        arguments = ["conflicts", *words, "--config", str(site.folder / "config.yaml")]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    def about_names() -> list[dict[str, Any]]:
        waiting = json.loads(asked("list", "--json"))["conflicts"]
        return [each for each in waiting if "name" in each["fields"]]

    until(about_names)
    (conflict,) = about_names()
    assert conflict["flows"] == ["to_erp", "to_crm"]
    assert conflict["fields"] == {"name": ["Verdi crm", "Verdi erp"]}
    assert "Verdi crm" in asked("list")
    asked("keep", conflict["key"], "--from", "to_crm")
    until(lambda: site.sql("crm", "SELECT 1 FROM contact WHERE name = 'Verdi erp'"))
    assert not about_names()

    def parked() -> list[dict[str, Any]]:
        client = connect(site.folder)
        assert client is not None
        waiting = client.ask("messages", state="parked", key=conflict["key"])["messages"]
        return list(waiting)

    until(lambda: not parked())
