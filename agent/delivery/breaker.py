"""The circuit breaker: a target that keeps failing is left alone and tried with one small batch."""

from __future__ import annotations

from enum import StrEnum
from math import inf
from random import Random


class Circuit(StrEnum):
    """`half-open`: one probe decides. A target starts there, before it has ever answered."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """Consecutive failures open it; after a cool-down one probe closes or opens it again.

    It starts half-open, so that of several senders only one tries a target that has not yet proved
    itself: a wrong password is shown once, not once a sender. Told the time, asks no clock;
    guarded by its owner.
    """

    def __init__(self, *, failures: int, cooldown: float, cap: float, random: Random) -> None:
        self._limit = failures
        self._cooldown = cooldown
        self._cap = cap
        self._random = random
        self._failures = 0
        self._openings = 0
        self._until = -inf
        self._probing = False
        self._proven = False

    @property
    def until(self) -> float:
        """Monotonic time at which an open circuit may be probed."""
        return self._until

    def circuit(self, now: float) -> Circuit:
        """Where the circuit stands at this moment."""
        if self._proven:
            return Circuit.CLOSED
        return Circuit.OPEN if now < self._until else Circuit.HALF_OPEN

    def wait(self, now: float) -> float:
        """Seconds until a sender may enter; 0 now, infinite while another one probes."""
        match self.circuit(now):
            case Circuit.CLOSED:
                return 0.0
            case Circuit.OPEN:
                return self._until - now
            case Circuit.HALF_OPEN:
                return inf if self._probing else 0.0

    def enter(self, now: float) -> bool:
        """Enter where `wait` says 0. True: this sender carries the probe and has to `leave`."""
        if self.circuit(now) is not Circuit.HALF_OPEN:
            return False
        self._probing = True
        return True

    def leave(self) -> None:
        """The probe is over, whatever came of it: answered, failed, or nothing to send."""
        self._probing = False

    def succeed(self) -> bool:
        """The target answered. True where that closed a circuit which had been open."""
        closed = self._openings > 0
        self._proven = True
        self._failures = self._openings = 0
        return closed

    def doubt(self) -> None:
        """Something was changed by hand: forget the past, begin with a probe."""
        self._proven = False
        self._failures = self._openings = 0
        self._until = -inf

    def fail(self, now: float) -> bool:
        """The target did not answer. True where that opened the circuit."""
        if self.circuit(now) is Circuit.OPEN:
            return False  # a sender that was still under way; the circuit knows already
        self._failures += 1
        if self._failures < self._limit and not self._openings:
            return False
        bound = min(self._cap, self._cooldown * 2.0 ** min(self._openings, 32))
        self._until = now + self._random.uniform(bound / 2, bound)
        self._openings += 1
        self._proven = False
        return True
