"""The wire below httpx: one deadline over a whole request, and no link-local peers.

httpx knows time-outs for each read, but a peer that sends one byte a second never breaks them.
Here every step on the socket gets no more time than what is left of the request's total.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import httpcore
import httpx

from agent.errors import Misconfigured
from connectors._http.options import is_link_local

WRITE_PORTION = 64 * 1024


class Deadline(threading.local):
    """When the request that this thread is making must have ended."""

    at: float = math.inf

    def start(self, seconds: float) -> None:
        """Give the thread's next request this long."""
        self.at = time.monotonic() + seconds

    def cap(self, timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
        """What a step may take: its own time-out or what is left, whichever is less."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise error("the total time is over")
        if timeout is None:
            return left if math.isfinite(left) else None
        return min(timeout, left)


class Streams:
    """The sockets of one client, so that another thread can end what is under way on them."""

    def __init__(self) -> None:
        self._aborted = False
        self._lock = threading.Lock()
        self._open: WeakSet[_Stream] = WeakSet()

    def add(self, stream: _Stream) -> None:
        """One more."""
        with self._lock:
            self._open.add(stream)

    def require(self) -> None:
        """Raise where nothing is to be begun any more."""
        if self._aborted:
            raise httpcore.ReadError("it was ended")

    def abort(self) -> None:
        """End what waits on a socket now, and whatever would begin later."""
        self._aborted = True
        with self._lock:
            found = list(self._open)
        for stream in found:
            # Past TLS: its own shutdown would take the session from the thread that uses it.
            with suppress(OSError):
                socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)


class _Stream(httpcore.NetworkStream):
    """A socket that looks at the deadline before each step."""

    def __init__(
        self, stream: httpcore.NetworkStream, deadline: Deadline, streams: Streams
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._streams = streams
        streams.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._streams.require()
        return self._stream.read(max_bytes, self._deadline.cap(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._streams.require()
        for start in range(0, len(buffer), WRITE_PORTION):
            portion = buffer[start : start + WRITE_PORTION]
            self._stream.write(portion, self._deadline.cap(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Stream(stream, self._deadline, self._streams)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Opens such sockets."""

    def __init__(
        self,
        deadline: Deadline,
        backend: httpcore.NetworkBackend | None = None,
        streams: Streams | None = None,
    ) -> None:
        self._deadline = deadline
        self._streams = streams or Streams()
        self._backend = backend or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection that stands, to anything but a link-local address."""
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        try:
            peer = stream.get_extra_info("server_addr")[0]
        except OSError as error:  # whoever took the connection has hung up already
            stream.close()
            raise httpcore.ConnectError(str(error)) from error
        if is_link_local(peer):
            stream.close()
            raise Misconfigured(
                "SA-5229",
                f"{host} leads to the link-local address {peer}",
                hint="check the address and the name server: nothing of ours lives there",
            )
        return _Stream(stream, self._deadline, self._streams)


class _Body(httpx.SyncByteStream):
    """The answer's bytes as they come in."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Transport(httpx.BaseTransport):
    """httpx on a pool of such sockets. Errors of httpcore pass through as they are."""

    def __init__(
        self, tls: ssl.SSLContext, proxy: httpcore.Proxy | None, deadline: Deadline
    ) -> None:
        self._streams = Streams()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            proxy=proxy,
            max_connections=None,
            keepalive_expiry=30.0,
            network_backend=Backend(deadline, streams=self._streams),
        )

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def abort(self) -> None:
        """End what is under way in other threads; nothing can be asked any more."""
        self._streams.abort()

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
