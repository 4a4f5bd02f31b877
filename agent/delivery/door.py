"""The only door to a target: halt, circuit breaker and limiter decide who passes, and when.

All senders of a target share one door, and wait at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from random import Random
from threading import Condition

from agent.clock import Clock
from agent.delivery.backoff import Backoff
from agent.delivery.breaker import Breaker, Circuit
from agent.delivery.limiter import Limiter
from agent.delivery.sending import DoorClosed, Outcome
from agent.delivery.settings import DeliverySettings
from agent.delivery.status import DeliveryState, EventKind
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable

LONGEST_NAP = 60.0
"""Seconds after which a sender looks again unasked: a lost wake or a wall clock that was set costs
a minute, no more."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to claim one batch. A probe is to be a small one."""

    probe: bool
    expires: float
    """Monotonic time after which no further request may be made under this claim."""
    seen: int


@dataclass(frozen=True, slots=True)
class Nap:
    """No turn now: wait so long, or until somebody wakes the door."""

    state: DeliveryState
    seconds: float
    seen: int
    for_others: bool = False
    """Only another sender or the next token is waited for; there may well be work."""


class Door:
    """Thread-safe. Seconds are monotonic; nothing here knows the wall clock."""

    def __init__(
        self,
        settings: DeliverySettings,
        clock: Clock,
        random: Random,
        count: Callable[[], None] = lambda: None,
    ) -> None:
        """`count` is called for every request that is let through."""
        self._clock = clock
        self._count = count
        self._patience = settings.lease / 2
        self._changed = Condition()
        self._limiter = Limiter(rate=settings.rate, burst=settings.burst, now=clock.monotonic())
        self._breaker = Breaker(
            failures=settings.breaker_failures,
            cooldown=settings.breaker_cooldown,
            cap=settings.backoff_cap,
            random=random,
        )
        self._backoff = Backoff(base=settings.backoff_base, cap=settings.backoff_cap, random=random)
        self._halt: SyncError | None = None
        self._closed = False
        self._inside = 0
        self._wakes = 0

    def enter(self) -> Pass | Nap:
        """A pass, to be handed back by `leave`, or how long to wait before asking again."""
        with self._changed:
            now = self._clock.monotonic()
            if nap := self._barrier(now):
                return nap
            self._inside += 1
            return Pass(self._breaker.enter(now), now + self._patience, self._wakes)

    def leave(self, holder: Pass) -> None:
        """The batch is settled, or there was none."""
        with self._changed:
            self._inside -= 1
            if holder.probe:
                self._breaker.leave()
            self._changed.notify_all()

    def request(self, holder: Pass) -> None:
        """Passed before every request: waits for a token, or raises `DoorClosed`.

        A token is soon there. A pause may be long, and messages are not to be held meanwhile.
        """
        with self._changed:
            while True:
                now = self._clock.monotonic()
                if self._is_shut(now):
                    raise DoorClosed
                wait = self._limiter.take(now)
                if now + wait >= holder.expires:
                    raise DoorClosed
                if not wait:
                    self._count()
                    return
                self._changed.wait(wait)

    def ask(self) -> None:
        """Passed before a question of somebody who delivers nothing, and holds no message up.

        Waits for a token, however long the target wished for a pause. Raises `Unavailable` where
        the door closes, `Rejected` where the target is halted: SA-5005.
        """
        with self._changed:
            while True:
                if self._halt:
                    raise Rejected("SA-5005", f"the target is halted: {self._halt}")
                if self._closed:
                    raise Unavailable("SA-5005", "the agent stops, or its configuration changed")
                wait = self._limiter.take(self._clock.monotonic())
                if not wait:
                    self._count()
                    return
                self._changed.wait(min(wait, LONGEST_NAP))

    def _is_shut(self, now: float) -> bool:
        return (
            self._closed
            or self._halt is not None
            or self._breaker.circuit(now) is Circuit.OPEN
            or self._limiter.paused_until > now
        )

    def judge(self, outcome: Outcome) -> EventKind | None:
        """Draw the conclusions of a batch for all senders, before anything else is sent."""
        with self._changed:
            now = self._clock.monotonic()
            if isinstance(outcome.error, Misconfigured):
                return self._halt_with(outcome.error)
            wish = outcome.error.retry_after if isinstance(outcome.error, Unavailable) else None
            if wish is not None:
                self._limiter.pause(now + self._backoff.honour(wish))
            if outcome.answered:
                return EventKind.CLOSED if self._breaker.succeed() else None
            if wish is None and not outcome.interrupted and self._breaker.fail(now):
                return EventKind.OPENED
            return None

    def pause_for(self, seconds: float) -> None:
        """The target said that its allowance is used up for so long."""
        with self._changed:
            self._limiter.pause(self._clock.monotonic() + self._backoff.honour(seconds))

    def pause(self) -> float:
        """Seconds until the pause ends that the target asked for; 0 where it did not."""
        with self._changed:
            return max(0.0, self._limiter.paused_until - self._clock.monotonic())

    def delay(self, attempts: int) -> float:
        """Seconds until a message may be tried again, by full jitter."""
        with self._changed:
            return self._backoff.delay(attempts)

    def rest(self, nap: Nap, *, at_most: float = inf) -> None:
        """Wait until the nap is over, somebody wakes the door or it closes."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_over(nap), timeout=min(nap.seconds, at_most, LONGEST_NAP)
            )

    def _is_over(self, nap: Nap) -> bool:
        if self._closed or self._wakes != nap.seen:
            return True
        if not nap.for_others:
            return False
        barrier = self._barrier(self._clock.monotonic())
        return barrier is None or not barrier.for_others

    def wake(self) -> None:
        """Something was committed: look again."""
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def halt(self, error: SyncError) -> EventKind | None:
        """Let nobody in until `resume`. None where it was halted already."""
        with self._changed:
            return self._halt_with(error)

    def resume(self) -> bool:
        """A person has acted: try again, first with one probe. False where nothing was halted."""
        with self._changed:
            halted, self._halt = self._halt is not None, None
            self._breaker.doubt()
            self._wakes += 1
            self._changed.notify_all()
            return halted

    def close(self) -> None:
        """Let nobody in any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is inside."""
        with self._changed:
            return not self._inside

    def wait_until_empty(self, seconds: float) -> bool:
        """Wait for those inside to leave. False where some are still there."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._inside, timeout=seconds)

    @property
    def halted(self) -> SyncError | None:
        """Why nobody is let in, where that is so."""
        return self._halt

    @property
    def closed(self) -> bool:
        """Whether it was closed for good."""
        return self._closed

    def obstacle(self) -> Nap | None:
        """What keeps a sender out at this moment."""
        with self._changed:
            return self._barrier(self._clock.monotonic())

    def _barrier(self, now: float) -> Nap | None:
        if self._closed:
            return Nap(DeliveryState.STOPPED, inf, self._wakes)
        if self._halt:
            return Nap(DeliveryState.HALTED, inf, self._wakes)
        if wait := self._breaker.wait(now):
            if self._breaker.circuit(now) is Circuit.OPEN:
                return Nap(DeliveryState.OPEN, wait, self._wakes)
            return Nap(DeliveryState.SENDING, wait, self._wakes, for_others=True)
        if wait := self._limiter.wait(now):
            paused = self._limiter.paused_until > now
            return Nap(DeliveryState.WAITING, wait, self._wakes, for_others=not paused)
        return None

    def _halt_with(self, error: SyncError) -> EventKind | None:
        if self._halt:
            return None
        self._halt = error
        return EventKind.HALTED
