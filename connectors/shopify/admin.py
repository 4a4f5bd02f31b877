"""The Admin API: several calls in one request, its costs, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn
from urllib.parse import urlsplit

import msgspec

from agent.contract import Gate
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.model import Json
from connectors._http import Request
from connectors._http.client import Answer, Client
from connectors._http.failures import SLOWER, http_date, retry_after
from connectors._rest.api import parsed
from connectors.shopify.documents import Call, document
from connectors.shopify.options import ShopifyOptions
from connectors.shopify.versions import VERSION

CALLS_A_REQUEST = 20
"""Of 10 points each: a fifth of what one request may cost, and a fifth of the smallest bucket."""
A_PART = 1000.0
"""Points that a part of a delivery costs at most, from its first question to its last command."""
NOT_SENT = {"SA-5201", "SA-5202", "SA-5220", "SA-5224"}
"""Failures of HTTP after which the other side has surely done nothing."""
PASSING = {"INTERNAL_SERVER_ERROR", "TIMEOUT"}
NOBODYS_FAULT = {"ACCESS_DENIED", "SHOP_INACTIVE"}
"""Codes of errors that would meet any record."""
TOO_FAST = {429: "wants us to slow down", 430: "takes us for an attacker"}
CLOSED = {402: "is frozen until its bill is paid", 423: "is locked"}


class UserError(msgspec.Struct):
    """Why Shopify refused a call: the path of the argument at fault, in words, as a code."""

    message: str
    field: list[str] | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call: its value, or why there is none."""

    call: Call
    value: Json
    errors: list[UserError] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether Shopify did it."""
        return not self.errors

    def codes(self) -> set[str]:
        """Codes of the refusals."""
        return {error.code for error in self.errors if error.code}

    def why(self) -> str:
        """The refusal in Shopify's words, with the field and what we sent in it."""
        return "; ".join(map(self._told, self.errors))

    def _told(self, error: UserError) -> str:
        words = error.message + (f" ({error.code})" if error.code else "")
        if not error.field:
            return words
        value: Json = dict(self.call.arguments)
        for step in error.field:
            try:
                value = value[int(step)] if isinstance(value, list) else value[step]
            except (KeyError, TypeError, ValueError, IndexError):
                return f"{'.'.join(error.field)}: {words}"
        sent = "" if isinstance(value, dict | list) else f", sent {value!r:.60}"
        return f"{'.'.join(error.field)}: {words}{sent}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request cost, and what is left to spend."""

    requested: float = 0.0
    available: float = 0.0
    most: float = 0.0
    restored: float = 0.0
    """Points a second."""

    def wait(self) -> float:
        """Seconds to wait where as much cannot be spent once more; 0 where it can.

        Waited for is enough for a whole part of a delivery: with less it would ask the same
        questions again and again, and never come to writing.
        """
        if self.requested <= self.available or self.restored <= 0:
            return 0.0
        enough = max(self.requested, min(self.most, A_PART))
        return (enough - self.available) / self.restored


