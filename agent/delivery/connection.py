"""The one open target that all senders of a delivery share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from agent.contract import AnyTarget
from agent.errors import SyncError, Unavailable


class TargetNotBuilt(Exception):
    """The target could not be built; `error` says why."""

    def __init__(self, error: SyncError) -> None:
        super().__init__(str(error))
        self.error = error


class Connection:
    """Built when first needed, built anew after `renew`, closed when nobody uses it any more."""

    def __init__(self, make_target: Callable[[], AnyTarget]) -> None:
        self._make_target = make_target
        self._lock = Lock()
        self._target: AnyTarget | None = None
        self._users = 0
        self._outdated = False

    @contextmanager
    def lend(self) -> Iterator[AnyTarget]:
        """The target, for one use; raises `TargetNotBuilt`."""
        with self._lock:
            if self._target is None:
                self._target = self._build()
            target = self._target
            self._users += 1
        try:
            yield target
        finally:
            with self._lock:
                self._users -= 1
                self._close_if_outdated()

    def renew(self) -> None:
        """Close the target as soon as nobody uses it; the next use builds another one.

        Secrets are read again, and what broke inside the old one is gone.
        """
        with self._lock:
            self._outdated = True
            self._close_if_outdated()

    def _build(self) -> AnyTarget:
        try:
            return self._make_target()
        except SyncError as error:
            raise TargetNotBuilt(error) from error
        except Exception as crash:
            reason = f"the connector cannot be built: {type(crash).__name__}: {crash}"
            raise TargetNotBuilt(Unavailable("SA-5003", reason)) from crash

    def _close_if_outdated(self) -> None:
        if self._outdated and not self._users:
            self._outdated = False
            target, self._target = self._target, None
            if target is not None:
                target.close()
