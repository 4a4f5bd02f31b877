"""One server, asked over kept connections by as many threads as like to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ssl import cert_time_to_seconds
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx
import msgspec

from agent.errors import Misconfigured, Unavailable
from connectors._http.authorization import Anonymous, Authorization
from connectors._http.failures import raise_for_status, told, wire_failure
from connectors._http.options import HttpOptions
from connectors._http.tls import tls_context
from connectors._http.transport import Deadline, Transport

T = TypeVar("T")
WIRE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer, read to its end."""

    status: int
    content_type: str
    body: bytes
    host: str
    stream: httpcore.NetworkStream

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
                hint="a log-in portal, a firewall or a maintenance page may stand before the shop",
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
    ) -> None:
        self._options = options
        self.authorization = authorization or Anonymous()
        self._largest_answer = largest_answer
        self._deadline = Deadline()
        timeout = httpx.Timeout(options.read_timeout, connect=options.connect_timeout, pool=None)
        self._client = httpx.Client(
            transport=Transport(tls_context(options), _proxy(options), self._deadline),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
            # Verdicts are short; an answer that is not packed cannot unpack to a flood.
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )

    def get(self, path: str) -> Answer:
        """GET a path below the server's address."""
        return self._authorized("GET", path, None, [])

    def post(self, path: str, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """POST JSON to a path below the server's address."""
        return self._authorized(
            "POST", path, body, [("content-type", "application/json"), *headers]
        )

    def fetch_token(self, url: str, body: bytes, authorization: str) -> bytes:
        """POST a form to a token endpoint; the JSON bytes of its answer."""
        headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("authorization", authorization),
        ]
        response, answer = self._exchange("POST", url, body, headers)
        if response.status_code in {400, 401, 403}:
            said = told(answer.content_type, answer.body) or _oauth_error(answer.body)
            raise Misconfigured(
                "SA-5224",
                f"{answer.host} gives us no access token ({said or response.status_code})",
                hint="check client_id, client_secret and scope",
            )
        _require_success(response, answer)
        return msgspec.json.encode(answer.json(dict[str, Any]))

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _authorized(
        self, method: str, path: str, body: bytes | None, headers: list[tuple[str, str]]
    ) -> Answer:
        authorization = self.authorization.header()
        if authorization:
            headers.append(("authorization", authorization))
        response, answer = self._exchange(method, self._options.url + path, body, headers)
        if response.status_code == 401:
            error = self.authorization.refused(authorization)
            if said := told(answer.content_type, answer.body):
                error.reason += f" ({said})"
            raise error
        self.authorization.accepted(authorization)
        _require_success(response, answer)
        return answer

    def _exchange(
        self, method: str, url: str, body: bytes | None, headers: list[tuple[str, str]]
    ) -> tuple[httpx.Response, Answer]:
        host = urlsplit(url).netloc
        self._deadline.start(self._options.total_timeout)
        try:
            with self._client.stream(method, url, content=body, headers=headers) as response:
                content = self._read(response, host)
        except WIRE_ERRORS as error:
            raise wire_failure(error, host) from error
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        stream = response.extensions["network_stream"]
        return response, Answer(response.status_code, content_type, content, host, stream)

    def _read(self, response: httpx.Response, host: str) -> bytes:
        content = bytearray()
        for portion in response.iter_raw():
            content += portion
            if len(content) > self._largest_answer:
                raise Unavailable(
                    "SA-5208", f"{host} answers more than {self._largest_answer} bytes"
                )
        return bytes(content)


def _require_success(response: httpx.Response, answer: Answer) -> None:
    if not response.is_success:
        raise_for_status(
            response.status_code,
            response.headers,
            answer.content_type,
            answer.body,
            answer.host,
        )


def _oauth_error(body: bytes) -> str:
    """The `error` of RFC 6749, section 5.2."""
    try:
        return msgspec.json.decode(body, type=_OAuthError).error
    except msgspec.DecodeError:
        return ""


class _OAuthError(msgspec.Struct):
    error: str


def _proxy(options: HttpOptions) -> httpcore.Proxy | None:
    if not options.proxy:
        return None
    auth = None
    if options.proxy_user and options.proxy_password:
        auth = (options.proxy_user, options.proxy_password.reveal())
    return httpcore.Proxy(options.proxy, auth=auth)
