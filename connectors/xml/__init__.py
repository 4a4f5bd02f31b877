"""XML files in a drop folder.

`parsing` finds the records of a document, `paths` takes values out of a record.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._drop import DropConnection
from connectors.xml.options import XmlOptions
from connectors.xml.source import XmlSource

__all__ = ["KIND", "XmlOptions", "XmlSource"]

KIND = Kind(
    name="xml",
    summary="XML files in a drop folder: repeated elements are records",
    connection=DropConnection,
    source=XmlSource,
    source_options=XmlOptions,
)
