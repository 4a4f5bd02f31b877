"""Folders of small files that are what their names say, for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from agent.contract import Batch
from connectors.folder import FolderConnection, FolderOptions, FolderSource

JPEG = b"\xff\xd8\xff\xe0 a picture "
PDF = b"%PDF-1.7 a document "


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Pictures:
    """One folder and one flow. Each `source()` is a new life of the agent."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.connection: dict[str, Any] = {"folder": str(root), "settle": "0s"}
        self.options: dict[str, Any] = {
            "files": ["{sku}_{position:digits}.jpg", "{sku}.jpg"],
            "defaults": {"position": "0"},
            "key": ["sku", "position"],
        }
        root.mkdir()

    def put(self, path: str, content: bytes | str = "") -> Path:
        """Put a file there, as another program would; text makes a picture."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else JPEG + content.encode())
        return file

    def source(self) -> FolderSource:
        return FolderSource(
            FolderConnection.model_validate(self.connection),
            FolderOptions.model_validate(self.options),
        )

    def look(self) -> list[Batch]:
        """One pass, not yet hashed."""
        source = self.source()
        batches = list(source.read(""))
        source.close()
        return batches

    def rows(self) -> dict[str, dict[str, Any]]:
        """Path → row, of one pass, with hashes."""
        found = {}
        for batch in self.look():
            if batch.fill:
                for row in map(batch.fill, batch.rows):
                    named = dict(zip(batch.columns, row, strict=True))
                    found[named["path"]] = named
        return found
