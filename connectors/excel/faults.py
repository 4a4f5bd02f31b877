"""Cells that hold an error, such as #N/A. The parser shows them as empty, which would be a lie.

Each container is read once more, for nothing but these cells, and only where a table has cells
that look empty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Error numbers of the binary formats ([MS-XLS] 2.5.10 BErr)."""
CHUNK = 2**20


class Fault(NamedTuple):
    """One cell that holds an error; row and column counted from 0."""

    row: int
    column: int
    text: str


def faults_of(path: Path, container: str, sheet: str) -> dict[int, dict[int, str]]:
    """Row → column → what stands there, for one sheet."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    finders = {"xlsx": _in_xlsx, "xlsb": _in_xlsb, "ods": _in_ods, "xls": _in_xls}
    for fault in finders[container](path, sheet):
        found[fault.row][fault.column] = fault.text
    return found


# xlsx

_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt=["']e["'][^>]*>""")
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
LONGEST_CELL = 2**16
"""Bytes of a cell's formula and value that are kept together between two chunks."""


def _in_xlsx(path: Path, sheet: str) -> Iterator[Fault]:
    with ZipFile(path) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - see `reading`
        ids = {
            each.get("name"): value
            for each in book.iter()
            if _plain(each.tag) == "sheet"
            for name, value in each.attrib.items()
            if _plain(name) == "id"
        }
        part = _part(archive, "xl/_rels/workbook.xml.rels", ids[sheet])
        with archive.open(part) as stream:
            yield from _error_cells(stream)


