"""Sources that tell when something may have changed. Events wake; scans decide."""

from __future__ import annotations

import logging
from collections.abc import Callable

from agent.contract import AnySource, Closing, can
from agent.errors import SyncError

log = logging.getLogger(__name__)


class Watches:
    """The watches of all flows. One that cannot be had is no harm: schedules look all the same."""

    def __init__(self) -> None:
        self._open: list[tuple[AnySource, Closing]] = []

    def add(
        self, flow: str, make_source: Callable[[], AnySource], wake: Callable[[], None]
    ) -> None:
        """Watch the source of a flow, if it can be watched."""
        source = make_source()
        try:
            if can(source, "watch"):
                self._open.append((source, source.watch(wake)))
                return
        except SyncError as error:
            told = {"flow": flow, "error": str(error), "hint": error.hint}
            log.warning("cannot be watched", extra=told)
        source.close()

    def close(self) -> None:
        """End all watches."""
        while self._open:
            source, watch = self._open.pop()
            watch.close()
            source.close()
