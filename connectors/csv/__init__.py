"""CSV files in a drop folder.

`lines` cuts bytes into lines, `rows` parses them when asked, `folder` moves files about,
`source` puts these together, `watching` wakes on events.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.csv.options import CsvConnection, CsvOptions
from connectors.csv.source import CsvSource

__all__ = ["KIND", "CsvConnection", "CsvOptions", "CsvSource"]

KIND = Kind(
    name="csv",
    summary="CSV files in a drop folder: whole tables or changes",
    connection=CsvConnection,
    source=CsvSource,
    source_options=CsvOptions,
)
