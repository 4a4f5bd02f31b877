"""The demo's ERP is the same for the same seed, and as awkward as real ones."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.demo import erp

TABLES = ("CATEGO", "ARTICO", "LISTIN", "SCAGLI", "GIACEN", "CLIENT", "DESTIN")


def rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    erp.create(tmp_path / "erp.db")
    return tmp_path / "erp.db"


def test_same_seed_makes_the_same_rows(database: Path, tmp_path: Path) -> None:
    erp.create(tmp_path / "again.db")
    erp.create(tmp_path / "other.db", seed=7)
    for table in TABLES:
        first = rows(database, f"SELECT * FROM {table}")
        assert first == rows(tmp_path / "again.db", f"SELECT * FROM {table}")
    assert rows(database, "SELECT * FROM ARTICO") != rows(
        tmp_path / "other.db", "SELECT * FROM ARTICO"
    )


def test_rows_have_the_traps_of_old_systems(database: Path) -> None:
    codes = [code for (code,) in rows(database, "SELECT ARCOD FROM ARTICO")]
    assert all(len(code) == 15 and code.startswith("0") for code in codes)
    dates = [day for (day,) in rows(database, "SELECT ARDTV FROM ARTICO")]
    assert 0 in dates
    assert all(day == 0 or 1_190_000 < day < 1_270_000 for day in dates)
    assert any("," in price for (price,) in rows(database, "SELECT LIPRZ FROM LISTIN"))
    assert {"NA", "NO"} <= {province for (province,) in rows(database, "SELECT CLPRO FROM CLIENT")}
    names = "".join(name for (name,) in rows(database, "SELECT CLRAG FROM CLIENT"))
    assert "ò" in names
    assert "'" in names


def test_there_are_a_few_thousand_rows(database: Path) -> None:
    total = sum(rows(database, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES)
    assert 2_500 < total < 4_000


def test_price_list_is_written_as_such_systems_write_it(database: Path, tmp_path: Path) -> None:
    erp.change_price(database, "000002", Decimal("10.00"))
    dropped = tmp_path / "listino.csv"
    count = erp.write_price_list_csv(database, dropped, factor=Decimal("1.05"))
    with dropped.open(encoding="cp1252", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert len(lines) == count == len(erp.article_codes(database))
    assert {line["LIART"].rstrip(): line["LIPRZ"] for line in lines}["000002"] == "10,50"


def test_changes_reach_the_row_they_are_meant_for(database: Path) -> None:
    erp.change_stock(database, "000001", Decimal("7.5"))
    erp.rename_article(database, "000001", "")
    erp.remove_article(database, "000002")
    assert rows(database, "SELECT GIESI FROM GIACEN WHERE GIART LIKE '000001%' LIMIT 1") == [
        ("7,5",)
    ]
    assert rows(database, "SELECT ARDES FROM ARTICO WHERE ARCOD LIKE '000001%'") == [("",)]
    assert "000002" not in erp.article_codes(database)
    with pytest.raises(KeyError):
        erp.change_price(database, "no such", Decimal(1))


def test_ean_and_vat_numbers_have_the_right_check_digit() -> None:
    """A printed article and a published partita IVA."""
    assert erp._ean_check("400638133393") == "1"
    assert erp._vat_check("0074311015") == "7"
