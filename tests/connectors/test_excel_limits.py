"""Workbooks that are damaged, hostile or too large end in the quarantine, and nothing hangs."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psutil
import pytest

from agent.errors import Rejected
from connectors._drop import rows as drop_rows
from connectors.excel.source import KIND
from tests.connectors.drop import Drop
from tests.connectors.workbooks import kept, with_part, workbook

GOOD = workbook([("sku", "name"), ("A", "x")])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {"files": "*", "key": ["sku"]}
    return drop


def refusal(drop: Drop, data: bytes) -> Rejected:
    """Why the workbook is refused; a good one beside it is read all the same."""
    drop.put("bad.xlsx", data, age=90)
    drop.put("good.xlsx", GOOD)
    with pytest.raises(Rejected) as refused:
        drop.take()
    assert drop.names("archive") == ["good.xlsx"]
    assert drop.names("quarantine") == ["bad.xlsx", "bad.xlsx.reason.txt"]
    assert children() == []
    return refused.value


def children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if any("connectors.excel" in word for word in child.cmdline())
    ]


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"PK" + data[2:200],
        lambda _: b"sku;name\nA;x\n",
        lambda _: b"<html><table><tr><td>sku</td></tr></table></html>",
        lambda _: zipped({"word/document.xml": b"<x/>"}),
        lambda data: with_part(data, SHEET, b"<worksheet><sheetData><row"),
        lambda data: with_part(data, "xl/workbook.xml", b"nothing"),
        lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
        lambda _: kept("listino.xls")[:4000],
        lambda _: workbook([]),
    ],
    ids=["cut off", "no directory", "CSV", "HTML", "Word", "sheet", "book", "OLE", "xls", "empty"],
)
def test_file_that_is_no_sound_workbook_is_refused(
    drop: Drop, spoil: Callable[[bytes], bytes]
) -> None:
    assert refusal(drop, spoil(GOOD)).code in {"SA-2008", "SA-2032", "SA-2035"}


def test_cells_that_the_parser_would_pass_over_are_refused(drop: Drop) -> None:
    drop.options |= {"sheet": "Listino 2026", "range": "B3:J10", "header_rows": "2"}
    drop.put("bad.xlsb", kept("short.xlsb"))
    with pytest.raises(Rejected, match="short form"):
        drop.take()


def test_encrypted_workbook_is_refused_by_name(drop: Drop) -> None:
    assert "password" in refusal(drop, kept("locked.xlsx")).reason


def test_missing_sheet_names_those_that_are_there(drop: Drop) -> None:
    drop.options["sheet"] = "Articoli"
    found = refusal(drop, kept("listino.xlsx"))
    assert (found.code, "Copertina, Listino 2026" in found.reason) == ("SA-2035", True)


# Limits before anything is unpacked


def test_archive_packed_too_tightly_is_refused_unopened(drop: Drop) -> None:
    bomb = with_part(GOOD, SHEET, b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert refusal(drop, bomb).code == "SA-2033"


def test_archive_that_unpacks_to_too_much_is_refused_unopened(drop: Drop) -> None:
    drop.options["max_unpacked"] = "5KiB"
    drop.put("bad.xlsx", GOOD)
    with pytest.raises(Rejected, match="5120 are allowed"):
        drop.take()


def test_archive_of_too_many_parts_is_refused_unopened(drop: Drop) -> None:
    found = refusal(drop, zipped({f"xl/{n}.xml": b"" for n in range(10_001)}))
    assert (found.code, "10001 parts" in found.reason) == ("SA-2033", True)


# Limits of the child


def test_directory_that_lies_runs_into_the_limit_of_memory(drop: Drop) -> None:
    """The archive's directory tells a kilobyte; the part itself is larger than all memory."""
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 5_000 + b"</t></is></c></row>"
    content = b"<worksheet><sheetData>" + row * 54_000 + b"</sheetData></worksheet>"
    bomb = bytearray(with_part(GOOD, SHEET, content))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = bomb.find(signature)
        while at >= 0:
            (size,) = struct.unpack_from("<I", bomb, at + place)
            if size == len(content):
                struct.pack_into("<I", bomb, at + place, 1000)
            at = bomb.find(signature, at + 1)
    drop.options["memory"] = "256MiB"
    assert refusal(drop, bytes(bomb)).code in {"SA-2032", "SA-2034"}


def test_cell_at_the_far_corner_runs_into_the_limit_of_memory(drop: Drop) -> None:
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    first = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    data = with_part(
        GOOD, SHEET, sheet + b"<sheetData>" + first + cell + b"</sheetData></worksheet>"
    )
    drop.options["memory"] = "512MiB"
    found = refusal(drop, data)
    assert (found.code, "536870912 bytes" in found.reason) == ("SA-2034", True)


def test_child_that_works_too_long_is_ended(drop: Drop) -> None:
    drop.options["patience"] = "1ms"
    drop.put("bad.xlsx", GOOD)
    with pytest.raises(Rejected, match=r"longer than 0\.001 s"):
        drop.take()
    assert children() == []


def test_entities_that_grow_are_not_expanded(drop: Drop) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    book = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><workbook>&a19;</workbook>'
    assert refusal(drop, with_part(GOOD, "xl/workbook.xml", book.encode())).code == "SA-2035"


def test_pass_that_is_given_up_ends_the_child(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 10)
    drop.put("book.xlsx", workbook([("sku",), *((f"A{n}",) for n in range(5000))]))
    source = drop.source()
    reading = source.read("")
    next(reading)
    assert len(children()) == 1
    source.close()
    assert children() == []
    reading.close()  # type: ignore[attr-defined]  # `read` is a generator


def test_file_refused_in_the_middle_ends_the_child_and_goes_to_the_quarantine(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 10)
    drop.put("book.xlsx", workbook([("sku",), *((f"A{n}",) for n in range(5000))]))
    source = drop.source()
    reading = source.read("")
    next(reading)
    source.refuse("the column name is gone")
    assert children() == []
    assert list(reading) == []
    assert drop.names("quarantine") == ["book.xlsx", "book.xlsx.reason.txt"]
    source.close()
