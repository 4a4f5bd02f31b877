"""A dead man's switch: somebody outside hears that the agent lives, and misses it when not."""

from __future__ import annotations

import logging
import ssl

from agent.clock import Clock
from agent.errors import SyncError, Unavailable
from agent.secrets import Secret

log = logging.getLogger(__name__)

TIMEOUT = 10.0


class Pulse:
    """Fetches a URL every so often. A failure is only noted: the other side will tell of it."""

    def __init__(self, url: Secret, every: float, clock: Clock) -> None:
        self._url = url
        self._every = every
        self._clock = clock
        self._next = clock.monotonic()
        self.problem: SyncError | None = None
        """Why the last one was not heard."""

    def beat(self) -> None:
        """One beat, where it is time for one."""
        now = self._clock.monotonic()
        if now < self._next:
            return
        self._next = now + self._every
        before = self.problem
        try:
            self._fetch()
            self.problem = None
        except SyncError as error:
            self.problem = error
            if before is None or before.code != error.code:
                log.warning("no ping: %s", error)

    def _fetch(self) -> None:
        import httpx  # noqa: PLC0415 - 0.1 s that only those spend who have a switch
        import truststore  # noqa: PLC0415 - the same

        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        url = self._url.reveal()
        try:
            with httpx.Client(verify=trust, timeout=TIMEOUT, follow_redirects=True) as client:
                status = client.get(url).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Not its text: it may quote the URL, which is a secret.
            raise _unheard(self._url, type(error).__name__) from None
        if status >= 400:
            raise _unheard(self._url, f"status {status}")


def _unheard(url: Secret, why: str) -> Unavailable:
    return Unavailable("SA-7466", f"the URL of {url.reference} was not reached: {why}")
