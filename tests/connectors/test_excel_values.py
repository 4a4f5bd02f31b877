# ruff: noqa: DTZ001 - a workbook knows no time zones
"""What the cells of a workbook become, in each of the four formats."""

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from pydantic import ValidationError

from agent.contract import Batch
from agent.errors import Rejected
from connectors._drop import rows as drop_rows
from connectors.excel.options import Area, ExcelOptions, area
from connectors.excel.rows import letters, number
from connectors.excel.source import KIND
from tests.connectors.drop import Drop
from tests.connectors.workbooks import kept, with_part, workbook

TABLE = {"sheet": "Listino 2026", "range": "B3:J10", "header_rows": "2", "key": ["Codice"]}


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {"files": "*", "key": ["sku"]}
    return drop


def rows_of(drop: Drop, data: bytes, **options: Any) -> list[tuple[Any, ...]]:
    """The header and the rows of one workbook; a row that is refused as its reason."""
    drop.options |= options
    drop.put("book.xlsx", data)
    batches = drop.take()
    return [batches[0].columns, *(row for batch in batches for row in readable(batch))]


def readable(batch: Batch) -> list[tuple[Any, ...]]:
    found = []
    rows = iter(batch.rows)
    for _ in range(len(batch.rows)):
        try:
            found.append(next(rows))
        except Rejected as error:
            found.append((error.code, error.reason))
    return found


@pytest.mark.parametrize("name", ["listino.xlsx", "listino.xls", "listino.xlsb", "listino.ods"])
def test_every_format_gives_the_same_table(drop: Drop, name: str) -> None:
    columns, *rows = rows_of(drop, kept(name), **TABLE)
    assert columns == (
        "Codice", "EAN", "Prezzo netto", "Prezzo lordo", "Giacenza", "Valido dal", "Valido alle",
        "Attivo", "Nota interna",
    )  # fmt: skip
    assert rows == [
        ("00123", 8012345678901, 5, Decimal("6.1"), 12, date(2026, 1, 31),
         datetime(2026, 1, 31, 14, 5, 9), True, "Caffè ☕"),
        ("00124", 8012345678918, Decimal("39.5"), Decimal("48.19"), 0, date(2026, 2, 28),
         datetime(2026, 2, 28, 23, 59, 59), False, ""),
        ("1E5", 8012345678925, Decimal("0.1"), Decimal("0.3"), -7, date(1999, 12, 31),
         date(2000, 1, 1), True, "riga 8"),
        ("SA-2036", 'cell E9 of sheet Listino 2026 ("Prezzo lordo") holds #DIV/0!'),
        ("00127", 8012345678949, Decimal("1234567.891"), "molto", 1000000, "", "", False, ""),
    ]  # fmt: skip


def test_no_number_is_a_float_and_whole_ones_are_integers(drop: Drop) -> None:
    _, row = rows_of(drop, workbook([("sku", "a", "b", "c"), (5.0, 0.1 + 0.2, 1e15, 1e-7)]))
    assert row == (5, Decimal("0.3"), 10**15, Decimal("0.0000001"))
    assert [type(cell) for cell in row] == [int, Decimal, int, Decimal]


@pytest.mark.parametrize(
    ("held", "shown"),
    [(-5.0, "-5"), (8012345678901.0, "8012345678901"), (1e22, "1" + "0" * 22), (39.9, "39.9"),
     (1.005, "1.005"), (0.1 + 0.7, "0.8"), (123456789.123456, "123456789.123456")],
)  # fmt: skip
def test_numbers_are_as_excel_shows_them(held: float, shown: str) -> None:
    assert format(number(held), "f" if number(held) % 1 else "") == shown


def test_dates_times_and_spans_keep_their_type(drop: Drop) -> None:
    given = (date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), time(6, 7), timedelta(hours=30))
    _, row = rows_of(drop, workbook([("sku", "a", "b", "c"), given]))
    assert row == (*given[:3], "P1DT21600S")


def test_number_stored_as_text_stays_text(drop: Drop) -> None:
    _, row = rows_of(drop, workbook([("sku", "a"), ("00123", "1.50")]))
    assert row == ("00123", "1.50")


def test_error_outside_the_table_refuses_no_row(drop: Drop) -> None:
    _, *rows = rows_of(drop, kept("listino.xlsx"), **(TABLE | {"range": "B3:D10"}))
    assert [row[0] for row in rows] == ["00123", "00124", "1E5", "00126", "00127"]


def test_row_says_on_which_sheet_and_row_it_stands(drop: Drop) -> None:
    drop.options |= TABLE
    drop.put("listino.xls", kept("listino.xls"))
    (batch,) = drop.take()
    assert batch.where
    assert [batch.where(index) for index in (1, 2)] == [
        "listino.xls sheet Listino 2026 row 6",
        "listino.xls sheet Listino 2026 row 8",  # an empty row stands between
    ]


