"""What a flow says about a file of IBM i, and how its journal is named."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from connectors._ibmi.catalogue import NO_CONVERSION
from connectors._sql import SqlOptions


def _journal(name: str) -> str:
    if not re.fullmatch(r"[A-Z$#@][A-Z0-9_$#@]{0,9}/[A-Z$#@][A-Z0-9_$#@]{0,9}", name.upper()):
        raise ValueError("name the journal as LIBRARY/JOURNAL")
    return name.upper()


Journal = Annotated[str, AfterValidator(_journal)]
CodePage = Annotated[int, Field(ge=1, le=65535)]


class IbmiOptions(SqlOptions):
    """What to read, and how a change is found."""

    ccsids: dict[str, CodePage] = Field(
        default={},
        description="Column → code page (CCSID) of its text, where the system does not know it or "
        f"knows a wrong one; {NO_CONVERSION}: bytes, decoded by the mapping's `encoding`.",
    )
    paging: Literal["pages", "stream"] = Field(
        default="pages",
        description="`pages`: short statements of `page_size` rows by key. `stream`: one statement "
        "for all rows, for releases before 7.1 TR11 and keys without an index.",
    )
    journal: Journal | None = Field(
        default=None,
        description="LIBRARY/JOURNAL that the file is journaled to: differential runs then read "
        "only the rows that it names.",
    )
    journal_rows: int = Field(
        default=50_000,
        ge=1,
        description="When the journal names more rows than this, everything is read instead.",
    )

    probe: bool = Field(
        default=False,
        description="Ask the system's counts of writes first, and read everything only when they "
        "moved (physical files without a journal or cursor).",
    )

    @model_validator(mode="after")
    def _only_what_a_file_has(self) -> IbmiOptions:
        if self.query is not None and (self.journal or self.ccsids):
            raise ValueError("journal and ccsids need a table, not a query")
        if self.journal and self.cursor:
            raise ValueError("give either journal or cursor")
        if self.probe and (self.journal or self.cursor or self.query is not None):
            raise ValueError("probe is for a table without journal or cursor")
        if any(child.query is not None for child in self.children.values()) and self.probe:
            raise ValueError("probe needs children that are tables, not queries")
        if self.journal and self.children:
            raise ValueError(
                "a journal tells the changes of one file: children would change unseen; read them "
                "in a flow of their own, or use a cursor"
            )
        return self
