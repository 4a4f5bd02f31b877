"""A way to log in that no shared code knows: all that a kind of its own has to write."""

from __future__ import annotations

import threading

from agent.errors import Misconfigured, SyncError
from connectors._http import Request
from connectors._http.authorization import Ask


class Session:
    """A log-in by POST and a cookie, as an ERP's service layer has it."""

    def __init__(self, url: str) -> None:
        self.url, self.cookie, self.worked = url, "", ""
        self.lock = threading.Lock()

    def sign(self, request: Request, ask: Ask) -> str:
        with self.lock:
            if not self.cookie:
                answer = ask(Request("POST", self.url + "/Login", [], b"{}"))
                answer.require_success()
                self.cookie = answer.headers["set-cookie"].partition(";")[0]
        request.headers.append(("cookie", self.cookie))
        return self.cookie

    def accepted(self, credential: str) -> None:
        self.worked = credential

    def refused(self, credential: str) -> SyncError | None:
        with self.lock:
            if self.cookie == credential:
                self.cookie = ""
        return None if credential == self.worked else Misconfigured("SA-5220", "refused")
