"""Rows as CSV."""

from __future__ import annotations

from agent.errors import Rejected
from agent.model import Json
from connectors.file.options import LINE_ENDS, CsvFormat
from connectors.file.values import plain, spliced


def csv_text(content: Json, form: CsvFormat) -> str:
    """The content, a list of rows, as the text of a file."""
    end = LINE_ENDS[form.line_end]
    rows = [list(form.columns)] if form.header else []
    rows += [_cells(row, form) for row in spliced(content)]
    return "".join(form.delimiter.join(_cell(cell, form) for cell in row) + end for row in rows)


def _cells(row: Json, form: CsvFormat) -> list[Json]:
    if not form.columns:
        if not isinstance(row, list):
            raise Rejected("SA-5324", f"a row is no list of cells but {row!r}"[:200])
        return row
    if not isinstance(row, dict):
        raise Rejected("SA-5324", f"a row is no mapping of columns but {row!r}"[:200])
    if unknown := row.keys() - set(form.columns):
        raise Rejected("SA-5324", f"a row has {min(unknown)!r}, which is not among columns")
    return [row.get(name) for name in form.columns]


def _cell(value: Json, form: CsvFormat) -> str:
    text = plain(value, form.decimal_mark)
    breaks = set(text) & {"\r", "\n", form.delimiter}
    if not form.quote:
        if breaks:
            raise Rejected("SA-5324", f"the cell {text[:80]!r} holds a delimiter or a line end")
        return text
    needed = breaks or form.quote in text or text != text.strip()
    if not needed and form.quoting == "needed":
        return text
    return form.quote + text.replace(form.quote, form.quote * 2) + form.quote
