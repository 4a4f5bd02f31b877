"""One server, asked over kept connections by as many threads as like to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from ssl import cert_time_to_seconds
from typing import TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx
import msgspec

from agent.errors import SyncError, Unavailable
from connectors._http.authorization import Anonymous, Authorization, Request
from connectors._http.failures import raise_for_status, told, wire_failure
from connectors._http.options import HttpOptions
from connectors._http.tls import tls_context
from connectors._http.transport import Deadline, Transport
from connectors._http.unpacking import read_body

T = TypeVar("T")
WIRE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpx.RemoteProtocolError,  # a Location that is no address
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str
    stream: httpcore.NetworkStream

    @property
    def content_type(self) -> str:
        """What the body is said to be, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def told(self) -> str:
        """What the other side says about a failure, in one line."""
        return told(self.content_type, self.body)

    def require_success(self) -> None:
        """Raise one of the three errors unless the status is 2xx."""
        if not 200 <= self.status <= 299:
            raise_for_status(self.status, self.headers, self.content_type, self.body, self.host)

    def certificate_ends(self) -> datetime | None:
        """Until when the server's certificate is valid; None where that is not known."""
        tls = self.stream.get_extra_info("ssl_object")
        certificate = tls.getpeercert() if tls else None
        if not certificate:
            return None
        return datetime.fromtimestamp(cert_time_to_seconds(certificate["notAfter"]), UTC)

    def json(self, shape: type[T]) -> T:
        """The body as this type. Raises `Unavailable` for all else: a portal, a wrong server."""
        if self.content_type != "application/json":
            raise Unavailable(
                "SA-5206",
                f"{self.host} answered {self.content_type or 'an unnamed type'}, not JSON",
                hint="a log-in portal, a firewall or a maintenance page may stand before it",
            )
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unavailable(
                "SA-5207", f"{self.host} answered JSON that does not keep the protocol: {error}"
            ) from None


class Client:
    """Sends requests to `options.url` and below; thread-safe."""

    def __init__(
        self,
        options: HttpOptions,
        authorization: Authorization | None = None,
        *,
        largest_answer: int = 64_000_000,
        packed: bool = False,
    ) -> None:
        self._options = options
        self._authorization = authorization or Anonymous()
        self._largest_answer = largest_answer
        self._packed = packed
        self._deadline = Deadline()
        timeout = httpx.Timeout(options.read_timeout, connect=options.connect_timeout, pool=None)
        self._transport = Transport(tls_context(options), _proxy(options), self._deadline)
        self._client = httpx.Client(
            transport=self._transport,
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
            headers={
                "accept": "application/json",
                "accept-encoding": "gzip" if packed else "identity",
            },
        )
        # A session is an Authorization's affair; none begins because a server sets a cookie.
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def get(self, path: str) -> Answer:
        """GET a path below the server's address."""
        return self._succeed(Request("GET", self._options.url + path))

    def post(self, path: str, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """POST JSON to a path below the server's address."""
        headers = [("content-type", "application/json"), *headers]
        return self._succeed(Request("POST", self._options.url + path, headers, body))

    def ask(self, request: Request) -> Answer:
        """Send a request in our name; the answer, whatever its status but 401.

        A request whose credential had merely run out is signed anew and sent once more: a server
        that answers 401 has not looked at it.
        """
        error: SyncError | None = None
        for _ in range(2):
            signed = replace(request, headers=list(request.headers))
            credential = self._authorization.sign(signed, self.exchange)
            answer = self.exchange(signed)
            if answer.status != 401:
                self._authorization.accepted(credential)
                return answer
            error = self._authorization.refused(credential)
            if error is not None:
                break
        error = error or Unavailable("SA-5214", f"{answer.host} ends every log-in at once")
        if said := answer.told():
            error.reason += f" ({said})"
        error.untouched = True
        raise error

    def exchange(self, request: Request) -> Answer:
        """Send a request as it is; the answer, whatever its status."""
        host = urlsplit(request.url).netloc
        content = request.body if request.pieces is None else request.pieces
        self._deadline.start(request.seconds or self._options.total_timeout)
        try:
            with self._client.stream(
                request.method, request.url, content=content, headers=request.headers
            ) as response:
                encoding = response.headers.get("content-encoding", "") if self._packed else ""
                body = read_body(response.iter_raw(), encoding, self._largest_answer, host)
        except WIRE_ERRORS as error:
            raise wire_failure(error, host) from error
        stream = response.extensions["network_stream"]
        return Answer(response.status_code, response.headers, body, host, stream)

    def abort(self) -> None:
        """End what is under way in other threads: they get `Unavailable`, now and from now on."""
        self._transport.abort()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _succeed(self, request: Request) -> Answer:
        answer = self.ask(request)
        answer.require_success()
        return answer


def _proxy(options: HttpOptions) -> httpcore.Proxy | None:
    if not options.proxy:
        return None
    auth = None
    if options.proxy_user and options.proxy_password:
        auth = (options.proxy_user, options.proxy_password.reveal())
    return httpcore.Proxy(options.proxy, auth=auth)
