"""dBase and FoxPro tables in a drop folder, with their memos.

`header` says what a table's columns are, `values` decodes them, `memo` reads the second file,
`source` puts these together.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._drop import DropConnection
from connectors.dbf.options import DbfOptions
from connectors.dbf.source import DbfSource

__all__ = ["KIND", "DbfOptions", "DbfSource"]

KIND = Kind(
    name="dbf",
    summary="dBase III and IV, Clipper and FoxPro tables (.dbf) in a drop folder, with memos",
    connection=DropConnection,
    source=DbfSource,
    source_options=DbfOptions,
)
