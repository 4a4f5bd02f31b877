"""CSV files in a drop folder.

`lines` cuts bytes into lines, `rows` parses them when asked, `source` puts these together. The
folder itself is `connectors._drop`.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._drop import DropConnection
from connectors.csv.options import CsvOptions
from connectors.csv.source import CsvSource

__all__ = ["KIND", "CsvOptions", "CsvSource"]

KIND = Kind(
    name="csv",
    summary="CSV files in a drop folder: whole tables or changes",
    connection=DropConnection,
    source=CsvSource,
    source_options=CsvOptions,
)
