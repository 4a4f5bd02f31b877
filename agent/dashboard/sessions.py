"""Who is logged in. Kept in memory only: a restart logs everybody out."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest

from agent.clock import Clock

MOST = 1000
"""Sessions at once; the oldest give way."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who logged in."""

    name: str
    changed_at: str
    """When role or password had last been set: once they are set anew it is another moment."""
    ends: float
    """By the monotonic clock; clicking does not lengthen it."""


class Sessions:
    """Cookies → sessions, and the token that every form carries against forged ones."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._key = secrets.token_bytes(32)
        self._sessions: dict[bytes, Session] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, changed_at: str = "") -> str:
        """Somebody logged in; the cookie that says so from now on."""
        cookie = new_cookie()
        now = self._clock.monotonic()
        session = Session(name, changed_at, now + self._seconds)
        with self._lock:
            for place in [place for place, each in self._sessions.items() if each.ends <= now]:
                del self._sessions[place]
            while len(self._sessions) >= MOST:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[_place(cookie)] = session
        return cookie

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie, while it lasts."""
        with self._lock:
            found = self._sessions.get(_place(cookie))
        return found if found and self._clock.monotonic() < found.ends else None

    def end(self, cookie: str) -> None:
        """The session is over."""
        with self._lock:
            self._sessions.pop(_place(cookie), None)

    def token(self, cookie: str) -> str:
        """What a form must carry that is sent with this cookie; also before the log-in."""
        return digest(self._key, cookie.encode(), "sha256").hex()

    def is_token(self, given: str, cookie: str) -> bool:
        """Whether a form was made for who sends it."""
        return bool(cookie) and compare_digest(given.encode(), self.token(cookie).encode())


def new_cookie() -> str:
    """A value that nobody guesses."""
    return secrets.token_urlsafe(32)


def _place(cookie: str) -> bytes:
    """Where a session is kept: the time of the look-up tells nothing about other cookies."""
    return sha256(cookie.encode()).digest()
