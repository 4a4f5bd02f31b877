"""The server of the local API: an ASGI application in a thread of its own."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import socket
import tempfile
import threading
from collections.abc import Sequence
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.api import metrics, operations
from agent.api.address import Address, announce, new_token, withdraw
from agent.api.operation import Operation
from agent.config import ApiSettings
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.serving import TicklessServer, quiet

if TYPE_CHECKING:
    from agent.api.engine import Engine

BODY_LIMIT = 1 << 20
SOCKET = "syncagent.sock"
LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux, 104 elsewhere
_LOOPBACK = re.compile(rb"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_log = logging.getLogger(__name__)


class ApiServer:
    """Answers for one engine until it is stopped."""

    def __init__(self, engine: Engine, state: Path, settings: ApiSettings) -> None:
        self._engine = engine
        self._state = state
        self._settings = settings
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.address = Address()

    def start(self) -> Address:
        """Listen, say where in the state folder, answer from a thread."""
        if self._settings.port is not None or os.name != "posix":
            listener = self._listen_loopback()
        else:
            listener = self._listen_unix()
        tokens = [self.address.token] if self.address.token else []
        if tokens and self._settings.token is not None:
            tokens.append(self._settings.token.reveal())
        metrics_tokens = list(tokens)
        if tokens and self._settings.metrics_token is not None:
            metrics_tokens.append(self._settings.metrics_token.reveal())
        self._server = TicklessServer(
            quiet(
                application(self._engine, tokens, metrics_tokens),
                limit_concurrency=64,
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="api", daemon=True
        )
        self._thread.start()
        announce(self._state, self.address)
        return self.address

    def stop(self) -> None:
        """Finish what is being answered, then listen no longer."""
        withdraw(self._state)
        self._server.stop()
        self._thread.join()
        if self.address.socket:
            Path(self.address.socket).unlink(missing_ok=True)
        if self._folder:
            self._folder.cleanup()

    def _listen_unix(self) -> socket.socket:
        path = self._socket_path()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            path.unlink(missing_ok=True)  # left by a daemon that was killed: we hold its lock
            os.fchmod(listener.fileno(), 0o600)  # on Linux the file is born with this mode
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen()
        except OSError as error:
            listener.close()
            raise _cannot_listen(path, error) from error
        self.address = Address(socket=str(path))
        return listener

    def _socket_path(self) -> Path:
        folder = Path(os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0] or self._state)
        path = (self._settings.socket or folder / SOCKET).absolute()
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            self._folder = tempfile.TemporaryDirectory(prefix="syncagent-")
            path = Path(self._folder.name) / SOCKET
        return path

    def _listen_loopback(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port or 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family)
        except OSError as error:
            raise _cannot_listen(f"{host}:{port}", error) from error
        self.address = Address(host=host, port=listener.getsockname()[1], token=new_token())
        return listener


def application(
    engine: Engine, tokens: Sequence[str] = (), metrics_tokens: Sequence[str] = ()
) -> ASGIApp:
    """The ASGI application: gate, then operations. Without tokens the socket's mode is the gate."""

    async def operate(request: Request) -> Response:
        name = request.path_params["name"]
        operation = operations.OPERATIONS.get(name)
        if operation is None:
            return problem(404, Rejected("SA-7003", f"the API has no operation {name!r}"))
        if request.method != operation.method:
            wanted = operation.method
            return problem(405, Rejected("SA-7003", f"{name} is asked for with {wanted}"))
        try:
            arguments = await _arguments(request, operation)
            return _Answer(await run_in_threadpool(operation.call, engine, arguments))
        except SyncError as error:
            return problem(_status_of(error), error)
        except Exception:  # noqa: BLE001 - one bad request must not end the API
            _log.exception("an operation of the local API failed", extra={"operation": name})
            bug = Misconfigured(
                "SA-7901", f"{name} failed inside the daemon", hint="the daemon's log says where"
            )
            return problem(500, bug)

    async def measure(_request: Request) -> Response:
        body, kind = await run_in_threadpool(metrics.exposition, engine)
        return Response(body, headers={"content-type": kind})

    routes = [
        Route("/v1/{name}", operate, methods=["GET", "POST"]),
        Route(metrics.PATH, measure, methods=["GET"]),
    ]
    return _Gate(Starlette(routes=routes), tokens, metrics_tokens)


async def _arguments(request: Request, operation: Operation) -> dict[str, Any]:
    if request.method == "GET":
        query = request.query_params
        lists = operation.lists
        return {name: query.getlist(name) if name in lists else query[name] for name in query}
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Rejected("SA-7003", "the body of a command is JSON", hint="application/json")
    try:
        body = msgspec.json.decode(await request.body() or b"{}")
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Rejected("SA-7003", f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Rejected("SA-7003", "the body of a command is a JSON object")
    return body


def problem(status: int, error: SyncError) -> JSONResponse:
    """An error as RFC 9457 has it, with our code and hint."""
    body = {
        "type": "about:blank",
        "title": type(error).__name__,
        "status": status,
        "detail": error.reason,
        "code": error.code,
        "hint": error.hint,
        "class": type(error).__name__,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def _status_of(error: SyncError) -> int:
    if error.code == "SA-7003":
        return 400
    if error.code in {"SA-7002", "SA-7104", "SA-7105"}:
        return 404
    if error.code == "SA-7304":
        return 413
    return 503 if isinstance(error, Unavailable) else 409


class _Answer(JSONResponse):
    """JSON of whatever a source may hold: dates, decimals and bytes as text."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, default=str).encode()


class _Gate:
    """Lets in who comes from this machine, knows the token and sends little.

    A page in a browser must not reach the API: its requests carry an Origin, and a rebound name
    (DNS rebinding) shows in Host.
    """

    def __init__(self, app: ASGIApp, tokens: Sequence[str], metrics_tokens: Sequence[str]) -> None:
        self._app = app
        self._wanted = [f"Bearer {token}".encode() for token in tokens]
        self._wanted_for_metrics = [f"Bearer {token}".encode() for token in metrics_tokens]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        refusal = self._refusal(headers, scope.get("path", ""))
        if refusal:
            await refusal(scope, receive, send)
            return
        await self._app(scope, _capped(receive), send)

    def _refusal(self, headers: dict[bytes, bytes], path: str) -> Response | None:
        if not _LOOPBACK.fullmatch(headers.get(b"host", b"")) or b"origin" in headers:
            return problem(403, Misconfigured("SA-7303", "this API is for this machine only"))
        given = headers.get(b"authorization", b"")
        wanted = self._wanted_for_metrics if path == metrics.PATH else self._wanted
        if wanted and not any(compare_digest(given, each) for each in wanted):
            code = "SA-7481" if path == metrics.PATH else "SA-7302"
            return problem(401, Misconfigured(code, "the API's token is missing or wrong"))
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return problem(413, _too_large())
        return None


def _capped(receive: Receive) -> Receive:
    """`receive` for a body whose length nobody announced."""
    taken = 0

    async def capped() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > BODY_LIMIT:
            raise _too_large()
        return message

    return capped


def _too_large() -> Rejected:
    return Rejected("SA-7304", f"the request is larger than {BODY_LIMIT} bytes")


def _cannot_listen(where: object, error: OSError) -> SyncError:
    reason = f"the local API cannot listen on {where}: {error.strerror}"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Misconfigured("SA-7301", reason, hint="check the owner of the state folder")
    return Unavailable("SA-7305", reason, hint="check the state folder and free space")
