"""What the configuration says about a drop folder and the files in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Options, Size
from connectors.csv.lines import is_known_encoding, line_encoding


def _plain_name(name: str) -> str:
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|'):
        raise ValueError(f"{name!r} is not the plain name of a folder inside the drop folder")
    return name


def _pattern(pattern: str) -> str:
    if not pattern or set(pattern) & set("/\\"):
        raise ValueError(f"{pattern!r} must name files of the folder itself, such as articles*.csv")
    return pattern


def _encoding(name: str) -> str:
    if not is_known_encoding(name):
        raise ValueError(
            f"unknown encoding {name!r}; usual ones are utf-8, cp1252, cp850, iso8859-15, utf-16"
        )
    return name


def _character(text: str) -> str:
    character = {"tab": "\t", "\\t": "\t", "none": ""}.get(text, text)
    if len(character) > 1 or character in {"\n", "\r"}:
        raise ValueError(f"{text!r} is not a single character")
    return character


FolderName = Annotated[str, AfterValidator(_plain_name)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Character = Annotated[str, AfterValidator(_character)]


class CsvConnection(Options):
    """A drop folder."""

    folder: Path = Field(
        description="The folder that files are dropped into; relative to the configuration file. "
        r"On Windows a share is written \\server\share\folder, never as a drive letter."
    )
    settle: Duration = Field(
        2.0, description="How long a file must have stayed unchanged before it is read."
    )
    ready_suffix: str = Field(
        "",
        pattern=r"^(\.\w+)?$",
        description="Read a file only once a marker lies beside it: `.ok` waits for "
        "`articles.csv.ok`. Then `settle` does not apply.",
    )
    archive: FolderName = Field(
        "archive", description="Folder inside the drop folder for files that were taken over."
    )
    quarantine: FolderName = Field(
        "quarantine", description="Folder inside the drop folder for files that cannot be used."
    )
    keep_for: Duration = Field(
        30 * 86400.0, description="How long archived files are kept; the newest one always is."
    )
    keep_files: int = Field(
        1000, ge=1, description="How many archived files are kept for each `files` pattern."
    )

    @model_validator(mode="after")
    def _two_folders(self) -> CsvConnection:
        if self.archive.lower() == self.quarantine.lower():
            raise ValueError("archive and quarantine must be two folders")
        return self


class CsvOptions(Options):
    """Which files of the folder a flow reads, and how they are written."""

    files: Pattern = Field(
        description="Names of the files, such as `articles*.csv`; capitals do not matter."
    )
    key: tuple[str, ...] = Field(min_length=1, description="Columns that make the key, in order.")
    contents: Literal["full", "delta"] = Field(
        "full",
        description="`full`: a file is the whole table, so a key that is missing was deleted; "
        "`delta`: a file holds only what is new or changed.",
    )
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
