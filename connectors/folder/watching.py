"""Wakes when a file of the folder was written, moved or removed, and has settled.

Events wake, scans decide. Where the folder cannot be watched (a share, no more inotify watches)
there are simply no events.
"""

from __future__ import annotations

import os
import threading
import time
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

from connectors.folder.tree import Tree

TELLING = (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
)
AFTER_SETTLING = 0.01
"""File times tick every few milliseconds: ask a tick late rather than a tick early."""


class TreeWatch(FileSystemEventHandler):
    """Calls `wake` once a file has been left alone for `settle` seconds."""

    def __init__(self, tree: Tree, settle: float, wake: Callable[[], None]) -> None:
        self._tree, self._settle, self._wake = tree, settle, wake
        self._root = os.path.realpath(tree.root)
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._observer = Observer()
        with suppress(OSError):
            self._observer.schedule(self, self._root, recursive=True)
            self._observer.start()
        self._waking = threading.Thread(target=self._run, name="folder-watch", daemon=True)
        self._waking.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the file, under its old name and its new one."""
        if isinstance(event, TELLING):
            for path in (event.src_path, event.dest_path):
                if path:
                    self._note(os.path.relpath(os.fsdecode(path), self._root))

    def close(self) -> None:
        """Watch no more; closing twice is harmless."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if threading.current_thread() is not self._waking:
            self._waking.join()

    def _note(self, path: str) -> None:
        path = Path(path).as_posix()
        if self._tree.concerns(path):
            with self._changed:
                self._due[path] = time.monotonic() + self._settle + AFTER_SETTLING
                self._changed.notify()

    def _run(self) -> None:
        while self._wait_until_due():
            self._wake()

    def _wait_until_due(self) -> bool:
        """Wait for a file that has settled; False when closed."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = [path for path, moment in self._due.items() if moment <= now]
                if due:
                    for path in due:
                        del self._due[path]
                    return True
                self._changed.wait(min(self._due.values()) - now if self._due else None)
            return False
