"""Files of fixed width in a drop folder: text, and the records of COBOL and RPG programs.

`values` decodes one field, `layout` a whole record, `source` cuts a file into records.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._drop import DropConnection
from connectors.fixed.options import FixedOptions
from connectors.fixed.source import FixedSource

__all__ = ["KIND", "FixedOptions", "FixedSource"]

KIND = Kind(
    name="fixed",
    summary="Files of fixed width in a drop folder, with packed and zoned decimals and EBCDIC",
    connection=DropConnection,
    source=FixedSource,
    source_options=FixedOptions,
)
