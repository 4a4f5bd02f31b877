"""The calls that one delivery makes, within the allowance that all apps of the store share."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from agent.contract import Bindings, Gate
from agent.errors import Rejected
from agent.model import Json
from connectors._http import Request
from connectors._http.failures import raise_for_status, retry_after

if TYPE_CHECKING:
    from connectors._http.client import Answer
    from connectors._verdicts import Requests

REFUSALS = {400, 404, 409, 413, 422}
"""Statuses that say something about what was sent, not about the store."""
LEFT = "x-rate-limit-requests-left"
MOST = 250
"""Records a page."""
_encode = msgspec.json.Encoder(decimal_format="number").encode
_writing: dict[str, threading.Lock] = {}
_making = threading.Lock()


class Reply(NamedTuple):
    """What the store answered: a value, or why it refuses."""

    status: int
    value: Json = None
    words: str = ""

    @property
    def refused(self) -> bool:
        """Whether nothing, or not everything, of the request was done."""
        return self.status >= 300 or self.status == 207

    def refusal(self) -> Rejected:
        """The store's words as an error."""
        return Rejected("SA-5480", f"the store refuses it: {self.words} ({self.status})")

    @property
    def data(self) -> Json:
        """What version 3 answers, without its wrapping."""
        return self.value.get("data") if isinstance(self.value, Mapping) else None


class Calls:
    """One store, asked through the requests of one delivery, and what is known of it already."""

    def __init__(
        self, requests: Requests, bindings: Bindings, gate: Gate, url: str, reserve: int
    ) -> None:
        self.bindings = bindings
        self._requests, self._gate, self._url, self._reserve = requests, gate, url, reserve

    def get(self, path: str, **query: object) -> Reply:
        """A question; raises for what is neither answer nor refusal."""
        return self._ask("GET", path, query)

    def post(self, path: str, body: Json) -> Reply:
        """Something new."""
        return self._ask("POST", path, {}, body)

    def put(self, path: str, body: Json) -> Reply:
        """Something changed."""
        return self._ask("PUT", path, {}, body)

    def delete(self, path: str, **query: object) -> Reply:
        """Something gone."""
        return self._ask("DELETE", path, query)

    def one_at_a_time(self) -> threading.Lock:
        """BigCommerce asks not to write stock in bulk while the catalogue is written in bulk.

        One lock a store, for all flows and senders of this process.
        """
        with _making:
            return _writing.setdefault(self._url, threading.Lock())

    def pages(self, path: str, **query: object) -> Iterator[dict[str, Any]]:
        """All records of a list of version 3."""
        number, last = 1, 1
        while number <= last:
            reply = self.get(path, **{"limit": MOST, **query, "page": number})
            if reply.refused:
                raise reply.refusal()
            yield from reply.data
            last = int(reply.value.get("meta", {}).get("pagination", {}).get("total_pages") or 1)
            number += 1

    def _ask(self, method: str, path: str, query: Mapping[str, object], body: Json = None) -> Reply:
        url = self._url + path
        if query:
            written = {name: str(value) for name, value in query.items()}
            url += "?" + urlencode(written, safe=":,", quote_via=quote)
        headers = [("accept", "application/json")]
        content = None
        if body is not None:
            headers.append(("content-type", "application/json"))
            content = _encode(body)
        answer = self._requests.ask(Request(method, url, headers, content))
        self._mind_the_allowance(answer)
        if answer.status in REFUSALS:
            return Reply(answer.status, None, _words(answer))
        if not 200 <= answer.status <= 299:
            raise_for_status(
                answer.status, answer.headers, answer.content_type, answer.body, answer.host
            )
        value = msgspec.json.decode(answer.body) if answer.body.strip() else None
        return Reply(answer.status, value, _words(answer) if answer.status == 207 else "")

    def _mind_the_allowance(self, answer: Answer) -> None:
        left = answer.headers.get(LEFT, "").strip()
        if left.isdigit() and int(left) <= self._reserve:
            self._gate.pause(retry_after(answer.headers) or 1.0)


def _words(answer: Answer) -> str:
    """Title and errors of a problem, in one line."""
    try:
        problem = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.told() or "no reason given"
    if isinstance(problem, list) and problem:
        problem = problem[0]
    if not isinstance(problem, Mapping):
        return "no reason given"
    found = [str(problem.get("title") or problem.get("message") or "")]
    found += _errors(problem.get("errors")) + _errors(problem.get("batch_errors"))
    return "; ".join(dict.fromkeys(filter(None, found)))[:400] or "no reason given"


def _errors(errors: Json) -> list[str]:
    if isinstance(errors, Mapping):
        return [
            f"{name}: {each}" if isinstance(each, str) else "; ".join(_errors(each))
            for name, each in errors.items()
        ]
    if isinstance(errors, list):
        return [words for each in errors for words in _errors(each)]
    return [str(errors)] if isinstance(errors, str) else []
