"""One connection's reception: whom to let in, and what is kept before it is acknowledged."""

from __future__ import annotations

import logging
import shutil
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.clock import Clock
from agent.contract import AnyReceiver, Arrival
from agent.errors import Rejected, SyncError
from agent.store import Store, StoreFailed

log = logging.getLogger(__name__)

CALLERS = 1_000
"""Callers whose pace is remembered."""
FULL_WAIT = 60
"""Seconds after which to try again where there is no room."""
TELL_AGAIN = 60.0
"""Seconds in which the same refusal is logged once."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A receiver and what hangs on it. `readers` are flows or lookups, `flows` what to wake."""

    connection: str
    receiver: AnyReceiver
    readers: tuple[str, ...]
    flows: tuple[str, ...]


class Queue(Protocol):
    """Where jobs are asked for: `agent.jobs.JobQueue` is one."""

    def request(
        self, flow: str, scope: str, keys: Sequence[str] = (), *, asked_by: str, delay: float = 0
    ) -> int:
        """Ask for a job; one for keys is part of the transaction in which it is asked for."""
        ...

    def look(self) -> None:
        """What was asked for in a transaction is committed."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a request."""

    status: int
    reason: str = ""
    retry_after: int = 0


class Reception:
    """Judges requests and keeps events. Used by several threads."""

    def __init__(
        self,
        entrance: Entrance,
        store: Store,
        clock: Clock,
        queue: Queue,
        failed: Callable[[StoreFailed], None],
        disk_low: int,
    ) -> None:
        self.entrance = entrance
        self.listening = entrance.receiver.listening
        self._store = store
        self._clock = clock
        self._queue = queue
        self._failed = failed
        self._disk_low = disk_low
        self._pace = Pace(self.listening.requests_per_minute, clock.monotonic)
        self._told: dict[str, float] = {}

    def refusal(self, caller: str, content_type: str, length: int | None) -> Verdict | None:
        """Why not even the body is read; None where it is."""
        wait = self._pace.wait(caller)
        if wait:
            return self._refused("SA-2605", Verdict(429, "too many requests", wait), caller)
        if content_type not in self.listening.content_types:
            wanted = " or ".join(self.listening.content_types)
            return self._refused("SA-2604", Verdict(415, f"the body must be {wanted}"), caller)
        if length is not None and length > self.listening.largest_body:
            return self.too_large(caller)
        return None

    def too_large(self, caller: str) -> Verdict:
        """The body is more than is taken."""
        verdict = Verdict(413, f"at most {self.listening.largest_body} bytes")
        return self._refused("SA-2603", verdict, caller)

    def receive(self, caller: str, headers: Mapping[str, str], body: bytes) -> Verdict:
        """Keep the event; 204 once it is committed, also where it was before."""
        receiver, now = self.entrance.receiver, self._clock.now_ms()
        try:
            if doubt := receiver.doubt(headers, body, now / 1000):
                return self._refused("SA-2601", Verdict(401, "not authorized"), caller, doubt)
            arrival = receiver.arrival(headers, body)
        except Rejected as error:
            return self._refused(error.code, Verdict(422, error.reason), caller, error.reason)
        except SyncError as error:  # a secret of ours that cannot be had
            unable = Verdict(503, "not ready", FULL_WAIT)
            return self._refused(error.code, unable, caller, error.reason)
        try:
            if not self._has_room():
                return self._refused("SA-2607", Verdict(503, "no room", FULL_WAIT), caller)
            self._keep(arrival, body, now)
        except StoreFailed as failure:
            self._failed(failure)
            return Verdict(503, "not ready", FULL_WAIT)
        return Verdict(204)

    def _keep(self, arrival: Arrival, body: bytes, now: int) -> None:
        """Commit the event, and what must not be lost with it; then wake who reads it."""
        entrance, keys = self.entrance, arrival.keys
        kept = None if entrance.receiver.wakes else body
        with self._store.transaction():
            if not self._store.events.add(entrance.connection, arrival.id, kept, now):
                return
            for flow in entrance.flows if keys else ():
                self._queue.request(flow, "keys", keys, asked_by="event")
        if keys:
            self._queue.look()
            return
        for flow in entrance.flows:
            self._queue.request(flow, "differential", asked_by="event")

    def _has_room(self) -> bool:
        most = self.listening.most_waiting
        if self._store.events.waiting(self.entrance.connection, most) >= most:
            return False
        return shutil.disk_usage(self._store.path.parent).free >= self._disk_low

    def _refused(self, code: str, verdict: Verdict, caller: str, why: str = "") -> Verdict:
        now = self._clock.monotonic()
        if now >= self._told.get(code, now):
            self._told[code] = now + TELL_AGAIN
            reason = why or verdict.reason
            told = {"connection": self.entrance.connection, "caller": caller, "code": code}
            log.warning("a request was refused: %s", reason, extra=told)
        return verdict


class Pace:
    """A bucket for each caller: a minute's requests may come at once, then they trickle."""

    def __init__(self, per_minute: float, monotonic: Callable[[], float]) -> None:
        self._size = per_minute
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Seconds until the caller may ask again; 0: now, and this request is counted."""
        now = self._monotonic()
        left, since = self._buckets.pop(caller, (self._size, now))
        left = min(self._size, left + (now - since) * self._size / 60)
        granted = left >= 1
        self._buckets[caller] = (left - 1 if granted else left, now)
        if len(self._buckets) > CALLERS:
            self._buckets.popitem(last=False)
        return 0 if granted else max(1, round((1 - left) * 60 / self._size))
