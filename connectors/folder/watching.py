"""Wakes when a file of the folder was written, moved or removed, and has settled.

Events wake, scans decide. Where the folder cannot be watched (a share, no more inotify watches)
there are simply no events.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from agent.errors import SyncError
from connectors._settling import Settling
from connectors.folder.tree import Sighting, Tree

TELLING = (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
)


class TreeWatch(FileSystemEventHandler):
    """Calls `wake` once a file has been left alone for `settle` seconds."""

    def __init__(self, tree: Tree, settle: float, wake: Callable[[], None]) -> None:
        self._tree = tree
        self._root = os.path.realpath(tree.root)
        self._settling = Settling(settle, wake, "folder-watch")
        self._observer = Observer()
        with suppress(OSError):
            self._observer.schedule(self, self._root, recursive=True)
            self._observer.start()
        # What was written before sends no event any more.
        with suppress(SyncError):
            for each in tree.walk():
                if isinstance(each, Sighting) and not each.settled:
                    self._settling.note(each.path)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the file, under its old name and its new one."""
        if isinstance(event, TELLING):
            for path in (event.src_path, event.dest_path):
                if path:
                    self._note(os.path.relpath(os.fsdecode(path), self._root))

    def close(self) -> None:
        """Watch no more; closing twice is harmless."""
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        self._settling.close()

    def _note(self, path: str) -> None:
        path = Path(path).as_posix()
        if self._tree.concerns(path):
            self._settling.note(path)
