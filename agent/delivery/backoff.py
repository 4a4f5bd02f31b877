"""How long a message waits before its next attempt."""

from __future__ import annotations

from random import Random

SHORTEST_WISH = 1.0
LONGEST_WISH = 3600.0
_HIGHEST_EXPONENT = 32  # 2**32 times any base is beyond every cap; keeps the power small


class Backoff:
    """Full jitter: anything between nothing and a bound that doubles up to a cap.

    Spreading over the whole range, not around a middle, is what lets many senders that failed
    together come back apart ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
    """

    def __init__(self, *, base: float, cap: float, random: Random) -> None:
        self._base = base
        self._cap = cap
        self._random = random

    def bound(self, attempts: int) -> float:
        """The longest delay after so many earlier attempts."""
        return min(self._cap, self._base * 2.0 ** min(attempts, _HIGHEST_EXPONENT))

    def delay(self, attempts: int) -> float:
        """Seconds until the next attempt, chosen by chance."""
        return self._random.uniform(0.0, self.bound(attempts))

    def honour(self, retry_after: float) -> float:
        """The other side's own wish, within reason, and a little more so that not all come at once.

        Clamped to 1 s-1 h: a wish of 0 would be a storm, one of a week a silent stop.
        """
        wish = min(max(retry_after, SHORTEST_WISH), LONGEST_WISH)
        return wish + self._random.uniform(0.0, min(self._base, wish))
