"""What the configuration says about JSON files."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from agent.contract import Size
from connectors._drop import Encoding
from connectors._drop.nested import NestedOptions


class JsonOptions(NestedOptions):
    r"""Which files of the folder a flow reads, and what it takes out of each record.

    `price.net` reaches into a nested object, `images.0` into a list; a dot that belongs to a name
    is written `\.`.
    """

    layout: Literal["document", "lines"] = Field(
        "document",
        description="`document`: a file is one JSON document; `lines`: each line is a record.",
    )
    records: str = Field(
        "",
        description="Where a document holds its list of records, such as `data.items`; by default "
        "the document is the list. An object there is a single record.",
    )
    encoding: Encoding = Field("utf-8", description="How text is encoded; never guessed.")
    max_document: Size = Field(
        64 * 2**20, ge=1, description="A larger document is refused: it is held in memory."
    )
    max_line: Size = Field(2**24, ge=1, description="A file with a longer line is refused.")

    @model_validator(mode="after")
    def _fits_together(self) -> JsonOptions:
        if not self.columns:
            raise ValueError("columns is missing: what to read of each record")
        if self.layout == "lines" and self.records:
            raise ValueError("records is for a document; columns reach into a line by themselves")
        return self
