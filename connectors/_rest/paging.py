"""A list page by page, to its end and never in circles.

Only what surely is the end counts as one: a page that is shorter than asked for may come from a
server that caps pages, and believing it would delete everything behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, model_validator

from agent.contract import Options
from agent.errors import Misconfigured
from agent.model import Json
from connectors._http import Request
from connectors._rest.questions import Place, Question
from connectors._rest.records import MISSING, take

if TYPE_CHECKING:
    from connectors._rest.api import Api, Content

HEADER = "header:"
COUNTING = {"page", "offset", "skip", "$skip", "start", "startindex", "from", "first"}
"""Parameters by which a server's own link counts pages or records."""
LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


class PagingOptions(Options):
    """How a long list is asked for piece by piece."""

    kind: Literal["none", "page", "offset", "cursor", "link", "next"] = Field(
        default="none",
        description="`page` and `offset` count pages or records; `cursor` sends back a text of the "
        "answer; `link` follows the header `Link: rel=next`, `next` an address in the answer, both "
        "on the same server only; `none`: one answer holds everything.",
    )
    parameter: str = Field(
        default="", description="Parameter for page, offset or cursor; the kind's name if left out."
    )
    first: int = Field(default=1, ge=0, description="Number of the first page.")
    size_parameter: str = Field(default="", description="Parameter for the size of a page.")
    size: int = Field(default=100, ge=1, le=100_000, description="Records asked for at a time.")
    next: str = Field(
        default="",
        description="Where the answer holds the cursor or the next address: `meta.next`.",
    )
    more: str = Field(
        default="", description="Where the answer says whether there is more: `has_more`."
    )
    total: str = Field(
        default="",
        description="Where the answer says how many records there are: `meta.total`, or "
        "`header:X-Total-Count`. With counted pages nothing is deleted without it.",
    )
    place: Literal["", "query", "body"] = Field(
        default="",
        description="Where these parameters go: the address, or fields of the body. The body for "
        "POST if left out.",
    )
    most_pages: int = Field(
        default=100_000, ge=1, description="More pages than this are taken for a fault."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind in {"cursor", "next"} and not self.next:
            raise ValueError(f"kind {self.kind} needs next: where the answer holds it")
        return self


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list. `counted`: the way to the next page counts pages or records."""

    number: int
    records: list[Json]
    doubtful: bool
    at: datetime | None
    total: int | None
    counted: bool
    value: Json = None
    """The whole answer."""
    met: frozenset[int] | None = None
    """What the total counts, a hash for each, where it does not count the records."""


class Listing:
    """One list, asked for page by page. `find` takes the records out of an answer.

    With `total_once` a total that later pages leave out is that of the first.
    """

    def __init__(
        self,
        api: Api,
        question: Question,
        options: PagingOptions,
        find: Callable[[Json], list[Json]],
        *,
        total_once: bool = False,
    ) -> None:
        self._api, self._options, self._find = api, options, find
        place: Place = "body" if question.method == "POST" else "query"
        self._place = options.place or place
        if options.size_parameter:
            question = question.put({options.size_parameter: options.size}, self._place)
        self._question = question
        self._seen: set[bytes] = set()
        self._count = 0
        self._total_once = total_once
        self._told: int | None = None

    def pages(self) -> Iterator[Page]:
        """Every page; raises where the server repeats itself or never ends."""
        options = self._options
        request = self._first()
        for number in range(1, options.most_pages + 1):
            content = self._api.read(request)
            records = [] if content.value is None else self._find(content.value)
            self._require_new(records)
            self._count += len(records)
            total = self._total(content)
            following = self._next(content, records, number, total)
            counted = following is not None and self._counts(following)
            yield Page(number, records, content.doubtful, content.at, total, counted, content.value)
            if following is None:
                return
            request = following
        raise Misconfigured(
            "SA-2407",
            f"{self._api.server} has more than {options.most_pages} pages",
            hint="raise most_pages, or look why the list never ends",
        )

    def _first(self) -> Request:
        options = self._options
        if options.kind == "page":
            return self._numbered(options.first)
        if options.kind == "offset":
            return self._numbered(0)
        return self._question.request()

    def _numbered(self, number: Json) -> Request:
        name = self._options.parameter or self._options.kind
        return self._question.put({name: number}, self._place).request()

    def _next(
        self, content: Content, records: list[Json], number: int, total: int | None
    ) -> Request | None:
        kind = self._options.kind
        if kind == "none" or content.value is None or not self._says_more(content.value):
            return None
        if kind in {"page", "offset"}:
            if not records or (total is not None and self._count >= total):
                return None
            return self._numbered(self._options.first + number if kind == "page" else self._count)
        if kind == "link":
            link = next_link(content.answer.headers.get("link", ""))
        else:
            link = self._text(content.value, self._options.next)
        if not link:
            return None
        self._require_unseen(link.encode(errors="surrogatepass"))
        if kind == "cursor":
            return self._numbered(link)
        return self._question.at(self._api.follow(content.url, link))

    def _says_more(self, value: Json) -> bool:
        """True where the answer is not asked, or says so."""
        if not self._options.more:
            return True
        more = take(value, self._options.more)
        if not isinstance(more, bool):
            raise self._odd("more", self._options.more, more)
        return more

    def _text(self, value: Json, path: str) -> str:
        found = take(value, path)
        if found is MISSING or found is None or found is False:
            return ""
        if isinstance(found, str) or (isinstance(found, int) and found is not True):
            return str(found)
        raise self._odd("next", path, found)

    def _total(self, content: Content) -> int | None:
        path = self._options.total
        if not path or content.value is None:
            return None
        if path.startswith(HEADER):
            found: Json = content.answer.headers.get(path.removeprefix(HEADER), "")
        else:
            found = take(content.value, path)
        if found is MISSING and self._total_once:
            return self._told
        text = str(found)
        if isinstance(found, bool) or not (text.isascii() and text.isdigit() and len(text) < 16):
            raise self._odd("total", path, found)
        self._told = int(text)
        return self._told

    def _counts(self, request: Request) -> bool:
        if self._options.kind in {"page", "offset"}:
            return True
        if self._options.kind == "cursor":
            return False
        return any(
            name.lower() in COUNTING and value.isdigit()
            for name, value in parse_qsl(urlsplit(request.url).query)
        )

    def _require_new(self, records: list[Json]) -> None:
        if records:
            self._require_unseen(repr(records).encode(errors="surrogatepass"))

    def _require_unseen(self, what: bytes) -> None:
        digest = sha256(what).digest()[:16]
        if digest in self._seen:
            raise Misconfigured(
                "SA-2406",
                f"{self._api.server} answers a page that it has answered before",
                hint="check the paging's parameter; where the last page comes again and again, "
                "say where the answer holds total or more",
            )
        self._seen.add(digest)

    def _odd(self, option: str, path: str, found: Json) -> Misconfigured:
        told = "nothing" if found is MISSING else f"{found!r:.60}"
        return Misconfigured(
            "SA-2405",
            f"{self._api.server} answers {told} at {path!r}, which cannot be {option}",
            hint=f"correct {option} of the paging",
        )


def next_link(header: str) -> str:
    """The address with `rel=next` of a `Link` header (RFC 8288), "" for none."""
    for found in LINK.finditer(header):
        relation = REL.search(found[2])
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return found[1]
    return ""
