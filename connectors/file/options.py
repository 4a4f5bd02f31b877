"""What the configuration says: where files go, what they are called, what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.contract import Duration, Options
from connectors._drop.options import Encoding
from connectors._drop.text import is_ebcdic, is_single_byte
from connectors._template import Template
from connectors.file.elements import require_names

LINE_ENDS = {"crlf": "\r\n", "lf": "\n", "nel": "\x85", "none": ""}


def _permissions(text: str) -> int:
    try:
        bits = int(text, 8)
    except ValueError:
        bits = -1
    if not 0 <= bits <= 0o777:
        raise ValueError(f"{text!r} are no permissions such as 0664")
    return bits


def _plain(name: str) -> str:
    if name in {".", ".."} or set(name) & set("/\\"):
        raise ValueError(f"{name!r} is not the name of something inside the folder")
    return name


NAMED = {"tab": "\t", "none": ""}
Character = Annotated[str, BeforeValidator(lambda text: NAMED.get(text, text))]
Permissions = Annotated[str, AfterValidator(lambda text: text and f"{_permissions(text):04o}")]
PlainName = Annotated[str, AfterValidator(_plain)]


class FileConnection(Options):
    """A folder from which another program imports."""

    folder: Path = Field(
        description="The folder that the other program reads; relative to the configuration file. "
        r"On Windows a share is written \\server\share\folder, never as a drive letter."
    )
    workspace: Path | None = Field(
        None,
        description="Where files are prepared and the ledger is kept; on the folder's own file "
        "system. By default `.syncagent` inside the folder.",
    )
    landmark: PlainName = Field(
        "",
        description="Name of something that always lies in the folder: where it is missing the "
        "share is not mounted, and nothing is written.",
    )
    permissions: Permissions = Field(
        "", description="Permissions of the files, such as 0664; by default what the umask leaves."
    )
    remember: Duration = Field(
        180 * 86400.0,
        ge=86400,
        description="How long the ledger remembers a file that was handed over.",
    )


class TextOptions(Options):
    """What every format of text says."""

    encoding: Encoding = Field("utf-8", description="How text is encoded.")
    unknown_characters: Literal["refuse", "replace"] = Field(
        "refuse",
        description="What to do with a character that the encoding lacks: refuse the record, or "
        "write a question mark.",
    )


class CsvFormat(TextOptions):
    """How a CSV file is written. The content is a list of rows."""

    delimiter: Character = Field(
        ",",
        min_length=1,
        max_length=1,
        description="What stands between two cells; `tab` for a tabulator.",
    )
    quote: Character = Field('"', max_length=1, description="What encloses a cell; `none`.")
    quoting: Literal["needed", "all"] = Field(
        "needed", description="Which cells are enclosed: all, or those for which it is needed."
    )
    columns: tuple[str, ...] = Field(
        (), description="Names of the columns: rows are mappings then; without it they are lists."
    )
    header: bool = Field(False, description="Whether the first line names the columns.")
    decimal_mark: Literal[".", ","] = Field(
        ".", description="The mark in numbers; a text stays as the template makes it."
    )
    line_end: Literal["crlf", "lf", "nel"] = Field("crlf", description="What ends a line.")

    @model_validator(mode="after")
    def _fits_together(self) -> CsvFormat:
        if self.header and not self.columns:
            raise ValueError("header: yes needs columns")
        if self.delimiter == self.quote or {self.delimiter, self.quote} & {"\r", "\n"}:
            raise ValueError("delimiter and quote must be two characters, and no line end")
        (self.delimiter + self.quote + "".join(self.columns)).encode(self.encoding)
        return self


class FixedField(Options):
    """One field of a record."""

    length: int = Field(
        ge=1, description="Its length in bytes (in characters for UTF-8 and UTF-16)."
    )
    start: int = Field(
        0, ge=0, description="Position of its first byte, from 1; by default behind the last field."
    )
    type: Literal["text", "number", "zoned", "packed", "binary", "unsigned"] = Field(
        "text",
        description="`text`; `number`: digits with leading zeros; `zoned`: digits with the sign in "
        "one of them; `packed`: two digits a byte (COMP-3); `binary` and `unsigned`: integers of "
        "whole bytes.",
    )
    align: Literal["left", "right"] = Field("left", description="Where a text stands.")
    pad: str = Field(
        " ", min_length=1, max_length=1, description="What fills up a text, or blanks a number."
    )
    too_long: Literal["refuse", "cut"] = Field(
        "refuse", description="What to do with a text that is too long; a number is never cut."
    )
    scale: int = Field(
        0, ge=0, le=63, description="How many of a number's digits stand behind the decimal mark."
    )
    mark: Literal["", ".", ","] = Field(
        "", description="The decimal mark that a `number` shows; by default it is left out."
    )
    sign: Literal["first", "last"] = Field(
        "last",
        description="Where a minus stands: before or behind a `number`, in which digit of a "
        "`zoned` one.",
    )
    positive: Literal["C", "F"] = Field(
        "F", description="The half byte that says plus in `packed` and `zoned` numbers."
    )
    byte_order: Literal["big", "little"] = Field(
        "big", description="Which byte of a `binary` or `unsigned` number comes first."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> FixedField:
        if self.mark and not 0 < self.scale < self.length - 1:
            raise ValueError("mark needs a scale, and a length for digits, mark and a minus")
        return self


class FixedFormat(TextOptions):
    """How a file of fixed width is written. The content is a list of `{RECORD: {FIELD: value}}`."""

    records: Mapping[str, Mapping[str, FixedField]] = Field(
        min_length=1, description="The kinds of records: name → its fields in their order."
    )
    record_length: int | None = Field(
        None, ge=1, description="Records are filled up with blanks to this length."
    )
    line_end: Literal["crlf", "lf", "nel", "none"] = Field(
        "crlf", description="What ends a record."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> FixedFormat:
        for record, fields in self.records.items():
            behind = 0
            for name, field in fields.items():
                if field.start and field.start <= behind:
                    raise ValueError(f"{record}.{name} begins inside the field before it")
                behind = (field.start or behind + 1) - 1 + field.length
                if field.type not in {"text", "number"} and not is_single_byte(self.encoding):
                    raise ValueError(f"{record}.{name}: {field.type} needs bytes, not UTF-8 or 16")
            if self.record_length and behind > self.record_length:
                raise ValueError(f"{record} is longer than record_length")
        return self

    @property
    def ebcdic(self) -> bool:
        """Whether digits are those of EBCDIC."""
        return is_ebcdic(self.encoding)


class JsonFormat(TextOptions):
    """How a JSON file is written. The content is the document, or a list with `lines`."""

    layout: Literal["document", "lines"] = Field(
        "document", description="One document, or each element of the content on a line."
    )
    indent: int = Field(0, ge=0, le=8, description="Blanks by which a document is indented.")


class XmlFormat(TextOptions):
    """How an XML file is written. The content is `{ROOT: {…}}`.

    A name is an element, `@name` an attribute, `.` the element's text; a list repeats the element,
    null leaves it out.
    """

    namespaces: Mapping[str, str] = Field(
        {},
        description='Prefix → namespace, declared at the outermost element; `""` is the default.',
    )
    declaration: bool = Field(True, description="Whether it begins with `<?xml … ?>`.")
    indent: int = Field(0, ge=0, le=8, description="Blanks by which elements are indented.")


class DeleteOptions(Options):
    """The file that says that a record is no more."""

    name: Template | None = Field(None, description="Its name; by default that of all files.")
    content: Template = Field(description="What stands in it; `record` is empty.")


class FileOptions(Options):
    """What the files of a flow are called, and what stands in them."""

    name: Template = Field(
        description="The file's name: `ORD_{{ key }}.csv`. What no file name may hold becomes `_`."
    )
    content: Template = Field(description="What stands in it, as the format wants it.")
    csv: CsvFormat | None = Field(None, description="Write CSV.")
    fixed: FixedFormat | None = Field(None, description="Write records of fixed width.")
    json_: JsonFormat | None = Field(None, alias="json", description="Write JSON.")
    xml: XmlFormat | None = Field(None, description="Write XML.")
    trigger: Template | None = Field(
        None,
        description="Name of an empty file that is written after the file: `ORD_{{ key }}.ok`.",
    )
    changed: Literal["refuse", "rewrite"] = Field(
        "refuse",
        description="What to do with a record that changed after its file was handed over: refuse "
        "it, or write another file, in place of the first where that is still there.",
    )
    delete: DeleteOptions | None = Field(
        None, description="The file for a deleted record; without it deletes are refused."
    )

    @model_validator(mode="after")
    def _one_format(self) -> FileOptions:
        if sum(each is not None for each in self._formats) != 1:
            raise ValueError("say one of csv, fixed, json, xml")
        if self.xml:
            contents = [self.content, *([self.delete.content] if self.delete else [])]
            for each in contents:
                require_names(each.tree, self.xml.namespaces)
        return self

    @property
    def format(self) -> CsvFormat | FixedFormat | JsonFormat | XmlFormat:
        """The one that is said."""
        return next(each for each in self._formats if each is not None)

    @property
    def _formats(self) -> tuple[CsvFormat | FixedFormat | JsonFormat | XmlFormat | None, ...]:
        return self.csv, self.fixed, self.json_, self.xml
