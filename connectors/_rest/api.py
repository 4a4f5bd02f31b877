"""A server asked for JSON: every odd answer is one of the three errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from urllib.parse import urljoin, urlsplit

from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Json
from connectors._http import Authorization, Request
from connectors._http.client import Answer, Client
from connectors._http.failures import SLOWER, http_date, raise_for_status, retry_after
from connectors._rest.access import ServerOptions
from connectors._rest.exact_json import Document

REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
QUESTION_AT_FAULT = {400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 501}


@dataclass(frozen=True, slots=True)
class Content:
    """An answer and the JSON value in it; None for 204, which says that there is nothing."""

    url: str
    answer: Answer
    value: Json
    doubtful: bool

    @property
    def at(self) -> datetime | None:
        """When the server answered, by its own clock."""
        return http_date(self.answer.headers.get("date", ""))


class Api:
    """Asks one server, in our name."""

    def __init__(self, options: ServerOptions, authorization: Authorization) -> None:
        self.url = options.url
        self.server = urlsplit(options.url).netloc
        self._client = Client(
            options, authorization, largest_answer=options.largest_answer, packed=True
        )

    def ask(self, request: Request) -> Answer:
        """The answer, whatever its status. A GET follows redirects on the same server."""
        for _ in range(MOST_REDIRECTS):
            answer = self._client.ask(request)
            location = answer.headers.get("location", "")
            if request.method != "GET" or answer.status not in REDIRECTS or not location:
                return answer
            request = Request("GET", self.follow(request.url, location), request.headers)
        raise Unavailable("SA-5205", f"{self.server} redirects in circles")

    def read(self, request: Request) -> Content:
        """The JSON of a success; raises one of the three errors for everything else."""
        return self.content(request.url, self.ask(request))

    def content(self, url: str, answer: Answer) -> Content:
        """The JSON of an answer; raises one of the three errors unless it is a success."""
        if answer.status in {204, 205}:
            return Content(url, answer, None, doubtful=False)
        if not 200 <= answer.status <= 299:
            raise_for(answer)
        document = parsed(answer)
        return Content(url, answer, document.value, document.doubtful)

    def follow(self, base: str, link: str) -> str:
        """Where a link leads, if that is this server; our log-in and trust end at its door."""
        try:
            url = urljoin(base, link)
            same = url.isprintable() and _origin(url) == _origin(self.url)
        except ValueError:
            same = False
        if not same:
            raise Rejected(
                "SA-2402",
                f"{self.server} sends us on to another server: {link[:200]}",
                hint="if that is right, put the address it should have into url",
            )
        return url.partition("#")[0]

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def parsed(answer: Answer) -> Document:
    """The JSON of an answer, whatever it calls itself: many servers call it text."""
    try:
        return Document(answer.body.decode(_charset(answer)))
    except (ValueError, LookupError) as error:
        if "json" not in answer.content_type and answer.body.lstrip()[:1] not in {b"{", b"["}:
            raise Unavailable(
                "SA-5206",
                f"{answer.host} answered {answer.content_type or 'an unnamed type'}, not JSON",
                hint="a log-in portal, a firewall or a maintenance page may stand before it",
            ) from None
        what = "an empty answer" if not answer.body.strip() else f"no whole JSON: {error}"
        raise Unavailable("SA-5207", f"{answer.host} gave {what}") from None


def _charset(answer: Answer) -> str:
    """As declared; JSON is UTF-8 otherwise, with or without the mark some editors put first."""
    for part in answer.headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in {"", "utf-8", "utf8"}:
            return charset
    return "utf-8-sig"


def raise_for(answer: Answer) -> NoReturn:
    """The error for an answer that is no success."""
    if answer.status == 403 and answer.headers.get("x-ratelimit-remaining", "").strip() == "0":
        raise Unavailable(
            "SA-5211",
            f"{answer.host} answered 403, and our requests are used up",
            hint=SLOWER,
            retry_after=retry_after(answer.headers),
        )
    if answer.status in QUESTION_AT_FAULT:
        said = answer.told()
        raise Misconfigured(
            "SA-2401",
            f"{answer.host} answered {answer.status}" + (f": {said}" if said else ""),
            hint="check path, parameters and body against the server's own description",
        )
    raise_for_status(answer.status, answer.headers, answer.content_type, answer.body, answer.host)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("a link with a log-in of its own")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port
