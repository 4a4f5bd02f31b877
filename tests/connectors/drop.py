"""A drop folder and the flow that reads it, for tests."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from agent.contract import AnySource, Batch, Kind
from connectors import csv


class Drop:
    """One folder and one flow. Each `source()` is a new life of the agent."""

    def __init__(self, root: Path, kind: Kind = csv.KIND) -> None:
        self.root = root
        self.kind = kind
        self.connection: dict[str, Any] = {"folder": str(root), "settle": "2s"}
        self.options: dict[str, Any] = {"files": "articles*.csv", "key": ["sku"]}
        root.mkdir()

    def put(self, name: str, data: str | bytes, age: float = 60) -> Path:
        """Drop a file that was last written `age` seconds ago."""
        path = self.root / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        moment = time.time() - age
        os.utime(path, (moment, moment))
        return path

    def source(self) -> AnySource:
        assert self.kind.source
        return self.kind.source(
            self.kind.connection.model_validate(self.connection),
            self.kind.source_options.model_validate(self.options),
        )

    def take(self, cursor: str = "") -> list[Batch]:
        source = self.source()
        batches = []
        for batch in source.read(cursor):
            batches.append(batch)
            source.settle(batch)
        source.close()
        return batches

    def names(self, folder: str = "") -> list[str]:
        """Files in one of the folders under the names with which they were dropped."""
        paths = [path for path in (self.root / folder).glob("*") if path.is_file()]
        return sorted(path.name.partition("_")[2] if folder else path.name for path in paths)
