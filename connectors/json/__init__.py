"""JSON files in a drop folder: one document, or a document in each line.

`paths` takes values out of a record, `source` finds the records of a file.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._drop import DropConnection
from connectors.json.options import JsonOptions
from connectors.json.source import JsonSource

__all__ = ["KIND", "JsonOptions", "JsonSource"]

KIND = Kind(
    name="json",
    summary="JSON files in a drop folder: a document with records, or JSON lines",
    connection=DropConnection,
    source=JsonSource,
    source_options=JsonOptions,
)
