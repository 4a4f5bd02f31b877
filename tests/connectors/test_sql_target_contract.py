"""A target made of an upsert keeps the contract, on a real PostgreSQL behind a wire that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import msgspec
import pytest

from agent.contract import Kind
from agent.model import Op
from connectors import odbc
from connectors._sql_keeping import close_waiting
from tests.connectors import databases
from tests.contract.target_suite import TargetSuite
from tests.peers.cutting import Cut, Wire, wire
from tests.peers.postgresql import PostgreSQL

TABLES = """
CREATE TABLE articoli (codice text PRIMARY KEY, versione bigint, dati text, tolto boolean);
CREATE TABLE effetti (numero serial, codice text, operazione text, versione bigint);
CREATE TABLE rifiutati (codice text);
CREATE FUNCTION annota() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM rifiutati r WHERE r.codice = NEW.codice) THEN
    RAISE EXCEPTION 'articolo non gradito: %', NEW.codice;
  END IF;
  INSERT INTO effetti (codice, operazione, versione)
    VALUES (NEW.codice, CASE WHEN NEW.tolto THEN 'delete' ELSE 'upsert' END, NEW.versione);
  RETURN NEW;
END $$;
CREATE TRIGGER annota AFTER INSERT OR UPDATE ON articoli FOR EACH ROW EXECUTE FUNCTION annota();
"""
UPSERT = (
    "INSERT INTO articoli AS a (codice, versione, dati, tolto) "
    "VALUES (:codice, :versione, {dati}, {tolto}) ON CONFLICT (codice) DO UPDATE "
    "SET versione = excluded.versione, dati = excluded.dati, tolto = excluded.tolto "
    "WHERE a.versione < excluded.versione"
)
OPTIONS: dict[str, Any] = {
    "repeatable": True,
    "values": {"codice": "{{ key }}", "versione": "{{ version }}"},
    "write": [
        {
            "sql": UPSERT.format(dati=":dati", tolto="false"),
            "values": {"dati": "{{ record }}"},
            "may_touch_none": True,
        }
    ],
    "delete": [{"sql": UPSERT.format(dati="NULL", tolto="true"), "may_touch_none": True}],
    "read": {"sql": "SELECT dati AS record FROM articoli WHERE codice = :codice AND NOT tolto"},
}


class PostgresqlBench:
    kind: Kind = odbc.KIND

    def __init__(self, peer: PostgreSQL, line: Wire) -> None:
        self.peer, self.line = peer, line
        self.connection = databases.on_postgresql(peer).connection | {"port": line.port}
        self.options = OPTIONS
        self._sql(TABLES)

    def _sql(self, statement: str, *values: Any) -> list[Any]:
        with closing(self.peer.connect()) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def effects(self, key: str) -> list[tuple[Op, int]]:
        asked = "SELECT operazione, versione FROM effetti WHERE codice = ? ORDER BY numero"
        return [(Op(done), int(version)) for done, version in self._sql(asked, key)]

    def held(self, key: str) -> Any:
        asked = "SELECT dati FROM articoli WHERE codice = ? AND NOT tolto"
        rows = self._sql(asked, key)
        return msgspec.json.decode(rows[0][0]) if rows else None

    def refuse(self, keys: Sequence[str]) -> None:
        self._sql("DELETE FROM rifiutati")
        for key in keys:
            self._sql("INSERT INTO rifiutati VALUES (?)", key)

    def fail_next(self) -> None:
        self.line.cut(lambda sent: b"INSERT INTO articoli" in sent, Cut.LOSE_MESSAGE)

    def lose_next_answer(self) -> None:
        # Not the one that keeps the settings of a new session.
        committed = iter((False, True))
        self.line.cut(lambda sent: b"COMMIT" in sent and next(committed), Cut.LOSE_ANSWER)


@pytest.mark.xdist_group("postgresql")
class TestSqlTarget(TargetSuite):
    @pytest.fixture
    def bench(self, postgresql_database: PostgreSQL) -> Iterator[PostgresqlBench]:
        with wire(postgresql_database.port) as line:
            yield PostgresqlBench(postgresql_database, line)
            close_waiting()
