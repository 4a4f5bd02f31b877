"""Workbooks for tests: some kept in tests/fixtures, others made when they are asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

KEPT = Path(__file__).parents[1] / "fixtures" / "workbooks"


def kept(name: str) -> bytes:
    return (KEPT / name).read_bytes()


def workbook(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), at: str = "A1") -> bytes:
    """A workbook of one sheet whose first cell is `at`."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Articoli"
    corner = sheet[at]
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(corner.row + down, corner.column + right, value)
    for place in merged:
        sheet.merge_cells(place)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return made.getvalue()
