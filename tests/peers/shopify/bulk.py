"""Bulk operations of the stand-in: files are uploaded, run line by line, and their results kept."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.peers.shopify.shop import Record, Refusal, Shop, View

Run = Callable[[str, Record], Record]
AT_ONCE = 5
LARGEST_FILE = 100_000_000
"""Bytes."""


class Bulk:
    """What was uploaded, and the operations over it.

    An operation ends at the look after `looks` others; until then `objectCount` grows, and what it
    has done can be seen in the shop.
    """

    def __init__(self, shop: Shop, run: Run) -> None:
        self.shop, self._run = shop, run
        self.url = ""
        self.looks = 0
        self.ends_as = "COMPLETED"
        self.breaks_after: int | None = None
        """Lines after which an operation fails."""
        self.refused = 0
        """Operations that would have broken a limit."""
        self.files: dict[str, bytes] = {}
        self.results: dict[str, bytes] = {}

    def uploads(self, input: list[Record]) -> View:  # noqa: A002
        (wanted,) = input
        assert wanted["resource"] == "BULK_MUTATION_VARIABLES"
        key = f"tmp/{next(self.shop.numbers)}/bulk/{wanted['filename']}"
        parameters = [{"name": "key", "value": key}, {"name": "policy", "value": "signed"}]
        target = {
            "url": f"{self.url}/upload",
            "resourceUrl": None,
            "parameters": parameters,
        }
        return {"stagedTargets": [target]}

    def start(self, mutation: str, stagedUploadPath: str, **_: object) -> View:  # noqa: N803
        if stagedUploadPath not in self.files:
            raise Refusal("stagedUploadPath", "The JSONL file could not be found", "NO_SUCH_FILE")
        if len(self.files[stagedUploadPath]) > LARGEST_FILE:
            self.refused += 1
            raise Refusal("stagedUploadPath", "The JSONL file is too large", "INVALID_MUTATION")
        working = [each for each in self.shop.all("BulkOperation") if each["status"] == "RUNNING"]
        if len(working) >= AT_ONCE:
            self.refused += 1
            raise Refusal("", "Too many bulk operations are running", "OPERATION_IN_PROGRESS")
        record = self.shop.add(
            "BulkOperation",
            status="RUNNING",
            errorCode=None,
            objectCount="0",
            url=None,
            partialDataUrl=None,
            query=mutation,
            path=stagedUploadPath,
            looks=self.looks,
        )
        return {"bulkOperation": {**record, "status": "CREATED"}}

    def one(self, id: str) -> View | None:  # noqa: A002
        record = self.shop.records.get(id)
        if record is not None:
            self._look(record)
        return record

    def latest(self, first: int, query: str, reverse: bool, **_: object) -> View:
        assert query == "operation_type:mutation"
        assert reverse
        found = self.shop.all("BulkOperation")[::-1][:first]
        for each in found:
            self._look(each)
        return {"nodes": found}

    def finish(self) -> None:
        """Let time go by until all have ended."""
        for each in self.shop.all("BulkOperation"):
            each["looks"] = 0
            self._look(each)

    def _look(self, record: Record) -> None:
        if record["status"] != "RUNNING":
            return
        if record["looks"] > 0:
            record["looks"] -= 1
            return
        lines = self.files[record["path"]].splitlines()
        done = lines if self.breaks_after is None else lines[: self.breaks_after]
        results = []
        for number, line in enumerate(done):
            result = self._run(record["query"], json.loads(line))
            results.append(json.dumps({**result, "__lineNumber": number}))
        # Lines of a result come in no particular order.
        body = "\n".join(results[::-1]).encode()
        self.results[record["id"].rpartition("/")[2]] = body
        url = f"{self.url}/results/{record['id'].rpartition('/')[2]}"
        whole = len(done) == len(lines) and self.ends_as == "COMPLETED"
        record["status"] = "COMPLETED" if whole else "FAILED"
        record["errorCode"] = None if whole else "TIMEOUT"
        record["objectCount"] = str(len(done))
        record["url" if whole else "partialDataUrl"] = url
        self.shop.done.append(("bulk", len(done)))


def file_in_form(content_type: str, body: bytes) -> tuple[str, bytes]:
    """Key and content of a form with a file as its last part (RFC 7578)."""
    boundary = content_type.partition("boundary=")[2].encode()
    key, content = "", b""
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        if b'name="key"' in head:
            key = value.removesuffix(b"\r\n").decode()
        if b'name="file"' in head:
            content = value.removesuffix(b"\r\n")
    return key, content
