"""One listener for a host and port: HTTP with limits, in a thread of its own."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.contract import Listening
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.receiving.reception import Reception, Verdict
from agent.serving import TicklessServer, listen, patient, quiet

CONNECTIONS = 100
"""At once; the next one is answered 503."""


class Listener:
    """Answers on one host and port. What stands behind each path can be replaced at any time."""

    def __init__(self, listening: Listening, receptions: Mapping[str, Reception]) -> None:
        """Bind the address; raises `Unavailable` where it is taken, `Misconfigured` for bad TLS."""
        self._receptions = dict(receptions)
        patience = max(each.listening.request_timeout for each in receptions.values())
        config = quiet(
            self._application(),
            http=patient(patience),
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=5,
            proxy_headers=False,
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.certificate_key,
        )
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            raise Misconfigured(
                "SA-2611",
                f"the certificate {listening.certificate} cannot be used: "
                f"{error.strerror or error}",
                hint="certificate and certificate_key are PEM files that the service may read",
            ) from error
        self._socket = _listen(listening)
        self._server = TicklessServer(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="receive", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it really listens, where 0 was asked for."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def replace(self, receptions: Mapping[str, Reception]) -> None:
        """Put these receptions behind the paths; requests under way end as they began."""
        self._receptions = dict(receptions)

    def close(self) -> None:
        """Finish what is being answered, then listen no longer."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()
        self._socket.close()

    def _application(self) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            verdict = await self._verdict(Request(scope, receive))
            if verdict is not None:
                await _response(verdict)(scope, receive, send)

        return answer

    async def _verdict(self, request: Request) -> Verdict | None:
        """The answer; None where nobody waits for it any more."""
        reception = self._receptions.get(request.url.path)
        if reception is None:
            return Verdict(404, "nothing is received here")
        if request.method != "POST":
            return Verdict(405, "events are sent with POST")
        caller = request.client.host if request.client else ""
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        length = request.headers.get("content-length", "")
        refusal = reception.refusal(caller, content_type, int(length) if length else None)
        if refusal is not None and refusal.status == 413:
            return refusal
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > reception.listening.largest_body:
                    return reception.too_large(caller)
        except ClientDisconnect:
            return None
        if refusal is not None:  # only now: who is still sending would be cut off, not told
            return refusal
        headers = dict(request.headers)
        return await run_in_threadpool(reception.receive, caller, headers, bytes(body))


def _response(verdict: Verdict) -> Response:
    headers = {"retry-after": str(verdict.retry_after)} if verdict.retry_after else {}
    if verdict.status == 405:
        headers["allow"] = "POST"
    if not verdict.reason:
        return Response(status_code=verdict.status, headers=headers)
    if verdict.status == 413:
        headers["connection"] = "close"  # the rest of the body is not read
    problem = {"title": verdict.reason, "status": verdict.status}
    return Response(
        json.dumps(problem), verdict.status, headers, media_type="application/problem+json"
    )


def _listen(listening: Listening) -> socket.socket:
    try:
        return listen(listening.host, listening.port)
    except OSError as error:
        raise _cannot_listen(listening, error) from error


def _cannot_listen(listening: Listening, error: OSError) -> SyncError:
    return Unavailable(
        "SA-2608",
        f"nobody can call us at {listening.host}:{listening.port}: {error.strerror or error}",
        hint="the address must be one of this machine's, and the port free",
    )
