"""What a person, the API and the alerts are told about the delivery to one target."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from agent.clock import Clock
from agent.errors import SyncError


class DeliveryState(StrEnum):
    """What the senders of a target are doing."""

    IDLE = "idle"
    """Nothing waits for this target."""
    SENDING = "sending"
    WAITING = "waiting"
    """Something waits: for its time, or because the target asked for a pause."""
    OPEN = "open"
    """The target does not answer; the circuit breaker leaves it alone for a while."""
    HALTED = "halted"
    """Nothing is sent until a person has acted and resumed it, or changed the configuration."""
    STOPPED = "stopped"
    """Drained: it will not start again."""


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """Times are milliseconds since 1970-01-01 UTC; counts are since the agent was started."""

    target: str
    state: DeliveryState
    until: int | None
    """When something happens next by itself, where that is known."""
    in_flight: int
    delivered: int
    parked: int
    rate: float
    """Messages accepted a second, over the last ten seconds."""
    last_success: int | None
    last_error: SyncError | None
    """What halted the target, else the last failure."""
    last_error_at: int | None


class EventKind(StrEnum):
    """What may be worth a metric, a log line or an alert."""

    DELIVERED = "delivered"
    PARKED = "parked"
    POSTPONED = "postponed"
    OPENED = "opened"
    """The circuit breaker opened: the target does not answer."""
    CLOSED = "closed"
    """The target answers again."""
    HALTED = "halted"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """Something happened at a target; `count` messages are concerned."""

    kind: EventKind
    target: str
    count: int = 0
    error: SyncError | None = None


class Tally:
    """What happened since the agent was started. Thread-safe."""

    RATE_SPAN = 10.0
    """Seconds over which the rate is taken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._in_flight = 0
        self._delivered = 0
        self._parked = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._last_success: int | None = None
        self._last_error: SyncError | None = None
        self._last_error_at: int | None = None

    @property
    def in_flight(self) -> int:
        """Messages claimed and not yet settled."""
        return self._in_flight

    @contextmanager
    def flight(self, count: int) -> Iterator[None]:
        """Count messages as in flight while this lasts."""
        with self._lock:
            self._in_flight += count
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= count

    def settled(self, delivered: int, parked: int) -> None:
        """Verdicts were stored."""
        with self._lock:
            self._delivered += delivered
            self._parked += parked
            if delivered:
                self._last_success = self._clock.now_ms()
                self._recent.append((self._clock.monotonic(), delivered))
                self._forget()

    def failed(self, error: SyncError) -> None:
        """Something went wrong."""
        with self._lock:
            self._last_error, self._last_error_at = error, self._clock.now_ms()

    def status(
        self, target: str, state: DeliveryState, until: int | None, halted: SyncError | None
    ) -> DeliveryStatus:
        """The counts of this moment beside what the caller knows."""
        with self._lock:
            self._forget()
            return DeliveryStatus(
                target=target,
                state=state,
                until=until,
                in_flight=self._in_flight,
                delivered=self._delivered,
                parked=self._parked,
                rate=sum(count for _, count in self._recent) / self.RATE_SPAN,
                last_success=self._last_success,
                last_error=halted or self._last_error,
                last_error_at=self._last_error_at,
            )

    def _forget(self) -> None:
        oldest = self._clock.monotonic() - self.RATE_SPAN
        while self._recent and self._recent[0][0] < oldest:
            self._recent.popleft()
