"""Files in a folder from which another program imports: one message, one file.

`target` decides, `parcel` makes a file of a message, `ledger` remembers on the folder's own file
system what was handed over, `moving` is what the operating system does in one step. `writing` makes
the bytes: `separated` CSV, `records` and `numbers` fixed width, `elements` XML.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.file.options import FileConnection, FileOptions
from connectors.file.target import FileTarget

__all__ = ["KIND", "FileConnection", "FileOptions"]

KIND = Kind(
    name="file",
    summary="Files for an import folder, one a record: CSV, fixed width, JSON or XML",
    connection=FileConnection,
    target=FileTarget,
    target_options=FileOptions,
)
