"""Asks a running daemon. Used by every command that needs one.

Built on the standard library's HTTP client: it is imported in 30 ms, and `syncagent status` shall
answer at once.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from agent.api import address as addresses
from agent.api.address import Address
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable

_ERRORS: dict[str, type[SyncError]] = {
    kind.__name__: kind for kind in (Unavailable, Rejected, Misconfigured)
}
START_HINT = "start it with `syncagent run`, or as a service: systemctl start syncagent"


class Client:
    """One daemon's API. `connect` finds it; every call is a request of its own."""

    def __init__(self, address: Address, *, timeout: float = 300.0) -> None:
        self.address = address
        self.timeout = timeout

    def ask(self, question: str, /, **arguments: object) -> dict[str, Any]:
        """The answer to a question. It changes nothing."""
        query = urlencode(_given(arguments), doseq=True)
        return self._call("GET", f"/v1/{question}" + (f"?{query}" if query else ""), b"")

    def tell(self, command: str, /, **arguments: object) -> dict[str, Any]:
        """Have something done; what it came to."""
        return self._call("POST", f"/v1/{command}", json.dumps(_given(arguments)).encode())

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _call(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        connection = _Connection(self.address, self.timeout)
        headers = {"Content-Type": "application/json", "Host": "localhost"}
        if self.address.token:
            headers["Authorization"] = f"Bearer {self.address.token}"
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except PermissionError:
            raise _not_allowed(self.address) from None
        except (ConnectionRefusedError, FileNotFoundError):
            raise no_daemon() from None
        except (OSError, HTTPException, ValueError) as error:
            raise Unavailable(
                "SA-7202",
                f"the daemon does not answer: {error or type(error).__name__}",
                hint="look at its log; restart it if it hangs",
            ) from None
        finally:
            connection.close()
        if response.status >= 400:
            raise _error_of(answer)
        return dict(answer)


class _Connection(HTTPConnection):
    """HTTP over whatever the address names."""

    def __init__(self, address: Address, timeout: float) -> None:
        super().__init__(address.host, address.port or None, timeout=timeout)
        self._path = address.socket

    def connect(self) -> None:
        if not self._path:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def connect(state: Path) -> Client | None:
    """A client for the daemon that owns this state folder; None when none runs."""
    try:
        address = addresses.find(state)
    except PermissionError:
        raise _not_allowed(state) from None
    if address is None:
        return None
    client = Client(address)
    try:
        client.ask("ping")
    except Unavailable as error:
        if error.code == "SA-7201":
            return None
        raise
    return client


def no_daemon() -> Unavailable:
    """The error of a command that only a daemon can answer."""
    return Unavailable("SA-7201", "no daemon is running for this configuration", hint=START_HINT)


def _not_allowed(what: object) -> Misconfigured:
    return Misconfigured(
        "SA-7301",
        f"you may not speak to the daemon: {what} belongs to another user",
        hint="run the command as the daemon's user or as root: sudo -u syncagent syncagent …",
    )


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value not in (None, "", (), [])}


def _error_of(problem: Mapping[str, Any]) -> SyncError:
    kind = _ERRORS.get(str(problem.get("class")), Rejected)
    return kind(
        str(problem.get("code", "SA-7901")),
        str(problem.get("detail", "the daemon refused")),
        hint=str(problem.get("hint", "")),
    )
