"""First loads: thousands of new products by one bulk operation, and what became of them.

A bulk operation runs for minutes or hours, a delivery for some minutes. Where the delivery ends
first, its messages are doubtful; they are asked for before they are sent again, and as long as an
operation of ours runs the answer is "not now". Its result file then says what was created.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

import msgspec

from agent.errors import Unavailable
from agent.model import Json, Message, Receipt
from connectors._http import Request
from connectors.shopify.admin import Outcome, Session, UserError
from connectors.shopify.documents import (
    BULK,
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
POLL = 5.0
"""Seconds between two looks at a running operation."""
REMEMBERED = 20
"""So many operations back a result is looked for; Shopify keeps the files for a week."""
BUSY = {"LIMIT_REACHED", "OPERATION_IN_PROGRESS"}
AT_WORK = {"CREATED", "RUNNING", "CANCELING"}


def load_in_bulk(
    session: Session, families: Sequence[Family], before: Sequence[Call] = ()
) -> Iterator[tuple[Family, Outcome]]:
    """Each family and what became of it. `before` travels with the first request."""
    for part, lines in _files(families):
        path = _upload(session, lines, before)
        before = ()
        operation = _finished(session, _started(session, path))
        known = set()
        for line in _results(session, operation):
            family = part[line["__lineNumber"]]
            known.add(line["__lineNumber"])
            yield family, _outcome(family, line)
        if len(known) < len(part):
            raise Unavailable(
                "SA-5450",
                f"the bulk operation ended as {operation['status']} "
                f"({operation['errorCode'] or 'no reason given'}) after {len(known)} of "
                f"{len(part)} products",
                hint="the others are asked for and sent again",
            )


def loaded_earlier(session: Session, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Receipts for what earlier bulk operations created in this version.

    Raises `Unavailable` while one of them is still at work: nobody knows then.
    """
    waiting = {message.key: message for message in messages}
    for operation in _ours(session):
        if not waiting:
            return
        for line in _results(session, operation):
            product = _payload(line).get("product")
            for message in _members(product, waiting):
                for receipt in receipts_from([message], product):
                    del waiting[message.key]
                    yield receipt


def require_idle(session: Session) -> None:
    """Raises `Unavailable` while a bulk operation of ours is at work."""
    _ours(session)


def _ours(session: Session) -> list[Json]:
    call = BULKS(first=REMEMBERED, query="operation_type:mutation", reverse=True)
    ours = [
        each
        for each in session.one(call).value["nodes"]
        if each["query"].startswith(BULK_PRODUCTS.partition("(")[0])
    ]
    for each in ours:
        if each["status"] in AT_WORK:
            raise Unavailable(
                "SA-5449",
                f"a bulk operation is at work, {each['objectCount']} products done",
                hint="wait until it has ended; what it created is then known",
                retry_after=60.0,
                untouched=False,
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


def _files(families: Sequence[Family]) -> Iterator[tuple[list[Family], bytes]]:
    """Families and their lines, cut where a file would grow too large."""
    part: list[Family] = []
    lines: list[bytes] = []
    size = 0
    for family in families:
        line = msgspec.json.encode({"input": family.input})
        if part and size + len(line) > LARGEST_FILE:
            yield part, b"\n".join(lines)
            part, lines, size = [], [], 0
        part.append(family)
        lines.append(line)
        size += len(line) + 1
    if part:
        yield part, b"\n".join(lines)


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
    content_type, body = _form(fields, lines)
    session.fetch(Request("POST", target["url"], [("content-type", content_type)], body))
    return str(fields["key"])


def _form(fields: Mapping[str, str], lines: bytes) -> tuple[str, bytes]:
    """The fields and then the file, as `multipart/form-data` (RFC 7578)."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f"--{boundary}\r\ncontent-disposition: form-data; "
        'name="file"; filename="products.jsonl"\r\ncontent-type: text/jsonl\r\n\r\n'
    )
    body = ("".join(parts) + head).encode() + lines + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _started(session: Session, path: str) -> str:
    outcome = session.one(BULK_RUN(mutation=BULK_PRODUCTS, stagedUploadPath=path))
    if outcome.fine:
        return str(outcome.value["bulkOperation"]["id"])
    busy = bool(outcome.codes() & BUSY)
    raise Unavailable(
        "SA-5449" if busy else "SA-5450",
        f"the bulk operation does not begin: {outcome.why()}",
        retry_after=60.0,
        untouched=True,
    )


def _finished(session: Session, identifier: str) -> Json:
    """The operation after its end; the gate ends this where the delivery has no more time."""
    while True:
        operation = session.one(BULK(id=identifier)).value
        if operation["status"] not in AT_WORK:
            return operation
        session.wait(POLL)


def _results(session: Session, operation: Json) -> Iterator[Json]:
    """The lines of the result, as far as it got."""
    url = operation["url"] or operation["partialDataUrl"]
    if url:
        answer = session.fetch(Request("GET", url))
        for line in answer.body.splitlines():
            yield msgspec.json.decode(line)


def _payload(line: Json) -> Json:
    return (line.get("data") or {}).get("productSet") or {}


def _outcome(family: Family, line: Json) -> Outcome:
    payload = _payload(line)
    if not payload:
        told = [UserError(str(each.get("message"))) for each in line.get("errors") or [{}]]
        return Outcome(family.call(), None, told)
    return Outcome(family.call(), payload, msgspec.convert(payload["userErrors"], list[UserError]))
