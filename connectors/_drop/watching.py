"""Wakes when a dropped file has settled. Events wake, scans decide.

Where the folder cannot be watched (a share, no more inotify watches) there are simply no events.
On a share the system reports only what this machine writes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from agent.errors import SyncError
from connectors._drop.folder import DropFolder
from connectors._settling import Settling

TELLING = (FileClosedEvent, FileCreatedEvent, FileModifiedEvent, FileMovedEvent)


class FolderWatch(FileSystemEventHandler):
    """Calls `wake` once each file has been left alone for `settle` seconds."""

    def __init__(
        self, folder: DropFolder, ready_suffix: str, settle: float, wake: Callable[[], None]
    ) -> None:
        self._folder, self._ready_suffix = folder, ready_suffix
        self._settling = Settling(settle, wake, "drop-watch")
        self._observer = Observer()
        with suppress(OSError):
            self._observer.schedule(self, str(folder.root))
            self._observer.start()
        # What lies there already sends no event any more.
        with suppress(SyncError):
            for sighting in folder.look():
                self._note(sighting.name)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the file that was written, made or renamed."""
        if isinstance(event, TELLING):
            self._note(Path(str(event.dest_path or event.src_path)).name)

    def close(self) -> None:
        """Watch no more; closing twice is harmless."""
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        self._settling.close()

    def _note(self, name: str) -> None:
        if self._ready_suffix and name.lower().endswith(self._ready_suffix.lower()):
            name = name[: -len(self._ready_suffix)]
        if self._folder.concerns(name) or self._folder.accompanies(name):
            self._settling.note(name)
