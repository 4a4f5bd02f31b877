"""The requests of one delivery: each passes the gate, each refusal keeps the ERP's words.

Imported where somebody is about to ask: it draws in the client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from agent.contract import Gate
from agent.errors import Rejected, Unavailable
from agent.model import Json
from connectors._http import Request
from connectors._http.client import Answer
from connectors._rest.api import Api, parsed

ENCODE = msgspec.json.Encoder(decimal_format="number").encode
REFUSALS = {400, 404, 422}
CONFLICTS = {409, 412}
"""Nothing was written: the record is not as it was when it was read, or is being written."""
GIVEN_UP = {408, 502, 504}
"""Somebody on the way no longer waits; the ERP itself may well go on."""


class Fault(NamedTuple):
    """What an ERP says about a refusal."""

    code: str
    words: str


class Asking:
    """Asks an ERP on behalf of one delivery.

    `fault` reads the ERP's way to tell what is wrong; `locks` are the codes by which it says that
    somebody else is at work on the record. For `settling` seconds after an answer got lost nobody
    asks whether the record is there: the ERP may still be writing it, and would say no.
    """

    def __init__(
        self,
        api: Api,
        gate: Gate,
        fault: Callable[[Json], Fault],
        locks: frozenset[str],
        settling: float,
    ) -> None:
        self.api = api
        self._settling = settling
        self._gate, self._fault, self._locks = gate, fault, locks
        self._passed = True  # the engine has passed the gate for the first request

    def read(self, request: Request) -> Json:
        """The JSON of a success; raises one of the three errors for everything else."""
        self._pass()
        return self.api.read(request).value

    def write(
        self, method: str, url: str, body: Json = None, headers: Sequence[tuple[str, str]] = ()
    ) -> Answer:
        """Write once. Raises `Rejected` in the ERP's own words."""
        self._pass()
        given = [("accept", "application/json"), *headers]
        if body is not None:
            given.append(("content-type", "application/json"))
        content = None if body is None else ENCODE(body)
        try:
            answer = self.api.ask(Request(method, url, given, content))
        except Unavailable as error:
            raise self._settled_later(error) from None
        if not 200 <= answer.status <= 299:
            self._raise(answer)
        return answer

    def _raise(self, answer: Answer) -> None:
        raise_verdict(answer.status, self._fault_of(answer), self._locks)
        try:
            answer.require_success()
        except Unavailable as error:
            if answer.status in GIVEN_UP:
                raise self._settled_later(error) from None
            raise

    def _settled_later(self, error: Unavailable) -> Unavailable:
        if not error.untouched:
            error.retry_after = max(error.retry_after or 0.0, self._settling)
        return error

    def _fault_of(self, answer: Answer) -> Fault:
        try:
            return self._fault(parsed(answer).value)
        except Unavailable:
            return Fault(str(answer.status), "no reason given")

    def _pass(self) -> None:
        if not self._passed:
            self._gate.request()
        self._passed = False


def raise_verdict(status: int, fault: Fault, locks: frozenset[str] = frozenset()) -> None:
    """Raise where the ERP says no, or says that somebody else is at work on the record."""
    if status in CONFLICTS or fault.code in locks:
        raise Unavailable("SA-5358", f"the ERP says: {_told(fault)}", untouched=True)
    if status in REFUSALS:
        raise Rejected("SA-5350", _told(fault))


def require_parts(parts: Iterable[tuple[int, Fault]]) -> None:
    """Raise for the first part of a batch that failed, which then failed as a whole."""
    for status, fault in parts:
        raise_verdict(status, fault)
        if status >= 400:
            raise Unavailable("SA-5212", f"the ERP answered {status}: {_told(fault)}")


def _told(fault: Fault) -> str:
    words = " ".join(fault.words.split())[:300]
    return f"{words} ({fault.code})" if fault.code else words
