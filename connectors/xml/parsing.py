"""From the bytes of an XML document to its records, one after the other.

Only one record is held at a time. Nothing outside the document is ever fetched, and a DOCTYPE that
declares anything is refused: with it every entity that could grow or reach for a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NoReturn
from xml.parsers import expat

from agent.errors import Rejected
from connectors.xml.doctype import without_external_dtd
from connectors.xml.names import SEPARATOR, shown

DEEPEST = 100
"""Elements inside each other, from the outermost one."""
OVERHEAD = 64
"""What an element without text counts against the limit of a record."""


class Element:
    """An element of a record."""

    __slots__ = ("attributes", "children", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.texts: list[str] = []


class Records:
    """Finds the elements at a path. Iterating gives (line, record); raises `Rejected`."""

    def __init__(self, path: Sequence[str], encoding: str | None, limit: int) -> None:
        self._path, self._encoding, self._limit = path, encoding, limit
        self._open: list[Element] = []
        self._depth = self._matched = self._size = self._line = 0
        self._deepest_match = 0
        self._outermost = ""
        self._ready: list[tuple[int, Element]] = []
        self._parser = parser = expat.ParserCreate(encoding, SEPARATOR)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, Element]]:
        """The records of a document, each with the line in which it begins."""
        rest, fed = iter(pieces), 0
        beginning = without_external_dtd(next(rest, b""), self._encoding)
        for piece in chain((beginning,), rest):
            self._parse(piece)
            fed += len(piece)
            if fed - self._parser.CurrentByteIndex > self._limit + len(piece):
                raise self._too_large()  # a single tag, which the parser holds back
            yield from self._ready
            self._ready.clear()
        self._parse(b"", final=True)
        yield from self._ready
        if self._deepest_match < len(self._path) - 1:
            raise self._nowhere()

    def _parse(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise Rejected(
                "SA-2029",
                f"line {error.lineno}, column {error.offset + 1}: "
                f"{expat.errors.messages[error.code]}",
                hint="correct the export",
            ) from None
        except (LookupError, ValueError) as error:
            raise Rejected(
                "SA-2009",
                f"the encoding that the document declares cannot be read: {error}",
                hint="declare the encoding that the export really uses",
            ) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == DEEPEST:
            raise Rejected("SA-2029", f"{self._here()}: more than {DEEPEST} elements deep")
        if self._open:
            element = Element(name, attributes)
            self._open[-1].children.append(element)
            self._open.append(element)
            self._count(OVERHEAD + sum(map(len, attributes.values())))
        elif self._matched == self._depth and self._path[self._depth] == name:
            self._matched += 1
            self._deepest_match = max(self._deepest_match, self._matched)
            if self._matched == len(self._path):
                self._line, self._size = self._parser.CurrentLineNumber, 0
                self._open.append(Element(name, attributes))
        self._outermost = self._outermost or name
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._matched = min(self._matched, self._depth)
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._ready.append((self._line, element))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)
            self._count(len(text))

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise self._too_large()

    def _doctype(self, _name: str, _system: str | None, _public: str | None, _: int) -> NoReturn:
        raise Rejected(
            "SA-2030",
            f"{self._here()}: the DOCTYPE declares something",
            hint="have the export write characters instead of entities, and no declarations",
        )

    def _here(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _too_large(self) -> Rejected:
        return Rejected(
            "SA-2028",
            f"{self._here()}: the record has more than {self._limit} bytes",
            hint="compare records with the file, or raise max_record",
        )

    def _nowhere(self) -> Rejected:
        found = self._path[: self._deepest_match]
        why = f"there is no {shown(self._path[len(found)])}"
        if not found:
            why = f"the document's outermost element is {shown(self._outermost)}"
        return Rejected(
            "SA-2025",
            f"no records at /{'/'.join(map(shown, self._path))}: {why}",
            hint="compare records and namespaces with the file in the quarantine",
        )
