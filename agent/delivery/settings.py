"""How a target is delivered to: numbers a person may turn, with defaults that suit most."""

from __future__ import annotations

from dataclasses import dataclass

from agent.delivery.backoff import LONGEST_WISH


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Times are seconds. `rate` counts requests, not messages; 0 means no limit."""

    senders: int = 2
    batch_size: int = 500
    """At most this many messages a request, and never more than the target takes."""
    rate: float = 0.0
    """Requests a second, over all senders of the target."""
    burst: int = 1
    """Requests that may follow each other at once after a pause."""
    backoff_base: float = 1.0
    backoff_cap: float = 300.0
    """The longest a message waits between two attempts, and the breaker between two probes."""
    breaker_failures: int = 5
    """Failures in a row after which the target is left alone for a while."""
    breaker_cooldown: float = 5.0
    lease: float = 600.0
    """How long a batch belongs to its sender: several times the target's total time-out."""

    @property
    def longest_wait(self) -> float:
        """No message is put off for longer."""
        return max(self.backoff_cap, self.lease, 2 * LONGEST_WISH)
