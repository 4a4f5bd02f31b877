"""Folders of files whose names say what they belong to: pictures and documents.

`patterns` reads names, `tree` finds the files, `source` makes rows of them and hashes those that
are about to be sent, `watching` wakes when something changed. Nothing is written into the folder.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.folder.options import FolderConnection, FolderOptions
from connectors.folder.source import FolderSource

__all__ = ["KIND", "FolderConnection", "FolderOptions", "FolderSource"]

KIND = Kind(
    name="folder",
    summary="Pictures and documents in a folder, named by article or listed by path",
    connection=FolderConnection,
    source=FolderSource,
    source_options=FolderOptions,
)
