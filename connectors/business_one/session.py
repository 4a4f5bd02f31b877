"""The log-in of the Service Layer: a session in two cookies that all flows share."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import msgspec

from agent.errors import Misconfigured, SyncError
from agent.secrets import Secret
from connectors._http import Request
from connectors._http.authorization import Ask

COOKIE = re.compile(r"(?:^|[;,]\s*)((?:B1SESSION|ROUTEID)=[^;,\s]*)")
REMEMBERED = 300.0
"""Seconds for which a refused log-in is not repeated: Business One locks users out."""


class Session:
    """One session, begun by the thread that first needs it and begun anew when it has run out."""

    def __init__(
        self,
        url: str,
        company: str,
        user: str,
        password: Secret,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._company, self._user, self._password = url, company, user, password
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._cookies = ""
        self._worked = ""
        self._refused = ("", 0.0)

    def sign(self, request: Request, ask: Ask) -> str:
        """Send the session's cookies; logged in first where there is none."""
        with self._lock:
            if not self._cookies:
                self._log_in(ask)
            cookies = self._cookies
        request.headers.append(("cookie", cookies))
        return cookies

    def accepted(self, credential: str) -> None:
        """This session is alive."""
        self._worked = credential

    def refused(self, credential: str) -> SyncError | None:
        """A session that had worked has run out: log in once more. Else a person must act."""
        with self._lock:
            if self._cookies == credential:
                self._cookies = ""
            if credential == self._worked or self._cookies:
                return None
        return Misconfigured(
            "SA-5220",
            "the Service Layer refuses the session that it has just begun",
            hint="behind a load balancer, check that it passes the cookies B1SESSION and ROUTEID",
        )

    def _log_in(self, ask: Ask) -> None:
        password = self._password.reveal()
        refused, until = self._refused
        if password == refused and self._monotonic() < until:
            raise self._wrong("not tried again yet")
        login = {"CompanyDB": self._company, "UserName": self._user, "Password": password}
        headers = [("content-type", "application/json")]
        answer = ask(Request("POST", self._url + "/Login", headers, msgspec.json.encode(login)))
        if answer.status in {400, 401, 403}:
            self._refused = (password, self._monotonic() + REMEMBERED)
            raise self._wrong(answer.told() or str(answer.status))
        answer.require_success()
        self._cookies = "; ".join(COOKIE.findall(answer.headers.get("set-cookie", "")))
        if "B1SESSION=" not in self._cookies:
            raise Misconfigured(
                "SA-5222",
                "the answer to the log-in holds no session",
                hint="check url: it ends in /b1s/v1 or /b1s/v2",
            )

    def _wrong(self, said: str) -> Misconfigured:
        return Misconfigured(
            "SA-5220",
            f"{self._company} refuses {self._user} with {self._password.reference} ({said})",
            hint="correct company, user or password, then resume the flow",
        )
