"""Reads workbooks of a drop folder, parsed by a child process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from agent.contract import Kind
from connectors._drop import DropConnection, DropSource, Stretch, Table, column_names
from connectors._drop import rows as drop_rows
from connectors._drop.rows import unusable_header
from connectors.excel.child import Child
from connectors.excel.frames import Job
from connectors.excel.options import Area, ExcelOptions, area
from connectors.excel.rows import SheetRows

HINT = "check sheet, range and header_rows"


class ExcelSource(DropSource[ExcelOptions]):
    """Workbooks of a drop folder. A row whose cells are known is never turned into values."""

    _child: Child | None = None

    def table(self, file: BinaryIO) -> Table:
        """The columns of the sheet, and the rows as the child hands them on."""
        options = self.options
        place = area(options.range) if options.range else Area(0, 0)
        job = Job(
            path=file.name,
            sheet=options.sheet,
            placed=bool(options.range),
            **place._asdict(),
            header_rows=options.header_rows,
            columns=options.columns,
            max_columns=options.max_columns,
            max_unpacked=options.max_unpacked,
            memory=options.memory,
            batch=drop_rows.BATCH,
        )
        child = self._child = Child(job, options.patience)
        heading = child.heading()
        if not heading.columns:
            raise unusable_header("there is none", HINT)
        columns = column_names(heading.columns, limit=options.max_columns, hint=HINT)
        return Table(columns, self._stretches(child, heading.sheet, heading.left, columns))

    def close(self) -> None:
        """End the child too."""
        if self._child:
            self._child.close()
            self._child = None
        super().close()

    def _stretches(
        self, child: Child, sheet: str, left: int, columns: tuple[str, ...]
    ) -> Iterator[Stretch]:
        for part in child.parts():
            rows = SheetRows(sheet, left, columns, part)
            yield Stretch(rows, rows.where, rows.digests())


KIND = Kind(
    name="excel",
    summary="Excel workbooks in a drop folder: xlsx, xls, xlsb, ods",
    connection=DropConnection,
    source=ExcelSource,
    source_options=ExcelOptions,
)
