"""Speaks to a shop as the agent does, and remembers what was said last."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec

from agent.conformance.shapes import Capabilities, Stored, StoredItems, Verdict, Verdicts
from agent.errors import Unavailable

T = TypeVar("T")
Item = dict[str, Any]
EXCERPT = 600
FEATURE_TEXT = "the shop does not name the feature `{}`"


class Failed(Exception):
    """What must hold does not; the text says how."""


class NotOffered(Exception):
    """It cannot be tried here; the text says why."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are at the shop."""

    token: str = ""
    signing_secret: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the question that led to it, in excerpts for people."""

    method: str
    path: str
    sent: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def answered(self) -> str:
        """The answer's status and the beginning of its body."""
        return f"{self.status} {_excerpt(self.body)}".strip()

    def of(self, shape: type[T]) -> T:
        """A success of this shape; else the check fails."""
        if self.status != 200:
            raise Failed(f"it answered {self.status}, 200 expected")
        if self.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Failed("the answer is not application/json")
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Failed(f"the answer has another shape: {error}") from None

    def require(self, *statuses: int) -> None:
        """One of these statuses; else the check fails."""
        if self.status not in statuses:
            expected = " or ".join(map(str, statuses))
            raise Failed(f"it answered {self.status}, {expected} expected")


@dataclass
class Visitor:
    """Uses keys and ids of its own, which no agent has, and takes them away at the end."""

    client: httpx.Client
    url: str
    login: Login = Login()
    prefix: str = field(default_factory=lambda: f"conformance-{secrets.token_hex(4)}")
    last: Reply | None = None
    _reached: bool = False
    _version: int = field(default_factory=lambda: time.time_ns() // 1_000)
    _used: dict[str, str] = field(default_factory=dict)

    # What the shop is

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the shop says that it can do."""
        return self.get("/v1/").of(Capabilities)

    def require_feature(self, name: str) -> None:
        """Go on only where the shop names it."""
        if name not in self.capabilities.features:
            raise NotOffered(FEATURE_TEXT.format(name))

    @property
    def entity(self) -> str:
        """An entity whose records have a `name` and a code: what the checks write."""
        for entity in _CODES:
            if entity in self.capabilities.entities:
                return entity
        raise NotOffered(f"the shop takes none of {', '.join(_CODES)}")

    # Items

    def key(self, name: str) -> str:
        """A key that is nobody's."""
        return f"{self.prefix}/{name}"

    def item(self, name: str, text: str = "Vite", **changes: Any) -> Item:
        """An upsert with the next version; `text` is the name of the record."""
        self._version += 1
        item: Item = {
            "id": f"{self.prefix}-{self._version}",
            "version": self._version,
            "op": "upsert",
            "entity": self.entity,
            "key": self.key(name),
            "data": self.data(name, text),
            **changes,
        }
        if item["op"] == "delete":
            del item["data"]
        self._used[item["key"]] = item["entity"]
        return item

    def data(self, name: str, text: str = "Vite") -> dict[str, Any]:
        """A record with what its entity demands."""
        return {_CODES[self.entity]: self.key(name), "name": text}

    def batch(self, *items: Item) -> list[Verdict]:
        """Send items; their verdicts in the order of the items, each exactly one."""
        found = self.post("/v1/batches", {"items": list(items)}).of(Verdicts).items
        wanted = {item["id"] for item in items}
        ids = [verdict.id for verdict in found]
        if len(ids) != len(set(ids)) or set(ids) != wanted:
            raise Failed(f"{len(wanted)} items got the verdicts of {len(ids)}: one each, by id")
        verdicts = {verdict.id: verdict for verdict in found}
        for verdict in found:
            if verdict.status == "rejected" and not (verdict.code and verdict.reason):
                raise Failed("a rejected item says neither code nor reason")
        return [verdicts[item["id"]] for item in items]

    def accept(self, *items: Item) -> None:
        """Send items that must be taken over."""
        for item, verdict in zip(items, self.batch(*items), strict=True):
            if verdict.status != "accepted":
                raise Failed(f"{item['op']} of a good record is {verdict.status} {verdict.reason}")

    def held(self, name: str) -> Stored | None:
        """What the shop holds under a key; None for nothing."""
        self.require_feature("read")
        asked = {"entity": self.entity, "keys": [self.key(name)]}
        found = self.post("/v1/records/read", asked).of(StoredItems).items
        if any(stored.key != self.key(name) for stored in found):
            raise Failed("it answers with a record that was not asked for")
        return found[0] if found else None

    def require_name(self, name: str, text: str | None) -> None:
        """The record of a key has this name; None: there is none."""
        stored = self.held(name)
        found = stored.data.get("name") if stored else None
        if found != text:
            raise Failed(f"the record is {found or 'not there'!r}, {text or 'nothing'!r} expected")

    def clean_up(self) -> None:
        """Delete what was written."""
        keys = list(self._used.items())
        size = self.capabilities.max_batch_items
        for start in range(0, len(keys), size):
            items = []
            for key, entity in keys[start : start + size]:
                self._version += 1
                number = self._version
                head = {"id": f"{self.prefix}-{number}", "version": number, "op": "delete"}
                items.append({**head, "entity": entity, "key": key})
            self.post("/v1/batches", {"items": items})

    # Requests

    def get(
        self, path: str, query: Mapping[str, object] | None = None, *, known: bool = True
    ) -> Reply:
        """Ask; `known` shows who we are."""
        given = f"?{urlencode(query)}" if query else ""
        return self.send("GET", path + given, b"", known=known)

    def post(self, path: str, value: object, *, known: bool = True) -> Reply:
        """Tell."""
        return self.send("POST", path, msgspec.json.encode(value), known=known)

    def send(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        known: bool = True,
        signed: bytes | None = None,
        sent_at: float | None = None,
    ) -> Reply:
        """Send a request as the protocol says, but for what is asked to be otherwise.

        `signed`: what the signature covers in place of the body; `sent_at`: its time.
        """
        given = {"accept": "application/json", **(headers or {})}
        if method == "POST":
            given.setdefault("content-type", "application/json")
        if known and self.login.token:
            given["authorization"] = f"Bearer {self.login.token}"
        if known and self.login.signing_secret and method != "GET":
            over = body if signed is None else signed
            given |= signature(self.login.signing_secret, over, time.time(), sent_at)
        try:
            answer = self.client.request(method, self.url + path, content=body, headers=given)
        except httpx.TransportError as error:
            if self._reached:
                raise Failed(f"no answer to {method} {path}: {error}") from error
            host = urlsplit(self.url).netloc
            raise Unavailable("SA-5511", f"{host} gives no answer: {error}") from error
        self._reached = True
        self.last = Reply(
            method, path, _excerpt(body), answer.status_code, answer.headers, answer.content
        )
        return self.last


_CODES = {"product": "sku", "category": "code", "customer": "code"}
"""Entity → its code field; `name` is the other one that it demands."""


def signature(secret: str, signed: bytes, now: float, sent_at: float | None) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    moment = str(int(now if sent_at is None else sent_at))
    message = f"msg-{secrets.token_hex(8)}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    covered = b"%b.%b.%b" % (message.encode(), moment.encode(), signed)
    made = base64.b64encode(hmac.digest(key, covered, hashlib.sha256)).decode()
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{made}",
    }


def _excerpt(body: bytes) -> str:
    text = body[: EXCERPT + 1].decode("utf-8", "replace")
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def is_one_of(found: str, allowed: Sequence[str], what: str) -> None:
    """The check fails unless it is one of these."""
    if found not in allowed:
        raise Failed(f"{what} is {found!r}, {' or '.join(allowed)} expected")
