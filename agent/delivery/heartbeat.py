"""Tells a target at intervals that the agent lives and how it does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from agent.clock import Clock
from agent.delivery.delivery import Delivery
from agent.errors import Misconfigured, SyncError, Unavailable

log = logging.getLogger(__name__)

SOON = 5.0
"""Seconds until a beat is tried again that found the door closed: at a start others probe first."""


class Heartbeat:
    """One beat every so many seconds, through the delivery's own door. A failure is only noted.

    Where the target finds the agent's credentials wrong, the heart stops until the target has
    accepted a message again: authentication is not retried by the back door.
    """

    def __init__(
        self,
        *,
        delivery: Delivery,
        status: Callable[[], dict[str, Any]],
        every: float,
        clock: Clock,
    ) -> None:
        self._delivery = delivery
        self._status = status
        self._every = every
        self._clock = clock
        self._stopped = Event()
        self._thread: Thread | None = None
        self.last_beat: int | None = None
        """When the target last heard us (unix ms)."""
        self.last_error: SyncError | None = None
        """What the last beat failed on; None after one that did not."""
        self._last_error_at = 0

    def start(self) -> None:
        """Beat now and from now on, until `close`."""
        self._thread = Thread(
            target=self._run, name=f"heartbeat-{self._delivery.name}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Beat no more; a beat under way is waited for."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def beat(self) -> float:
        """One beat, where the target can hear it now; seconds until the next one."""
        if self._has_to_be_silent():
            return self._every
        try:
            if not self._delivery.tell_target(self._status()):
                return min(SOON, self._every)
            self.last_beat, self.last_error = self._clock.now_ms(), None
        except SyncError as error:
            self._note(error)
        except Exception as crash:
            log.warning("the heartbeat of %s crashed", self._delivery.name, exc_info=crash)
            self._note(Unavailable("SA-5003", f"{type(crash).__name__}: {crash}"))
        return self._every

    def _run(self) -> None:
        pause = self.beat()
        while not self._stopped.wait(pause):
            pause = self.beat()

    def _has_to_be_silent(self) -> bool:
        if not isinstance(self.last_error, Misconfigured):
            return False
        accepted_at = self._delivery.status().last_success
        return accepted_at is None or accepted_at <= self._last_error_at

    def _note(self, error: SyncError) -> None:
        if self.last_error is None or self.last_error.code != error.code:
            log.warning("no heartbeat for %s: %s", self._delivery.name, error)
        self.last_error, self._last_error_at = error, self._clock.now_ms()
