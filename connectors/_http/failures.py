"""What went wrong on the way or was answered, as one of the three errors.

`untouched` is said where no request can have reached whoever does the work: no connection stood, or
the answer was 401 or 429.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

import httpcore
import msgspec

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._http.tls import tls_failure

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 3600.0
EXCERPT = 200
LONGEST_ID = 80


def wire_failure(error: Exception, host: str) -> SyncError:
    """A connection that could not be made, broke or took too long."""
    for cause in _causes(error):
        if isinstance(cause, SyncError):
            return cause
        if isinstance(cause, ssl.SSLError):
            return tls_failure(cause, host)
        if isinstance(cause, socket.gaierror):
            return Unavailable(
                "SA-5202",
                f"the name {host} cannot be resolved",
                hint="check address and DNS",
                untouched=True,
            )
    if isinstance(error, httpcore.ProxyError):
        return _proxy_failure(error)
    if isinstance(error, httpcore.ConnectTimeout):
        return Unavailable("SA-5203", f"{host} did not take the connection in time", untouched=True)
    if isinstance(error, httpcore.TimeoutException):
        return Unavailable("SA-5203", f"{host} did not answer in time ({error})")
    if isinstance(error, httpcore.ConnectError):
        return Unavailable("SA-5201", f"{host} cannot be reached ({error})", untouched=True)
    return Unavailable(
        "SA-5204",
        f"the connection to {host} broke before the answer was whole ({error})",
        hint="what was sent counts as not known and is sent again; a server that closes every "
        "connection at once may want a client certificate",
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    causes = []
    while error is not None:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes


def _proxy_failure(error: httpcore.ProxyError) -> SyncError:
    if str(error).startswith(("407", "403")):
        return Misconfigured(
            "SA-5225",
            f"the proxy refuses us ({error})",
            hint="set proxy_user and proxy_password, or have the address allowed",
        )
    return Unavailable("SA-5201", f"the proxy cannot reach the server ({error})")


RESETS = (
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "x-rate-limit-time-reset-ms",
)
"""When a budget of requests is full again, in the words of many: nobody agreed on one."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The wish in `Retry-After`, seconds or a date, kept between one second and one hour.

    A date is read against the server's own `Date`, so that a wrong clock on either side is no
    harm. Text that is neither counts as no wish.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return _until_reset(headers)
    if text.isascii() and text.isdigit():
        # A number of a thousand digits is a wish for the longest wait, not a ValueError.
        seconds = float(text[:9])
    else:
        moment, now = http_date(text), http_date(headers.get("date", ""))
        if moment is None:
            return None
        seconds = (moment - (now or datetime.fromtimestamp(time.time(), UTC))).total_seconds()
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until a budget is full again: told as seconds, as milliseconds or as a Unix time."""
    for name in RESETS:
        text = headers.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 16:
            seconds = int(text) / (1000 if name.endswith("-ms") or len(text) > 12 else 1)
            if len(text) > 9 and not name.endswith("-ms"):
                now = http_date(headers.get("date", ""))
                seconds -= now.timestamp() if now else time.time()
            return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
    return None


def http_date(text: str) -> datetime | None:
    """A moment as headers write it; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


TELLING = ("detail", "message", "error", "error_description", "title", "value", "code")
"""Where servers put the words for people: RFC 9457, OData, OAuth and many of no standard."""


def told(content_type: str, body: bytes) -> str:
    """What the other side says about a failure, in one line."""
    if "json" not in content_type:
        return ""
    try:
        problem = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return " ".join(_words(problem).split())[:EXCERPT]


def _words(problem: object) -> str:
    if isinstance(problem, str):
        return problem
    if not isinstance(problem, dict):
        return ""
    return next((words for name in TELLING if (words := _words(problem.get(name)))), "")


REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid")


def request_id(headers: Mapping[str, str]) -> str:
    """The number under which the other side can find our request in its own log; "" for none."""
    found = next((headers[name] for name in REQUEST_IDS if headers.get(name)), "")
    return found.strip()[:LONGEST_ID] if found.isprintable() else ""


SLOWER = "where it happens often: reading: {queries_per_minute: …} or delivery: {rate: …}"

_MISCONFIGURED = {
    403: ("SA-5221", "forbids what we asked", "have the server's operator grant it"),
    407: ("SA-5225", "wants a log-in at the proxy", "set proxy_user and proxy_password"),
    415: ("SA-5226", "does not take what we sent in this form", "set gzip: never"),
    **dict.fromkeys(
        (404, 405, 410, 501, 505),
        (
            "SA-5222",
            "knows no such address",
            "check url and path; for the shop protocol it ends before /v1",
        ),
    ),
    **dict.fromkeys(
        (301, 308),
        ("SA-5223", "has moved", "put the new address into the configuration, if it is right"),
    ),
}


def raise_for_status(
    status: int, headers: Mapping[str, str], content_type: str, body: bytes, host: str
) -> NoReturn:
    """The error for an answer that is none of 2xx and not 401."""
    said = told(content_type, body)
    request = request_id(headers)
    what = f"{host} answered {status}" + (f": {said}" if said else "")
    if request:
        what += f" [request {request}]"
    if status in _MISCONFIGURED:
        code, meaning, hint = _MISCONFIGURED[status]
        raise Misconfigured(code, f"{what} ({meaning})", hint=hint)
    if status == 413:
        raise Rejected("SA-5241", f"{what} (too large)")
    if status in {429, 503}:
        raise Unavailable(
            "SA-5211",
            what,
            hint=SLOWER,
            retry_after=retry_after(headers),
            untouched=status == 429,
        )
    if status == 409:
        raise Unavailable(
            "SA-5213", f"{what} (still at work on it)", retry_after=retry_after(headers)
        )
    if status >= 500 or status in {408, 425}:
        raise Unavailable("SA-5212", what, retry_after=retry_after(headers))
    if status >= 400:
        raise Rejected("SA-5242", what)
    raise Unavailable(
        "SA-5205",
        f"{what} (a redirect; none is followed)",
        hint="a portal or a maintenance page may stand before the server",
    )
