"""A list page by page, to its end and never in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from agent.errors import Misconfigured
from agent.model import Json
from connectors._rest.paging import Page
from connectors._rest.records import MISSING, records_at, take
from connectors.soap.options import PagingOptions
from connectors.soap.values import Plain, filled

if TYPE_CHECKING:
    from connectors.soap.service import Service


@dataclass(frozen=True, slots=True)
class Question:
    """An operation, its parameters before they are filled in, and where its answer has the list."""

    operation: str
    parameters: Mapping[str, Any]
    records: str


class Listing:
    """One list, asked for page by page."""

    def __init__(self, service: Service, question: Question, options: PagingOptions) -> None:
        self._service, self._question, self._options = service, question, options
        self._seen: set[bytes] = set()

    def pages(self) -> Iterator[Page]:
        """Every page; raises where the server repeats itself or never ends."""
        options, count = self._options, 0
        token: str | None = None
        for number in range(1, options.most_pages + 1):
            answer = self._ask(number, count, token)
            records = records_at(answer.value, self._question.records, self._service.server)
            if records:
                self._require_unseen(repr(records))
            count += len(records)
            total = self._total(answer.value)
            token = self._token(answer.value)
            last = self._ends(answer.value, records, count, total, token)
            counted = options.kind in {"page", "offset"} and not last
            yield Page(number, records, answer.doubtful, self._service.wire.at, total, counted)
            if last:
                return
            if token is not None:
                self._require_unseen(token)
        raise Misconfigured(
            "SA-2407",
            f"{self._service.server} has more than {options.most_pages} pages",
            hint="raise most_pages, or look why the list never ends",
        )

    def _ask(self, number: int, count: int, token: str | None) -> Plain:
        options = self._options
        values = {
            "page": options.first + number - 1,
            "offset": count,
            "size": options.size,
            "token": token,
        }
        parameters = filled(self._question.parameters, values)
        return self._service.call(self._question.operation, parameters) or Plain(None)

    def _ends(
        self, value: Json, records: list[Json], count: int, total: int | None, token: str | None
    ) -> bool:
        options = self._options
        if options.kind == "none":
            return True
        if options.more:
            more = take(value, options.more)
            if not isinstance(more, bool):
                raise self._odd("more", options.more, more)
            if not more:
                return True
        if options.kind == "token":
            return token is None
        return not records or (total is not None and count >= total)

    def _token(self, value: Json) -> str | None:
        if not self._options.token:
            return None
        found = take(value, self._options.token)
        if found is None or found is MISSING or found == "":
            return None
        if isinstance(found, bool | dict | list):
            raise self._odd("token", self._options.token, found)
        return str(found)

    def _total(self, value: Json) -> int | None:
        if not self._options.total:
            return None
        found = take(value, self._options.total)
        text = str(found)
        if isinstance(found, bool) or not (text.isascii() and text.isdigit() and len(text) < 16):
            raise self._odd("total", self._options.total, found)
        return int(text)

    def _require_unseen(self, what: str) -> None:
        digest = sha256(what.encode(errors="surrogatepass")).digest()[:16]
        if digest in self._seen:
            raise Misconfigured(
                "SA-2406",
                f"{self._service.server} answers a page that it has answered before",
                hint="check where parameters hold {page}, {offset} or {token}; where the last "
                "page comes again and again, say where the answer holds total or more",
            )
        self._seen.add(digest)

    def _odd(self, option: str, path: str, found: Json) -> Misconfigured:
        return Misconfigured(
            "SA-2405",
            f"{self._service.server} answers {found!r:.60} at {path!r}, which cannot be {option}",
            hint=f"correct {option} of the paging",
        )
