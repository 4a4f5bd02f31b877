"""Wakes when a dropped file has settled. Events wake, scans decide.

Where the folder cannot be watched (a share, no more inotify watches) there are simply no events.
On a share the system reports only what this machine writes.
"""

from __future__ import annotations

import threading
import time
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

TELLING = (FileClosedEvent, FileCreatedEvent, FileModifiedEvent, FileMovedEvent)
AFTER_SETTLING = 0.01
"""File times tick every few milliseconds: ask a tick late rather than a tick early."""


class FolderWatch(FileSystemEventHandler):
    """Calls `wake` once each file has been left alone for `settle` seconds."""

    def __init__(
        self, folder: DropFolder, ready_suffix: str, settle: float, wake: Callable[[], None]
    ) -> None:
        self._folder, self._ready_suffix = folder, ready_suffix
        self._settle, self._wake = settle, wake
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._observer = Observer()
        with suppress(OSError):
            self._observer.schedule(self, str(folder.root))
            self._observer.start()
        # What lies there already sends no event any more.
        with suppress(SyncError):
            for sighting in folder.look():
                self._note(sighting.name)
        self._waking = threading.Thread(target=self._run, name="drop-watch", daemon=True)
        self._waking.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the file that was written, made or renamed."""
        if isinstance(event, TELLING):
            self._note(Path(str(event.dest_path or event.src_path)).name)

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

    def _note(self, name: str) -> None:
        if self._ready_suffix and name.lower().endswith(self._ready_suffix.lower()):
            name = name[: -len(self._ready_suffix)]
        if self._folder.concerns(name) or self._folder.accompanies(name):
            with self._changed:
                wait = self._settle + AFTER_SETTLING if self._settle else 0.0
                self._due[name] = time.monotonic() + wait
                self._changed.notify()

    def _run(self) -> None:
        while self._wait_until_due():
            self._wake()

    def _wait_until_due(self) -> bool:
        """Wait for a file that has settled; False when closed."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = [name for name, moment in self._due.items() if moment <= now]
                if due:
                    for name in due:
                        del self._due[name]
                    return True
                self._changed.wait(min(self._due.values()) - now if self._due else None)
            return False
