"""Reads JSON files of a drop folder: a document in one piece, lines one by one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import msgspec

from agent.errors import Rejected
from connectors._drop import DropConnection, DropSource, Table
from connectors._drop.nested import checked
from connectors._drop.records import parsed_stretches
from connectors._drop.text import chunks, lines
from connectors.json.options import JsonOptions
from connectors.json.paths import not_json, row_parser, steps_of


class JsonSource(DropSource[JsonOptions]):
    """JSON files of a drop folder. A record whose bytes are known is never parsed."""

    def __init__(self, connection: DropConnection, options: JsonOptions) -> None:
        super().__init__(connection, options)
        self._parse = row_parser(options)

    def table(self, file: BinaryIO) -> Table:
        """The declared columns, and the records in their order."""
        if self.options.layout == "lines":
            records = lines(file, self.options.encoding, self.options.max_line)
            where = partial(str.format, "line {}")
        else:
            records = self._records(file)
            where = partial(str.format, "record {}")
        known = checked(records, self._parse, self.options)
        return Table(self.options.names, parsed_stretches(known, self._parse, where, self._seed))

    def _records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """The records of a document, each as the bytes that stand there."""
        path = self.options.records
        try:
            found = _at(self._document(file), path)
            if found.startswith(b"{"):
                msgspec.json.decode(found, type=dict[str, msgspec.Raw])  # to its very end
                return iter([(1, found)])
            if not found.startswith(b"["):
                raise _leads_nowhere(path, "neither a list nor an object stands there")
            records = msgspec.json.decode(found, type=list[msgspec.Raw])
        except (ValueError, RecursionError) as error:
            raise not_json(error) from None
        return ((number, bytes(record)) for number, record in enumerate(records, 1))

    def _document(self, file: BinaryIO) -> bytes:
        limit, size, pieces = self.options.max_document, 0, []
        for piece in chunks(file, self.options.encoding):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise Rejected(
                    "SA-2028",
                    f"the document has more than {limit} bytes",
                    hint="have it written as JSON lines, or raise max_document",
                )
        return b"".join(pieces)


def _at(document: bytes, path: str) -> bytes:
    """The bytes at a path of a document."""
    for step in steps_of(path):
        try:
            members = msgspec.json.decode(document, type=dict[str, msgspec.Raw])
        except msgspec.ValidationError:
            raise _leads_nowhere(path, f"{step!r} is sought where no object stands") from None
        if step not in members:
            raise _leads_nowhere(path, f"there is no {step!r}")
        document = bytes(members[step])
    return document.strip()


def _leads_nowhere(path: str, why: str) -> Rejected:
    return Rejected(
        "SA-2025",
        f"no records at {path or 'the top of the document'}: {why}",
        hint="compare records with the file in the quarantine",
    )
