"""Records that both sides change: what is compared is what they agreed on."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.api.operations import OPERATIONS
from agent.daemon import Agent
from agent.errors import Rejected

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
      read:
        sql: SELECT nome AS name, mail AS email FROM clienti WHERE codice = :codice
        values: {codice: "{{ reference | integer }}"}
  to_crm:
    source: {connection: erp, table: clienti, key: [codice]}
    entity: customer
    mapping: {code: codice, name: nome, email: mail}
    two_way: {with: to_erp, conflicts: hold, apart: [code], match: [email]}
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
"""


class Site:
    """A CRM, an ERP, and the agent between them, running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sql("crm", "CREATE TABLE contact (id INTEGER PRIMARY KEY, name, email, mark)")
        self.sql("erp", "CREATE TABLE clienti (codice INTEGER PRIMARY KEY, nome, mail, rif)")
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        self.agent = Agent.open(folder / "config.yaml")

    def sql(self, system: str, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / f"{system}.db", timeout=10)) as db, db:
            return db.execute(statement).fetchall()

    def ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return OPERATIONS[operation].call(self.agent, arguments)

    def run(self, flow: str, scope: str = "differential") -> None:
        job = self.ask("request", flow=flow, scope=scope)["job"]
        self.wait(lambda: self.ask("progress", job=job)["state"] == "done")
        counts = self.agent.store.messages.counts
        self.wait(lambda: not any(each.get("pending", 0) for each in counts().values()))  # type: ignore[call-overload]  # a State is a str

    def wait(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.agent.start()
    yield site
    site.agent.stop()
    site.agent.close()


def test_what_both_sides_agreed_on_is_compared_and_explained(pair: Site) -> None:
    pair.sql("crm", "INSERT INTO contact VALUES (7, 'Rossi', 'r@x.it', NULL)")
    pair.run("to_erp")
    pair.run("to_erp", "verify")
    assert pair.ask("verification", flow="to_erp")["told"] == "1 of 1 in step"
    assert pair.ask("explain", flow="to_erp", key="7")["said"] == "is.there"

    pair.sql("erp", "UPDATE clienti SET nome = 'Rossi SpA'")
    pair.run("to_erp", "verify")
    found = pair.ask("verification", flow="to_erp")["findings"]
    assert [(each["kind"], each["key"]) for each in found] == [("different", "7")]
    assert found[0]["fields"] == {"name": ["Rossi", "Rossi SpA"]}

    pair.run("to_crm")
    assert pair.sql("crm", "SELECT name FROM contact") == [("Rossi SpA",)]
    pair.run("to_erp", "verify")
    assert pair.ask("verification", flow="to_erp")["told"] == "1 of 1 in step"


def test_conflict_is_under_way_and_explained_as_one(pair: Site) -> None:
    pair.sql("crm", "INSERT INTO contact VALUES (7, 'Rossi', 'r@x.it', NULL)")
    pair.run("to_erp")
    pair.run("to_crm")
    pair.sql("crm", "UPDATE contact SET name = 'Rossi A'")
    pair.sql("erp", "UPDATE clienti SET nome = 'Rossi B'")
    pair.run("to_erp")
    pair.run("to_crm")
    answer = pair.ask("explain", flow="to_erp", key="7")
    assert (answer["said"], answer["command"]) == ("not.conflict", "syncagent conflicts list")
    assert "(name)" in answer["sentence"]
    pair.run("to_erp", "verify")
    assert pair.ask("verification", flow="to_erp")["told"] == "0 of 1 in step, 1 under way"


def test_record_is_found_by_the_key_of_either_side(pair: Site) -> None:
    pair.sql("erp", "INSERT INTO clienti VALUES (3, 'Bianchi', 'b@x.it', NULL)")
    pair.sql("crm", "INSERT INTO contact VALUES (7, 'Rossi', 'r@x.it', NULL)")
    pair.run("to_erp")
    pair.run("to_crm")
    pair.run("to_erp")
    code = pair.sql("erp", "SELECT codice FROM clienti WHERE nome = 'Rossi'")[0][0]
    assert pair.ask("explain", flow="to_erp", key="7")["there"]
    assert pair.ask("explain", flow="to_crm", key=str(code))["sentence"]


def test_old_states_are_not_replayed(pair: Site) -> None:
    with pytest.raises(Rejected, match="both sides change") as caught:
        pair.ask("replay", flow="to_erp", since="2026-01-01T00:00:00+00:00", by="Anna")
    assert "--repair" in caught.value.hint
