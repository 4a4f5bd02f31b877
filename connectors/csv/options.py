"""What the configuration says about CSV files."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Size
from connectors._drop import DropOptions, Encoding
from connectors._drop.text import line_encoding


def _character(text: str) -> str:
    character = {"tab": "\t", "\\t": "\t", "none": ""}.get(text, text)
    if len(character) > 1 or character in {"\n", "\r"}:
        raise ValueError(f"{text!r} is not a single character")
    return character


Character = Annotated[str, AfterValidator(_character)]


class CsvOptions(DropOptions):
    """Which files of the folder a flow reads, and how they are written."""

    encoding: Encoding = Field("utf-8", description="How text is encoded; never guessed.")
    delimiter: Character = Field(
        ",", description="What stands between two cells; `tab` for a tabulator."
    )
    quote: Character = Field(
        '"',
        description="What encloses a cell; `none` where quotes have no meaning.",
    )
    header: bool = Field(True, description="Whether the first line names the columns.")
    columns: tuple[str, ...] = Field(
        (), description="Names of the columns, for files without a header line."
    )
    skip_lines: int = Field(0, ge=0, description="Lines before the header (or first row) to skip.")
    skip_footer: int = Field(
        0, ge=0, description="Lines at the end to skip, such as a total; empty ones do not count."
    )
    comment: str = Field("", description="Lines that begin with this text are skipped.")
    max_cell: Size = Field(2**20, ge=1, description="Largest cell; a row with a larger one parks.")
    max_columns: int = Field(1000, ge=1, description="A file with more columns is refused.")

    @model_validator(mode="after")
    def _fits_together(self) -> CsvOptions:
        if self.header and self.columns:
            raise ValueError("columns are for files without a header line: add `header: no`")
        if not self.header and not self.columns:
            raise ValueError("a file without a header line needs `columns`")
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("columns names a column twice")
        if self.columns and (missing := [name for name in self.key if name not in self.columns]):
            raise ValueError(f"key column {missing[0]!r} is not among columns")
        if self.delimiter in {"", self.quote} or not self.quote.isascii():
            raise ValueError("delimiter and quote must be two characters, the quote an ASCII one")
        try:
            (self.delimiter + self.quote + self.comment).encode(line_encoding(self.encoding))
        except UnicodeEncodeError:
            raise ValueError(
                f"delimiter, quote or comment do not exist in {self.encoding}"
            ) from None
        return self