class Admin:
    """One shop, asked over kept connections by as many threads as like to."""

    def __init__(self, options: ShopifyOptions) -> None:
        self.server = urlsplit(options.url).netloc
        self.url = options.url
        self._client = Client(options, options.authorization(), packed=True)

    def post(self, text: str, variables: Json) -> tuple[Answer, Json]:
        """One document; the answer and its JSON."""
        body = msgspec.json.encode({"query": text, "variables": variables})
        url = f"{self.url}/admin/api/{VERSION}/graphql.json"
        answer = self._client.ask(
            Request("POST", url, [("content-type", "application/json")], body)
        )
        if answer.status in CLOSED:
            raise Misconfigured(
                "SA-5443",
                f"{self.server} {CLOSED[answer.status]}",
                hint="have the shop's owner settle it with Shopify, then resume",
                untouched=True,
            )
        if answer.status in TOO_FAST:
            raise Unavailable(
                "SA-5211",
                f"{self.server} {TOO_FAST[answer.status]} ({answer.status})",
                hint=SLOWER,
                retry_after=retry_after(answer.headers),
                untouched=True,
            )
        answer.require_success()
        value = parsed(answer).value
        if not isinstance(value, dict):
            raise Unavailable("SA-5207", f"{self.server} answered no object: {value!r:.100}")
        return answer, value

    def fetch(self, request: Request) -> Answer:
        """A file that Shopify keeps elsewhere, sent or got without our token."""
        answer = self._client.exchange(request)
        answer.require_success()
        return answer

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class Session:
    """The requests of one delivery. The engine has passed the gate for the first one."""

    def __init__(self, admin: Admin, gate: Gate) -> None:
        self.admin = admin
        self._gate = gate
        self._asked = False
        self._short = 0.0
        self.started_bulk = False
        """Whether a bulk operation is at work for messages of this delivery."""
        self.version = ""
        """The version in whose name the last answer came."""
        self.answered_at: datetime | None = None
        """When it came, by Shopify's clock."""

    def one(self, call: Call) -> Outcome:
        """One call, one request."""
        return self.together([call])[0]

    def each(self, calls: Sequence[Call], most: int = CALLS_A_REQUEST) -> Iterator[Outcome]:
        """All calls, as many in a request as it bears; outcomes as they come, in order."""
        for start in range(0, len(calls), most):
            yield from self.together(calls[start : start + most])

    def together(self, calls: Sequence[Call]) -> list[Outcome]:
        """These calls in one request; they are run in this order."""
        text, variables = document(calls)
        value = self._ask(text, variables, writes=calls[0].operation.writes)
        data, errors = value.get("data") or {}, value.get("errors") or []
        for error in errors:
            if _code(error) in PASSING:
                # Some calls were run and some were not, and nobody knows of this one.
                raise Unavailable("SA-5212", f"{self.admin.server}: {error.get('message')}")
            if _code(error) in NOBODYS_FAULT or not calls[0].operation.writes:
                self._fail([error], Cost())
        return [_outcome(call, f"c{n}", data, errors) for n, call in enumerate(calls)]

    def document(self, text: str, variables: Json) -> Json:
        """The data of a question that is written out."""
        value = self._ask(text, variables, writes=False)
        if value.get("errors"):
            self._fail(value["errors"], Cost())
        return value["data"]

    def fetch(self, request: Request) -> Answer:
        """A file, sent or got; neither changes anything in the shop."""
        self._pass()
        try:
            return self.admin.fetch(request)
        except SyncError as error:
            error.untouched = not self.started_bulk
            raise

    def _pass(self) -> None:
        """The gate; no further request where the last one left too few points for another.

        What is unfinished then is no doubt: all that was asked was answered, and every step can be
        taken twice.
        """
        if self._short:
            raise Unavailable(
                "SA-5441",
                f"{self.admin.server}: the allowance is used up for {self._short:.0f} s",
                hint=SLOWER,
                retry_after=self._short,
                untouched=True,
            )
        if self._asked:
            self._gate.request()
        self._asked = True

    def _ask(self, text: str, variables: Json, *, writes: bool) -> Json:
        self._pass()
        try:
            answer, value = self.admin.post(text, variables)
        except SyncError as error:
            # Commands that were answered before are no doubt: every step can be taken twice.
            surely_not = not writes or error.untouched or error.code in NOT_SENT
            error.untouched = surely_not and not self.started_bulk
            raise
        self.version = answer.headers.get("x-shopify-api-version", "")
        self.answered_at = http_date(answer.headers.get("date", ""))
        cost = _cost(value)
        data, errors = value.get("data"), value.get("errors")
        if errors and (data is None or not isinstance(errors, list)):
            self._fail(errors, cost)
        self._short = cost.wait()
        if self._short:
            self._gate.pause(self._short)
        return value

    def _fail(self, errors: Json, cost: Cost) -> NoReturn:
        """Nothing of the document was run."""
        first = errors[0] if isinstance(errors, list) else {"message": str(errors)}
        code = _code(first)
        words = f"{self.admin.server}: {first.get('message')}"
        untouched = not self.started_bulk
        if code == "THROTTLED":
            raise Unavailable(
                "SA-5441",
                words,
                hint=SLOWER,
                retry_after=max(1.0, cost.wait()),
                untouched=untouched,
            )
        if code == "ACCESS_DENIED":
            raise Misconfigured(
                "SA-5442",
                words,
                hint="grant the app the scope that is named, and install it anew",
                untouched=untouched,
            )
        if code == "SHOP_INACTIVE":
            raise Misconfigured(
                "SA-5443", words, hint="the shop has to be opened again", untouched=untouched
            )
        if code in PASSING:
            raise Unavailable("SA-5212", words)
        raise Misconfigured(
            "SA-5444",
            words,
            hint=f"the adapter speaks version {VERSION} of the Admin API; is the shop's another?",
            untouched=untouched,
        )


def _cost(value: Json) -> Cost:
    cost = (value.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    return Cost(
        float(cost.get("requestedQueryCost") or 0),
        float(status.get("currentlyAvailable") or 0),
        float(status.get("maximumAvailable") or 0),
        float(status.get("restoreRate") or 0),
    )


def _code(error: Json) -> str:
    return str((error.get("extensions") or {}).get("code", ""))


def _outcome(call: Call, name: str, data: Json, errors: Sequence[Json]) -> Outcome:
    value = data.get(name)
    mine = [each for each in errors if (each.get("path") or [""])[0] == name]
    if mine:
        told = [UserError(str(each.get("message")), code=_code(each) or None) for each in mine]
        return Outcome(call, value, told)
    if not call.operation.writes:
        return Outcome(call, value)
    if value is None:
        return Outcome(call, None, [UserError("Shopify gave no answer to this call")])
    return Outcome(call, value, msgspec.convert(value["userErrors"], list[UserError]))
