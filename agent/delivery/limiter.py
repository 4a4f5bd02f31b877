"""The one limiter of a target: a token bucket that the target's own wish can close."""

from __future__ import annotations


class Limiter:
    """Requests a second over all senders. Told the time, asks no clock; guarded by its owner.

    A token is a request. `pause` closes the bucket altogether: a 429 speaks for the whole target,
    not for the one request that met it.
    """

    def __init__(self, *, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = float(max(burst, 1))
        self._tokens = self._burst
        self._counted_at = now
        self._paused_until = now

    @property
    def paused_until(self) -> float:
        """Monotonic time before which nothing is sent."""
        return self._paused_until

    def pause(self, until: float) -> None:
        """Let nothing through before `until`. The later of two wishes holds."""
        self._paused_until = max(self._paused_until, until)

    def wait(self, now: float) -> float:
        """Seconds until a request may go; 0 means now."""
        paused = max(0.0, self._paused_until - now)
        if not self._rate:
            return paused
        self._refill(now)
        return max(paused, (1.0 - self._tokens) / self._rate, 0.0)

    def take(self, now: float) -> float:
        """Take a token and return 0, or return the seconds to wait and take none."""
        wait = self.wait(now)
        if not wait:
            self._tokens -= 1.0
        return wait

    def _refill(self, now: float) -> None:
        earned = (now - self._counted_at) * self._rate
        self._tokens = min(self._burst, self._tokens + earned)
        self._counted_at = now
