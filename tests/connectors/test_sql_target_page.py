"""The example on the page about databases as targets, on a real database."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from agent.config import load
from agent.contract import AnyTarget
from tests.connectors.databases import Database
from tests.connectors.sql_erp import Kept, deliver, message, order

PAGE = Path(__file__).parents[2] / "docs" / "connectors" / "sql-target.md"
TABLES = """
CREATE SEQUENCE num_clienti;
CREATE TABLE clienti (codice varchar(20) PRIMARY KEY, ragsoc varchar(60), piva varchar(11),
  codfis varchar(16), email varchar(60), rifweb varchar(40));
INSERT INTO clienti (codice, ragsoc, piva) VALUES ('C0007', 'Rossi', '01234567890');
CREATE TABLE contatori (tipo char(2) PRIMARY KEY, ultimo integer);
INSERT INTO contatori VALUES ('OV', 4711);
CREATE TABLE articoli (codice varchar(20) PRIMARY KEY);
INSERT INTO articoli VALUES ('VIT-1');
CREATE TABLE ordtes (numdoc integer PRIMARY KEY, rifweb varchar(40), codcli varchar(20),
  datdoc date, totale numeric(12,2));
CREATE TABLE ordrig (numdoc integer, riga integer, codart varchar(20), qta numeric(12,3),
  prezzo numeric(12,4))
"""


@pytest.mark.xdist_group("postgresql")
def test_example_of_the_page_matches_the_customer_and_writes_his_order(
    postgresql: Database, tmp_path: Path
) -> None:
    postgresql.sql(*TABLES.split(";"))
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "config.yaml"
    path.write_text(example[1], encoding="utf-8")
    configured = load(path)
    kept = Kept()

    def target(flow: str) -> AnyTarget:
        end = configured.flows[flow].target
        assert end.kind.target
        login = end.kind.connection.model_validate(postgresql.connection)
        made = end.kind.target(login, end.options)
        made.equip(kept, made.gate)
        return made

    with closing(target("registrations")) as customers, closing(target("web_orders")) as orders:
        lines = [{"line": 1, "sku": "VIT-1", "quantity": "10", "price": "0.125"}]
        placed = order("17", customer="9", lines=lines, placed_at="2026-11-22T23:30:00Z")
        assert deliver(orders, placed).waits
        rossi = {"name": "Rossi Srl", "vat_number": "01234567890", "tax_code": "", "email": None}
        assert deliver(customers, message("customer", "9", rossi)).reference == "C0007"
        verdi = {"name": "Verdi", "vat_number": None, "tax_code": None, "email": None}
        assert deliver(customers, message("customer", "10", verdi)).reference == "W1"
        assert deliver(orders, placed).reference == "4712"
        unknown = [line | {"sku": "NO-1"} for line in lines]
        assert deliver(orders, order("18", customer="9", lines=unknown)).code == "SA-5310"
        for each in (customers, orders):
            assert list(each.check())
    with closing(postgresql.opener()) as connection:
        written = connection.execute(
            "SELECT t.numdoc, rifweb, codcli, datdoc::text, totale::text, codart, prezzo::text, "
            "ultimo FROM ordtes t JOIN ordrig r ON r.numdoc = t.numdoc, contatori"
        ).fetchall()
    row = (4712, "17", "C0007", "2026-11-23", "45.00", "VIT-1", "0.1250", 4712)
    assert [tuple(each) for each in written] == [row]