def _error_cells(stream: IO[bytes]) -> Iterator[Fault]:
    rest = b""
    while piece := stream.read(CHUNK):
        block = rest + piece
        end = max(block.rfind(b"c>") + 2, len(block) - LONGEST_CELL)
        if b't="e"' in block or b"t='e'" in block:
            for cell in _ERROR_CELL.finditer(block, 0, end):
                place, value = _PLACE.search(cell[0]), _VALUE.search(block, cell.end(), end)
                if place is None:
                    raise ValueError("a cell with an error does not say where it stands")
                text = value[1].decode() if value else "an error"
                yield Fault(int(place[2]) - 1, _column(place[1]), text)
        rest = block[end:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _part(archive: ZipFile, relations: str, wanted: str) -> str:
    """The part of the archive that a relation leads to."""
    for each in ET.fromstring(archive.read(relations)).iter():  # noqa: S314 - see `reading`
        if each.get("Id") == wanted:
            target = each.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(wanted)


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


# xlsb: records of a varying number, a varying length, and their bytes ([MS-XLSB] 2.1.4)

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_SHORT = range(12, 19)
"""Cells without their column, as some libraries write them and Excel does not; the parser passes
over them in silence."""


def _in_xlsb(path: Path, sheet: str) -> Iterator[Fault]:
    with ZipFile(path) as archive:
        ids = {}
        for kind, data in _records12(archive.read("xl/workbook.bin")):
            if kind == _SHEET:
                relation, place = _wide(data, 8)
                ids[_wide(data, place)[0]] = relation
        part = _part(archive, "xl/_rels/workbook.bin.rels", ids[sheet])
        row = 0
        for kind, data in _records12(archive.read(part)):
            if kind in _SHORT:
                raise ValueError("cells in a short form that Excel itself does not write")
            if kind == _ROW:
                row = int.from_bytes(data[:4], "little")
            elif kind in {_CELL_ERROR, _FORMULA_ERROR}:
                column = int.from_bytes(data[:4], "little")
                yield Fault(row, column, ERRORS.get(data[8], "an error"))


def _records12(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        kind, place = data[place], place + 1
        if kind & 0x80:
            kind, place = kind & 0x7F | (data[place] & 0x7F) << 7, place + 1
        length = shift = 0
        more = 0x80
        while more & 0x80:
            more, place = data[place], place + 1
            length |= (more & 0x7F) << shift
            shift += 7
        yield kind, data[place : place + length]
        place += length


def _wide(data: bytes, place: int) -> tuple[str, int]:
    """A text in UTF-16 with its length before it, and where it ends."""
    start = place + 4
    end = start + 2 * int.from_bytes(data[place:start], "little")
    return data[start:end].decode("utf-16-le"), end


# ods

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ERROR_TEXT = re.compile(r"#[A-Z/0!?]+|Err:\d+")
_NO_VALUE = b'string-value=""'


def _in_ods(path: Path, sheet: str) -> Iterator[Fault]:
    with ZipFile(path) as archive:
        with archive.open("content.xml") as stream:
            if not _holds(stream, _NO_VALUE):  # a thousand times cheaper than to look at each cell
                return
        with archive.open("content.xml") as stream:
            yield from _formulas_without_value(stream, sheet)


def _holds(stream: IO[bytes], wanted: bytes) -> bool:
    rest = b""
    while piece := stream.read(CHUNK):
        if wanted in rest + piece:
            return True
        rest = piece[-len(wanted) :]
    return False


def _formulas_without_value(stream: IO[bytes], sheet: str) -> Iterator[Fault]:
    row = column = 0
    here = False
    for event, each in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 - as above
        if event == "start":
            if each.tag == f"{_TABLE}table":
                here, row = each.get(f"{_TABLE}name") == sheet, 0
            elif each.tag == f"{_TABLE}table-row":
                column = 0
        elif each.tag == f"{_TABLE}table-row":
            row += int(each.get(f"{_TABLE}number-rows-repeated", "1"))
            each.clear()
        elif each.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            if here and _is_error(each):
                yield Fault(row, column, "".join(each.itertext()))
            column += int(each.get(f"{_TABLE}number-columns-repeated", "1"))


def _is_error(cell: ET.Element) -> bool:
    """A formula without a value whose text is an error: the format knows no cells of errors."""
    no_value = cell.get(f"{_OFFICE}string-value") == ""
    return no_value and bool(_ERROR_TEXT.fullmatch("".join(cell.itertext()).strip()))


# xls: records of two bytes number, two bytes length ([MS-XLS] 2.1.4)

_EOF, _FORMULA, _BOUND_SHEET, _BOOL_ERR, _BOF = 0x0A, 0x06, 0x85, 0x205, 0x809
_NO_NUMBER, _ERROR_RESULT = b"\xff\xff", 2


def _in_xls(path: Path, sheet: str) -> Iterator[Fault]:
    from olefile import OleFileIO  # noqa: PLC0415 - for xls only

    with OleFileIO(str(path)) as container:
        name = "Workbook" if container.exists("Workbook") else "Book"
        book = container.openstream(name).read()
    for kind, data in _records8(book, 0):
        if kind == _BOUND_SHEET and _sheet_name(data) == sheet:
            yield from _faults8(book, int.from_bytes(data[:4], "little"))
            return


def _faults8(book: bytes, start: int) -> Iterator[Fault]:
    for kind, data in _records8(book, start):
        if kind == _BOOL_ERR and data[7]:
            number = data[6]
        elif kind == _FORMULA and data[12:14] == _NO_NUMBER and data[6] == _ERROR_RESULT:
            number = data[8]
        else:
            continue
        row, column = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
        yield Fault(row, column, ERRORS.get(number, "an error"))


def _records8(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, those of charts inside it included."""
    depth = 0
    while place + 4 <= len(book):
        kind = int.from_bytes(book[place : place + 2], "little")
        length = int.from_bytes(book[place + 2 : place + 4], "little")
        place += 4
        yield kind, book[place : place + length]
        place += length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return


def _sheet_name(data: bytes) -> str:
    length, wide = data[6], data[7] & 1
    return data[8:].decode("utf-16-le")[:length] if wide else data[8 : 8 + length].decode("latin-1")
