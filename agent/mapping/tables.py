"""Value tables: what a code of the source is called in the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from agent.mapping.problem import Invalid
from agent.mapping.spec import FieldSpec, ValuesFile

FILE_LIMIT = 16 * 2**20


def value_table(spec: FieldSpec, base_folder: Path) -> Mapping[str, str] | None:
    """The field's table, inline or from its file; None where it has none."""
    if spec.values is not None:
        return spec.values
    if spec.values_file is not None:
        return _from_file(spec.values_file, base_folder)
    return None


def content(file: ValuesFile, base_folder: Path) -> bytes:
    """The file as it is now: a part of the mapping's fingerprint."""
    path = base_folder / file.path
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise _invalid(f"{path} is larger than 16 MiB")
        return path.read_bytes()
    except OSError as error:
        raise _invalid(f"{path} cannot be read: {error.strerror}") from None


def _from_file(file: ValuesFile, base_folder: Path) -> Mapping[str, str]:
    try:
        text = content(file, base_folder).decode(file.encoding)
    except (UnicodeError, LookupError) as error:
        raise _invalid(f"{file.path} is not {file.encoding}: {error}") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter, strict=True)
    try:
        return _pairs(lines, file)
    except csv.Error as error:
        raise _invalid(f"{file.path} line {lines.line_num}: {error}") from None


def _pairs(lines: Iterable[list[str]], file: ValuesFile) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for number, cells in enumerate(lines, 1):
        if not cells or (number == 1 and file.header):
            continue
        if len(cells) != 2:
            raise _invalid(
                f"{file.path} row {number} has {len(cells)} columns, two are needed",
                f'columns are parted by "{file.delimiter}": declare delimiter if that is wrong',
            )
        key, value = cells[0].strip(), cells[1].strip()
        if table.setdefault(key, value) != value:
            raise _invalid(f'{file.path} row {number} gives "{key}" a second meaning')
    return table


def _invalid(text: str, hint: str = "check path, rights, encoding and delimiter") -> Invalid:
    return Invalid("SA-3008", "values_file", text, hint)
