"""The configuration while the daemon runs: looked at again, checked whole, swapped or refused."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from agent.config.configuration import Config
from agent.config.loading import load
from agent.config.problems import ConfigurationProblems, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """The file changed. `config` is in force from now on.

    With `problems` the new file was refused and `config` is still the last good one.
    """

    config: Config
    problems: ConfigurationProblems | None = None


class ConfigFile:
    """One configuration file. Raises `ConfigurationProblems` where it is wrong from the start."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._lock = threading.Lock()
        self._seen = self._mark()
        self._taken = self._seen
        self._current = load(self._path)
        self._refused: list[Problem] = []

    @property
    def current(self) -> Config:
        """The last good configuration; safe to ask from any thread."""
        return self._current

    def poll(self, *, at_once: bool = False) -> Change | None:
        """What changed since the last time, told once; None where nothing did.

        A file is taken when it looks the same as at the poll before: an editor may still be
        writing, and half a file may be a valid one with half the flows. `at_once` is for a person
        who says that it is finished.
        """
        with self._lock:
            before, self._seen = self._seen, self._mark()
            if self._seen == self._taken or (self._seen != before and not at_once):
                return None
            self._taken = self._seen
            return self._take()

    def _take(self) -> Change | None:
        try:
            config = load(self._path)
        except ConfigurationProblems as problems:
            if problems.problems == self._refused:
                return None
            self._refused = problems.problems
            return Change(self._current, problems)
        mended, self._refused = bool(self._refused), []
        if config.digest == self._current.digest and not mended:
            return None
        self._current = config
        return Change(config)

    def _mark(self) -> tuple[int, ...]:
        """What changes when the file is written or replaced; empty while there is none."""
        try:
            stat = self._path.stat()
        except OSError:
            return ()
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
