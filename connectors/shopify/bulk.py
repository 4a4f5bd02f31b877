"""First loads: thousands of new products by one bulk operation, and what became of them.

A bulk operation runs for minutes or hours, a delivery must not. It starts the operation and says
"not now"; its messages are doubtful, and are asked for before they are sent again. As long as an
operation of ours runs the answer is "not now" again; its result file then tells what was created.
What it did not create is sent once more one by one, and told why it is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NoReturn

import msgspec

from agent.errors import Unavailable
from agent.model import Json, Message, Receipt
from connectors._http import Request
from connectors._http.multipart import form
from connectors.shopify.admin import Session
from connectors.shopify.documents import (
    BULK_PRODUCTS,
    BULK_RUN,
    BULKS,
    UPLOAD_CREATE,
    Call,
)
from connectors.shopify.families import Family, receipts_from
from connectors.shopify.marks import key_of, state_of

LARGEST_FILE = 95_000_000
"""Bytes; Shopify takes 100 MB."""
FIRST_LOOK, NEXT_LOOK = 10.0, 30.0
"""Seconds until somebody looks at what became of an operation."""
TRANSFER = 300.0
"""Seconds that a file may take."""
REMEMBERED = 10
"""So many operations back a result is looked for; Shopify keeps the files for a week."""
AT_ONCE = 5
"""Operations that Shopify runs side by side for one app."""
BUSY = {"LIMIT_REACHED", "OPERATION_IN_PROGRESS"}
AT_WORK = {"CREATED", "RUNNING", "CANCELING"}


class Loads:
    """Which keys the operations of this process hold. Without it the same is known by asking."""

    def __init__(self) -> None:
        self._keys: dict[str, frozenset[str]] = {}
        self._at_work: set[str] = set()

    def began(self, operation: str, keys: Iterable[str]) -> None:
        """An operation is at work."""
        self._keys[operation] = frozenset(keys)
        self._at_work.add(operation)
        for oldest in list(self._keys)[:-REMEMBERED]:
            del self._keys[oldest]

    def seen_at_work(self, operations: Iterable[str]) -> None:
        """These are at work, and no others."""
        self._at_work = set(operations)

    def may_hold(self, operation: str, keys: Collection[str]) -> bool:
        """Whether an operation may have any of these keys."""
        known = self._keys.get(operation)
        return known is None or not known.isdisjoint(keys)

    @property
    def no_room(self) -> bool:
        """Whether Shopify would surely refuse another one."""
        return len(self._at_work) >= AT_ONCE


def load_in_bulk(
    session: Session, loads: Loads, families: Sequence[Family], before: Sequence[Call]
) -> NoReturn:
    """Start loading. `before` travels with the first request. Raises `Unavailable` in any case."""
    if loads.no_room:
        raise Unavailable(
            "SA-5449",
            f"{AT_ONCE} bulk operations are at work, as many as Shopify runs at once",
            retry_after=NEXT_LOOK,
            untouched=True,
        )
    keys = [member.key for family in families for member in family.members]
    for lines in _files(families):
        path = _upload(session, lines, before)
        before = ()
        loads.began(_start(session, path), keys)
    raise Unavailable(
        "SA-5449",
        f"{len(families)} new products are being loaded by a bulk operation",
        retry_after=FIRST_LOOK,
    )


def loaded_earlier(
    session: Session, loads: Loads, messages: Sequence[Message]
) -> Iterator[Receipt]:
    """Receipts for what earlier bulk operations created in this version.

    Raises `Unavailable` while one that may hold them is still at work: nobody knows then.
    """
    waiting = {message.key: message for message in messages}
    for operation in _ended(session, loads, waiting):
        if not waiting:
            return
        if not loads.may_hold(operation["id"], waiting):
            continue
        for line in _results(session, operation):
            product = _payload(line).get("product")
            for message in _members(product, waiting):
                for receipt in receipts_from([message], product):
                    del waiting[message.key]
                    yield receipt


def require_idle(session: Session, loads: Loads, keys: Collection[str]) -> None:
    """Raises `Unavailable` while a bulk operation of ours is at work that may hold these keys."""
    _ended(session, loads, keys)


def _ended(session: Session, loads: Loads, keys: Collection[str]) -> list[Json]:
    """Our operations, the newest first; none that may hold these keys is at work."""
    call = BULKS(first=REMEMBERED, query="operation_type:mutation", reverse=True)
    ours = [
        each
        for each in session.one(call).value["nodes"]
        if each["query"].startswith(BULK_PRODUCTS.partition("(")[0])
    ]
    at_work = [each for each in ours if each["status"] in AT_WORK]
    loads.seen_at_work(each["id"] for each in at_work)
    for each in at_work:
        if loads.may_hold(each["id"], keys):
            raise Unavailable(
                "SA-5449",
                f"a bulk operation is at work, {each['objectCount']} products done",
                hint="wait until it has ended; what it created is then known",
                retry_after=NEXT_LOOK,
            )
    return ours


def _members(product: Json, waiting: Mapping[str, Message]) -> list[Message]:
    """Those of the messages that this product was made of."""
    if not product:
        return []
    marked = [product, *product["variants"]["nodes"]]
    found = {}
    for each in marked:
        message = waiting.get(key_of(each))
        if message and state_of(each).version >= message.version:
            found[message.key] = message
    return list(found.values())


def _files(families: Sequence[Family]) -> Iterator[bytes]:
    """A line a family, in files that are not too large."""
    lines: list[bytes] = []
    size = 0
    for family in families:
        line = msgspec.json.encode({"input": family.input})
        if lines and size + len(line) > LARGEST_FILE:
            yield b"\n".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    yield b"\n".join(lines)


def _upload(session: Session, lines: bytes, before: Sequence[Call]) -> str:
    """Where the file now lies."""
    wanted = {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": "products.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
    }
    outcome = session.together([*before, UPLOAD_CREATE(input=[wanted])])[-1]
    if not outcome.fine:
        raise Unavailable("SA-5450", f"no place for the file: {outcome.why()}")
    (target,) = outcome.value["stagedTargets"]
    fields = {each["name"]: each["value"] for each in target["parameters"]}
    content_type, body = form(fields, "file", "products.jsonl", "text/jsonl", lines)
    head = [("content-type", content_type)]
    session.fetch(Request("POST", target["url"], head, body, seconds=TRANSFER))
    return str(fields["key"])


def _start(session: Session, path: str) -> str:
    """The operation that began."""
    outcome = session.one(BULK_RUN(mutation=BULK_PRODUCTS, stagedUploadPath=path))
    if not outcome.fine:
        busy = bool(outcome.codes() & BUSY)
        raise Unavailable(
            "SA-5449" if busy else "SA-5450",
            f"the bulk operation does not begin: {outcome.why()}",
            retry_after=NEXT_LOOK,
            untouched=not session.started_bulk,
        )
    session.started_bulk = True
    return str(outcome.value["bulkOperation"]["id"])


def _results(session: Session, operation: Json) -> Iterator[Json]:
    """The lines of the result, as far as it got."""
    url = operation["url"] or operation["partialDataUrl"]
    if url:
        answer = session.fetch(Request("GET", url, seconds=TRANSFER))
        for line in answer.body.splitlines():
            yield msgspec.json.decode(line)


def _payload(line: Json) -> Json:
    return (line.get("data") or {}).get("productSet") or {}
