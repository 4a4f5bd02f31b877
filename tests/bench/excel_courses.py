"""Excel workbooks in a drop folder → shop, beside the bare parser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.bench.course import Course, Step
from tests.bench.measuring import run_bare
from tests.bench.rows import COLUMNS, rows
from tests.bench.site import Site

SOURCE = '{connection: drops, files: "*.xlsx", key: [id]}'
CONNECTION = "drops: {kind: excel, folder: drops, settle: 0s}"
ROWS = 100_000


def workbooks(course: Course) -> Iterator[Step]:
    """One workbook after the other, each taken over by `syncagent sync`."""
    count = min(course.count, ROWS)
    first, changed = (course.files / f"{name}-{count}.xlsx" for name in ("first", "changed"))
    if not changed.exists():
        _write(first, count)
        _write(changed, count, changed=0.001)
    log = course.folder / "bare.log"
    yield "bare: python-calamine", run_bare("parse_workbook", str(changed), log=log)
    with Site(course.folder / "excel", CONNECTION, {"products": SOURCE}) as site:
        (site.folder / "drops").mkdir()
        for name, file in (
            ("Excel: first load", first),
            ("Excel: dropped again", first),
            ("Excel: 0.1 % changed", changed),
        ):
            shutil.copy(file, site.folder / "drops" / "articles.xlsx")
            yield name, site.sync("products")


def _write(path: Path, count: int, *, changed: float = 0.0) -> None:
    """The rows with numbers and dates as such, as a person would keep them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Articoli")
    sheet.append(COLUMNS)
    for values in rows(count, changed=changed):
        sheet.append([_cell(name, value) for name, value in zip(COLUMNS, values, strict=True)])
    book.save(path)


def _cell(name: str, value: Any) -> Any:
    if name in {"price", "cost"}:
        return Decimal(value)
    if name == "created":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name == "updated" else value
