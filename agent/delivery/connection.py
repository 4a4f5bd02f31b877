"""The open targets of one connection, which all senders of a delivery share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TypeAlias

from agent.contract import AnyTarget, Bindings, Doubt, Gate
from agent.errors import SyncError, Unavailable

MakeTarget: TypeAlias = Callable[[], AnyTarget]
WrapTarget: TypeAlias = Callable[[AnyTarget], AnyTarget]

ANY_FLOW = ""
"""Stands for the flows that are not named: those whose messages are left from an older
configuration."""


class TargetNotBuilt(Exception):
    """A target could not be built; `error` says why."""

    def __init__(self, error: SyncError) -> None:
        super().__init__(str(error))
        self.error = error


class Targets:
    """Flow → the target that takes its messages."""

    def __init__(self, by_flow: Mapping[str, AnyTarget], first: AnyTarget) -> None:
        self._by_flow = by_flow
        self.first = first
        """Any of them, for what concerns the connection as a whole."""

    def of(self, flow: str) -> AnyTarget | None:
        """Who takes the messages of this flow; None where nobody knows how to write them."""
        return self._by_flow.get(flow) or self._by_flow.get(ANY_FLOW)

    @property
    def leaves_doubt(self) -> bool:
        """Whether a sender that dies leaves behind what a person has to look at."""
        return any(target.doubt is Doubt.HOLD for target in self._by_flow.values())

    @property
    def batch_size(self) -> int:
        """The most that one of them takes at once."""
        return max(target.batch_size for target in self._by_flow.values())


class Connection:
    """Built when first needed, built anew after `renew`, closed when nobody uses it any more.

    `makers` names for each flow what makes its target; flows with the same maker share one.
    `wrappers`: flows whose messages take a way of their own around their target.
    """

    def __init__(
        self,
        makers: Mapping[str, MakeTarget],
        wrappers: Mapping[str, WrapTarget],
        bindings: Bindings,
        gate: Gate,
    ) -> None:
        self._makers = makers
        self._wrappers = wrappers
        self._bindings = bindings
        self._gate = gate
        self._lock = Lock()
        self._open: dict[MakeTarget, AnyTarget] = {}
        self._wrapped: dict[str, AnyTarget] = {}
        self._users = 0
        self._outdated = False

    @contextmanager
    def lend(self) -> Iterator[Targets]:
        """The targets, for one use; raises `TargetNotBuilt`."""
        with self._lock:
            if not self._open:
                self._build()
            plain = {flow: self._open[make] for flow, make in self._makers.items()}
            targets = Targets(plain | self._wrapped, next(iter(plain.values())))
            self._users += 1
        try:
            yield targets
        finally:
            with self._lock:
                self._users -= 1
                self._close_if_outdated()

    def renew(self) -> None:
        """Close the targets as soon as nobody uses them; the next use builds others.

        Secrets are read again, and what broke inside the old ones is gone.
        """
        with self._lock:
            self._outdated = True
            self._close_if_outdated()

    def _build(self) -> None:
        try:
            for make in dict.fromkeys(self._makers.values()):
                target = self._open[make] = make()
                target.equip(self._bindings, self._gate)
            for flow, wrap in self._wrappers.items():
                self._wrapped[flow] = wrap(self._open[self._makers[flow]])
        except SyncError as error:
            self._close()
            raise TargetNotBuilt(error) from error
        except Exception as crash:
            self._close()
            reason = f"the connector cannot be built: {type(crash).__name__}: {crash}"
            raise TargetNotBuilt(Unavailable("SA-5003", reason, untouched=True)) from crash

    def _close_if_outdated(self) -> None:
        if self._outdated and not self._users:
            self._outdated = False
            self._close()

    def _close(self) -> None:
        self._wrapped = {}
        while self._open:
            self._open.popitem()[1].close()