def test_row_of_nothing_but_errors_is_no_empty_row(drop: Drop) -> None:
    cell = b'<c r="A2" t="e"><f>NA()</f><v>#N/A</v></c>'
    data = workbook([("sku", "name"), ("A",), ("B", "y")])
    sheet = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    sheet = re.sub(rb'<c r="A2".*?</c>', cell, sheet)
    _, *rows = rows_of(drop, with_part(data, "xl/worksheets/sheet1.xml", sheet))
    assert rows == [
        ("SA-2036", 'cell A2 of sheet Articoli ("sku") holds #N/A'),
        ("B", "y"),
    ]


# Where the table stands


def test_table_begins_at_the_first_cell_in_use(drop: Drop) -> None:
    columns, row = rows_of(drop, workbook([("sku", "name"), ("A", "x")], at="C5"))
    assert (columns, row) == (("sku", "name"), ("A", "x"))


def test_sheet_can_be_named_by_its_number(drop: Drop) -> None:
    options = TABLE | {"sheet": "2"}
    assert len(rows_of(drop, kept("listino.ods"), **options)) == 6


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("C3", [("name", "price"), ("x", 1), ("y", 2)]),
        ("B3:C", [("sku", "name"), ("A", "x"), ("B", "y")]),
        ("b3:d4", [("sku", "name", "price"), ("A", "x", 1)]),
        ("A3:C4", [("column_1", "sku", "name"), ("", "A", "x")]),
        ("D3:D9", [("price",), (1,), (2,)]),
    ],
)
def test_range_cuts_the_table_out(drop: Drop, place: str, expected: list[Any]) -> None:
    data = workbook([("sku", "name", "price"), ("A", "x", 1), ("B", "y", 2)], at="B3")
    assert rows_of(drop, data, range=place) == expected


def test_table_without_header_takes_its_columns_from_the_flow(drop: Drop) -> None:
    data = workbook([("A", "x", 1), ("B", "y", 2)])
    rows = rows_of(drop, data, header_rows="0", columns=["sku", "name"])
    assert rows == [("sku", "name"), ("A", "x"), ("B", "y")]


def test_remarks_to_the_right_of_the_header_are_no_column(drop: Drop) -> None:
    data = workbook([("sku", "name"), ("A", "x", "chiedere a Mario"), ("B", "y")])
    assert rows_of(drop, data) == [("sku", "name"), ("A", "x"), ("B", "y")]


def test_merged_header_names_each_of_its_columns_and_no_other(drop: Drop) -> None:
    data = workbook(
        [("sku", "Prezzo", None, None), (None, "netto", "lordo", "nota"), ("A", 1, 2, "x")],
        merged=["A1:A2", "B1:C1"],
    )
    columns, _ = rows_of(drop, data, header_rows="2")
    assert columns == ("sku", "Prezzo netto", "Prezzo lordo", "nota")


def test_line_breaks_and_numbers_in_a_header_are_read_as_text(drop: Drop) -> None:
    columns, _ = rows_of(drop, workbook([("sku", "prezzo\nnetto ", 2026), ("A", 1, 2)]))
    assert columns == ("sku", "prezzo netto", "2026")


@pytest.mark.parametrize("count", [49, 50, 51, 100])
def test_no_row_is_lost_between_two_parts(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 50)
    data = workbook([("sku",), *((f"A{n}",) for n in range(count))])
    assert rows_of(drop, data)[1:] == [(f"A{n}",) for n in range(count)]


def test_rows_of_very_long_cells_come_in_smaller_parts(drop: Drop) -> None:
    note = Random(1).randbytes(15_000).hex()
    drop.put("book.xlsx", workbook([("sku", "note"), *((n, f"{n}{note}") for n in range(1200))]))
    batches = drop.take()
    assert [len(batch.rows) for batch in batches] == [600, 600]
    assert [row[0] for batch in batches for row in batch.rows] == list(range(1200))


def test_table_with_nothing_but_a_header_is_complete_without_rows(drop: Drop) -> None:
    drop.put("book.xlsx", workbook([("sku", "name")]))
    (batch,) = drop.take()
    assert (len(batch.rows), batch.columns, batch.complete) == (0, ("sku", "name"), True)


# Options


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("B3", Area(2, 1)),
        ("B3:H", Area(2, 1, None, 7)),
        ("a1:aa20", Area(0, 0, 19, 26)),
        ("XFD1048576", Area(1048575, 16383)),
    ],
)
def test_range_is_read_as_excel_writes_it(text: str, named: Area) -> None:
    assert area(text) == named


def test_columns_have_letters_as_in_excel() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"range": "3B"}, "no range such as"),
        ({"range": "H3:B9"}, "ends before it begins"),
        ({"range": "B9:H3"}, "ends before it begins"),
        ({"columns": ["sku"]}, "add `header_rows: 0`"),
        ({"header_rows": 0}, "needs `columns`"),
        ({"header_rows": 0, "columns": ["a", "a"]}, "names a column twice"),
        ({"header_rows": 0, "columns": ["a"]}, "key column 'sku'"),
    ],
)
def test_options_that_cannot_work_are_refused_at_load(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ExcelOptions.model_validate({"files": "*.xlsx", "key": ["sku"]} | given)
